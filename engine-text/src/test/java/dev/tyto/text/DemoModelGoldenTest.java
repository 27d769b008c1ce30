package dev.tyto.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tyto.core.CacheDtype;
import dev.tyto.core.Generation;
import dev.tyto.core.LoadOptions;
import dev.tyto.core.PassObserver;
import dev.tyto.core.SamplingOptions;
import dev.tyto.core.Session;
import dev.tyto.demo.DemoModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The trained demo model, both variants, against what DeepSeek's official code computes on it
 * (golden.json): greedy texts, perplexity, expert loads.
 */
class DemoModelGoldenTest {
  private static final Path RESOURCES = Path.of("src/test/resources/demo");
  private static final int WINDOW = 256;
  private static final int WINDOWS = 32;

  private static Path folder(String variant) throws IOException {
    return variant.equals("fp8") ? DemoModel.folder() : RESOURCES.resolve("fairytale-v3-bf16");
  }

  private static JsonNode golden(String variant) throws IOException {
    return new JsonMapper()
        .readTree(Files.readString(RESOURCES.resolve("golden-" + variant + ".json")));
  }

  private static TextModel load(String variant, CacheDtype cache) throws IOException {
    return TextModel.load(folder(variant), LoadOptions.defaults().withCacheDtype(cache));
  }

  private static int[] ints(JsonNode array) {
    int[] values = new int[array.size()];
    Arrays.setAll(values, i -> array.get(i).asInt());
    return values;
  }

  @ParameterizedTest
  @ValueSource(strings = {"bf16", "fp8"})
  void greedyTextIsTheReference(String variant) throws IOException {
    try (TextModel text = load(variant, CacheDtype.F32)) {
      for (JsonNode c : golden(variant).get("greedy").get("cases")) {
        String prompt = c.get("prompt").asString();
        int[] ids = text.tokenizer().encode(prompt, true);
        assertArrayEquals(ints(c.get("prompt_ids")), ids, prompt);
        assertArrayEquals(ints(c.get("ids")), greedy(text, ids, 64), prompt);
        assertEquals(
            c.get("text").asString(),
            text.generate(
                prompt,
                text.defaultOptions()
                    .withSampling(SamplingOptions.GREEDY)
                    .withMaxTokens(64)
                    .withIgnoreEos(true)),
            prompt);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"bf16", "fp8"})
  void perplexityAndExpertLoadsAreTheReference(String variant) throws IOException {
    JsonNode golden = golden(variant);
    double expected = golden.get("perplexity").get("ppl").asDouble();
    Counts counts = new Counts();
    try (TextModel text = load(variant, CacheDtype.F32)) {
      assertEquals(expected, perplexity(text, counts), expected * 0.0005, variant);
    }
    for (int layer = 1; layer <= 5; layer++) {
      int[] load = ints(golden.get("routing").get("load").get("" + layer));
      int moved = 0;
      for (int e = 0; e < load.length; e++) {
        moved += Math.abs(load[e] - counts.load[layer][e]);
      }
      // A near tie may fall the other way: two counts each. More than a few are a bug.
      assertEquals(0, moved, 8, variant + " layer " + layer);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"bf16", "fp8"})
  void aBf16CacheCostsLittle(String variant) throws IOException {
    double expected = golden(variant).get("perplexity").get("ppl").asDouble();
    try (TextModel text = load(variant, CacheDtype.BF16)) {
      assertEquals(expected, perplexity(text, new Counts()), expected * 0.003, variant);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"bf16", "fp8"})
  void fourSessionsAtOnceSayWhatEachSaysAlone(String variant) throws Exception {
    try (TextModel text = load(variant, CacheDtype.BF16);
        var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      List<String> prompts =
          List.of("Once upon a time", "The king said", "In the forest", "There was a girl who");
      TextOptions options = text.defaultOptions().withMaxTokens(80);
      List<String> alone = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        alone.add(text.generate(prompts.get(i), seeded(options, i)));
      }
      List<Future<String>> together = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        int n = i;
        together.add(executor.submit(() -> text.generate(prompts.get(n), seeded(options, n))));
      }
      for (int i = 0; i < 4; i++) {
        assertEquals(alone.get(i), together.get(i).get());
      }
    }
  }

  private static TextOptions seeded(TextOptions options, long seed) {
    return options.withSampling(options.sampling().withSeed(seed));
  }

  private static int[] greedy(TextModel text, int[] prompt, int count) {
    try (Session session = text.model().newSession();
        Generation g = session.generate(prompt, SamplingOptions.GREEDY, count, Set.of())) {
      int[] ids = new int[count];
      for (int i = 0; i < count; i++) {
        ids[i] = g.next().id();
      }
      return ids;
    }
  }

  /** The rule of golden.json: 32 independent windows of 256 ids, 255 predictions each. */
  private static double perplexity(TextModel text, Counts counts) throws IOException {
    int[] ids = text.tokenizer().encode(Files.readString(RESOURCES.resolve("valid.txt")), false);
    double sum = 0;
    for (int w = 0; w < WINDOWS; w++) {
      int[] window = Arrays.copyOfRange(ids, w * WINDOW, (w + 1) * WINDOW);
      counts.window = window;
      counts.nll = 0;
      try (Session session = text.model().newSession()) {
        session.evaluate(window, counts);
      }
      sum += counts.nll;
    }
    return Math.exp(sum / (WINDOWS * (WINDOW - 1)));
  }

  private static final class Counts implements PassObserver {
    private final int[][] load = new int[6][16];
    private int[] window = new int[0];
    private double nll;

    @Override
    public void route(int layer, int position, int[] ids, float[] weights, int offset, int k) {
      for (int j = 0; j < k; j++) {
        load[layer][ids[offset + j]]++;
      }
    }

    @Override
    public void logits(int position, float[] data, int offset, int length) {
      if (position + 1 == window.length) {
        return;
      }
      double max = Double.NEGATIVE_INFINITY;
      for (int i = 0; i < length; i++) {
        max = Math.max(max, data[offset + i]);
      }
      double sum = 0;
      for (int i = 0; i < length; i++) {
        sum += Math.exp(data[offset + i] - max);
      }
      nll += max + Math.log(sum) - data[offset + window[position + 1]];
    }
  }
}
