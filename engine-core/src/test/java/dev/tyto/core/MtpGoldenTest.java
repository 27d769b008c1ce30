package dev.tyto.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tyto.core.cache.LatentCache;
import dev.tyto.core.family.Families;
import dev.tyto.core.model.Batch;
import dev.tyto.core.model.Decoder;
import dev.tyto.core.model.Workers;
import dev.tyto.core.spec.DecoderSpec;
import dev.tyto.core.weights.WeightLoader;
import dev.tyto.kernels.CacheType;
import dev.tyto.kernels.WorkerPool;
import dev.tyto.loader.Checkpoint;
import dev.tyto.loader.ModelFolder;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The MTP module against the fixture written from the technical report. */
class MtpGoldenTest {
  private static final Golden GOLDEN = new Golden("v3-tiny-mtp");
  private static final int LAYER = 3;

  @Test
  void logitsHiddenStatesAndRoutingAreTheReference() throws IOException {
    ModelFolder folder = ModelFolder.open(GOLDEN.folder());
    DecoderSpec spec = Families.spec(folder.config());
    try (Arena arena = Arena.ofShared();
        WorkerPool pool = new WorkerPool(2, "test");
        Checkpoint checkpoint = folder.openCheckpoint()) {
      Decoder decoder =
          new Decoder(
              spec,
              WeightLoader.load(spec, checkpoint, arena, pool, WeightType.ORIGINAL, 0, null)
                  .weights(),
              new Workers(pool));
      for (int p = 0; p < 3; p++) {
        try (LatentCache cache = new LatentCache(spec, CacheType.F32)) {
          check(decoder, cache, p);
        }
      }
    }
  }

  private static void check(Decoder decoder, LatentCache cache, int p) throws IOException {
    int[] prompt = GOLDEN.prompts().get(p);
    int[] next = GOLDEN.ints("p" + p + ".mtp_next_tokens");
    cache.reserve(prompt.length);
    Batch main = new Batch();
    for (int t = 0; t < prompt.length; t++) {
      main.add(prompt[t], t, cache, false, null);
    }
    decoder.forward(main);
    float[] states = decoder.states().clone();
    // In two pieces, as a session would: the module has its own cache.
    int half = prompt.length / 2;
    Recording seen = new Recording();
    draft(decoder, cache, next, states, 0, half, seen);
    draft(decoder, cache, next, states, half, prompt.length, seen);
    compare(seen, p, prompt.length);
  }

  private static void draft(
      Decoder decoder,
      LatentCache cache,
      int[] next,
      float[] states,
      int from,
      int to,
      Recording r) {
    if (from == to) {
      return;
    }
    Batch batch = new Batch();
    for (int t = from; t < to; t++) {
      batch.add(next[t], t, cache, true, r);
    }
    int d = decoder.hiddenSize();
    decoder.draft(batch, Arrays.copyOfRange(states, from * d, to * d));
  }

  private static void compare(Recording seen, int p, int rows) throws IOException {
    float[] logits = GOLDEN.floats("p" + p + ".mtp_logits");
    float[] hidden = GOLDEN.floats("p" + p + ".mtp_hidden");
    int[] ids = GOLDEN.ints("p" + p + ".mtp.topk_ids");
    float[] weights = GOLDEN.floats("p" + p + ".mtp.topk_weights");
    int vocab = logits.length / rows;
    int d = hidden.length / rows;
    int k = ids.length / rows;
    for (int t = 0; t < rows; t++) {
      for (int v = 0; v < vocab; v++) {
        assertEquals(logits[t * vocab + v], seen.logits(t)[v], 5e-4, "mtp logits " + t);
      }
      for (int i = 0; i < d; i++) {
        assertEquals(hidden[t * d + i], seen.hidden(LAYER, t)[i], 5e-4, "mtp hidden " + t);
      }
      Map<Integer, Float> expected = new TreeMap<>();
      for (int j = 0; j < k; j++) {
        expected.put(ids[t * k + j], weights[t * k + j]);
      }
      Map<Integer, Float> got = seen.route(LAYER, t).byExpert();
      assertEquals(expected.keySet(), got.keySet(), "mtp route " + t);
      expected.forEach((e, w) -> assertEquals(w, got.get(e), 1e-4, "mtp weight"));
    }
  }
}
