package dev.tyto.core;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Every fixture of DeepSeek's official code, within the tolerances of its README. */
class GoldenTest {
  private static final float LOGITS = 5e-4f;
  private static final float HIDDEN = 5e-4f;
  private static final float WEIGHTS = 1e-4f;

  static final Iterable<String> FIXTURES = Golden.ALL;

  @ParameterizedTest
  @FieldSource("FIXTURES")
  void logitsHiddenStatesAndRoutingAreTheReference(String name) throws IOException {
    Golden golden = new Golden(name);
    try (Model model = load(golden, LoadOptions.defaults())) {
      for (int p = 0; p < golden.prompts().size(); p++) {
        Recording seen = evaluate(model, golden.prompts().get(p));
        int rows = seen.positions();
        compareLogits(golden, "p" + p + ".logits", seen);
        for (int l = 0; golden.has("p" + p + ".hidden" + l); l++) {
          float[] expected = golden.floats("p" + p + ".hidden" + l);
          int d = expected.length / rows;
          for (int t = 0; t < rows; t++) {
            assertClose(expected, t * d, seen.hidden(l, t), HIDDEN, name + " hidden" + l, t);
          }
          if (golden.has("p" + p + ".layer" + l + ".topk_ids")) {
            compareRoutes(golden, "p" + p + ".layer" + l, l, seen);
          }
        }
      }
    }
  }

  @ParameterizedTest
  @FieldSource("FIXTURES")
  void greedyTokensAreTheReference(String name) throws IOException {
    Golden golden = new Golden(name);
    try (Model model = load(golden, LoadOptions.defaults())) {
      for (int p = 0; p < golden.prompts().size(); p++) {
        int[] expected = golden.ints("p" + p + ".greedy");
        assertArrayEquals(
            expected, greedy(model, golden.prompts().get(p), expected.length), name + " p" + p);
      }
    }
  }

  @ParameterizedTest
  @FieldSource("FIXTURES")
  void prefillInAnyChunkingEqualsTokenByToken(String name) throws IOException {
    Golden golden = new Golden(name);
    int[] prompt = golden.prompts().get(2);
    int[] all;
    try (Model model = load(golden, LoadOptions.defaults())) {
      all = evaluate(model, prompt).logitBits();
      Recording incremental = new Recording();
      try (Session session = model.newSession()) {
        for (int token : prompt) {
          session.evaluate(new int[] {token}, incremental);
        }
      }
      assertArrayEquals(all, incremental.logitBits(), "token by token");
    }
    for (int chunk : new int[] {1, 7, 64}) {
      try (Model model = load(golden, LoadOptions.defaults().withPrefillChunk(chunk))) {
        assertArrayEquals(all, evaluate(model, prompt).logitBits(), "chunk " + chunk);
      }
    }
  }

  @ParameterizedTest
  @FieldSource("FIXTURES")
  void theOfficialIncrementalLogitsAreReached(String name) throws IOException {
    Golden golden = new Golden(name);
    int[] prompt = golden.prompts().get(1);
    try (Model model = load(golden, LoadOptions.defaults());
        Session session = model.newSession()) {
      Recording seen = new Recording();
      session.evaluate(Arrays.copyOf(prompt, 5), seen);
      for (int i = 5; i < prompt.length; i++) {
        session.evaluate(new int[] {prompt[i]}, seen);
      }
      compareLogits(golden, "p1.logits_incremental", seen);
    }
  }

  @ParameterizedTest
  @FieldSource("FIXTURES")
  void threadsDoNotChangeABit(String name) throws IOException {
    Golden golden = new Golden(name);
    int[] prompt = golden.prompts().get(2);
    int[] one;
    try (Model model = load(golden, LoadOptions.defaults().withThreads(1))) {
      one = evaluate(model, prompt).logitBits();
    }
    for (int threads : new int[] {2, 3, 7}) {
      try (Model model = load(golden, LoadOptions.defaults().withThreads(threads))) {
        assertArrayEquals(one, evaluate(model, prompt).logitBits(), threads + " threads");
      }
    }
  }

  static Model load(Golden golden, LoadOptions options) throws IOException {
    return Model.load(golden.folder(), options.withCacheDtype(CacheDtype.F32));
  }

  static Recording evaluate(Model model, int[] tokens) {
    Recording seen = new Recording();
    try (Session session = model.newSession()) {
      session.evaluate(tokens, seen);
    }
    return seen;
  }

  static int[] greedy(Model model, int[] prompt, int count) {
    try (Session session = model.newSession();
        Generation generation = session.generate(prompt, SamplingOptions.GREEDY, count, Set.of())) {
      int[] ids = new int[count];
      for (int i = 0; i < count; i++) {
        ids[i] = generation.next().id();
      }
      assertEquals(FinishReason.MAX_TOKENS, generation.finishReason());
      return ids;
    }
  }

  private static void compareLogits(Golden golden, String tensor, Recording seen)
      throws IOException {
    float[] expected = golden.floats(tensor);
    int vocab = expected.length / seen.positions();
    for (int t = 0; t < seen.positions(); t++) {
      assertClose(expected, t * vocab, seen.logits(t), LOGITS, golden.name() + " " + tensor, t);
    }
  }

  private static void compareRoutes(Golden golden, String prefix, int layer, Recording seen)
      throws IOException {
    int[] ids = golden.ints(prefix + ".topk_ids");
    float[] weights = golden.floats(prefix + ".topk_weights");
    int k = ids.length / seen.positions();
    for (int t = 0; t < seen.positions(); t++) {
      Map<Integer, Float> expected = new TreeMap<>();
      for (int j = 0; j < k; j++) {
        expected.put(ids[t * k + j], weights[t * k + j]);
      }
      Map<Integer, Float> got = seen.route(layer, t).byExpert();
      String where = golden.name() + " " + prefix + " position " + t;
      assertEquals(expected.keySet(), got.keySet(), where);
      expected.forEach((e, w) -> assertEquals(w, got.get(e), WEIGHTS, where));
    }
  }

  private static void assertClose(
      float[] expected, int offset, float[] got, float tolerance, String what, int position) {
    for (int i = 0; i < got.length; i++) {
      float difference = Math.abs(expected[offset + i] - got[i]);
      int at = i;
      assertTrue(
          difference <= tolerance,
          () -> "%s position %d index %d: %g off".formatted(what, position, at, difference));
    }
  }
}
