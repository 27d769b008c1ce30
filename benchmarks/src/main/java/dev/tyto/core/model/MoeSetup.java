package dev.tyto.core.model;

import dev.tyto.core.cache.LatentCache;
import dev.tyto.core.spec.DecoderSpec;
import dev.tyto.core.spec.LayerSpec;
import dev.tyto.core.spec.MlaSpec;
import dev.tyto.core.spec.MoeSpec;
import dev.tyto.core.spec.RopeSpec;
import dev.tyto.core.spec.RouterSpec;
import dev.tyto.core.spec.RouterSpec.GroupScore;
import dev.tyto.core.spec.RouterSpec.Score;
import dev.tyto.core.spec.TensorNames;
import dev.tyto.core.weights.LayerWeights;
import dev.tyto.core.weights.MlaWeights;
import dev.tyto.core.weights.MlpWeights;
import dev.tyto.core.weights.MoeWeights;
import dev.tyto.kernels.CacheType;
import dev.tyto.kernels.ElementType;
import dev.tyto.kernels.WeightFormat;
import dev.tyto.kernels.WeightMatrix;
import dev.tyto.kernels.WorkerPool;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** One layer of experts with random BF16 weights, and batches to run through it. */
final class MoeSetup implements AutoCloseable {
  private static final int WIDTH = 2048;
  private static final int EXPERTS = 64;
  private static final int TOP_K = 6;
  private static final MoeSpec SPEC =
      new MoeSpec(
          new RouterSpec(
              EXPERTS, TOP_K, Score.SIGMOID, true, 1, 1, GroupScore.TOP2_SUM, true, 2.5f),
          1408,
          2816,
          false);

  private final Random random = new Random(1);
  private final Arena arena = Arena.ofShared();
  private final WorkerPool pool;
  private final Workers workers;
  private final MoeWeights weights;
  private final RoutingControl routing;
  private final MoeLayer layer;
  private final LatentCache cache;
  private final Batch one = new Batch();
  private final Batch many = new Batch();
  private final float[] x;
  private final float[] y;

  /**
   * @param rows rows of a prefill
   * @param skewed whether an expert's gate is such that about half of all rows choose it
   */
  MoeSetup(int threads, boolean skewed, int rows) {
    pool = new WorkerPool(threads, "bench");
    workers = new Workers(pool);
    LayerSpec spec = new LayerSpec(new MlaSpec(1, 0, 1, 1, 2, 1, 1), SPEC);
    WeightMatrix tiny = matrix(1, 1);
    MlaWeights attention =
        new MlaWeights(null, new float[1], tiny, tiny, new float[1], List.of(), List.of(), tiny);
    weights = weights(skewed);
    routing =
        new RoutingControl(
            List.of(spec),
            List.of(new LayerWeights(new float[WIDTH], attention, new float[WIDTH], weights)));
    layer = new MoeLayer(workers, new LinearRegion(workers), routing, one, SPEC, weights);
    DecoderSpec decoder =
        new DecoderSpec(
            1,
            WIDTH,
            1e-6f,
            rows,
            new RopeSpec(2, 10000, null),
            List.of(spec),
            null,
            false,
            new TensorNames(Map.of(TensorNames.Role.EMBEDDING, "none")));
    cache = new LatentCache(decoder, CacheType.BF16);
    one.add(0, 0, cache, false, null);
    for (int r = 0; r < rows; r++) {
      many.add(0, r, cache, false, null);
    }
    x = new float[rows * WIDTH];
    y = new float[rows * WIDTH];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) random.nextGaussian();
    }
  }

  private MoeWeights weights(boolean skewed) {
    List<MlpWeights> experts = new ArrayList<>();
    for (int e = 0; e < EXPERTS; e++) {
      experts.add(mlp(SPEC.expertIntermediateSize()));
    }
    float[] bias = new float[EXPERTS];
    // The sixth best of 64 scores is near 0.79: with this bias a score of a half suffices.
    bias[7] = skewed ? 0.29f : 0;
    return new MoeWeights(
        matrix(EXPERTS, WIDTH), bias, experts, mlp(SPEC.sharedIntermediateSize()), null);
  }

  private MlpWeights mlp(int inner) {
    return new MlpWeights(matrix(inner, WIDTH), matrix(inner, WIDTH), matrix(WIDTH, inner));
  }

  private WeightMatrix matrix(int outputs, int inputs) {
    WeightMatrix w = WeightMatrix.allocate(WeightFormat.BF16, outputs, inputs, arena);
    try (Arena temporary = Arena.ofConfined()) {
      long elements = (long) WeightMatrix.PANEL * inputs;
      MemorySegment rows = temporary.allocate(2 * elements, 64);
      float scale = (float) (1 / Math.sqrt(inputs));
      for (int p = 0; p < w.panels(); p++) {
        for (long i = 0; i < elements; i++) {
          // Uniform with variance 1 / inputs: as good as normal here, and much faster to make.
          float value = (random.nextFloat() - 0.5f) * 3.4641f * scale;
          short bits = (short) (Float.floatToRawIntBits(value) >>> 16);
          rows.setAtIndex(ValueLayout.JAVA_SHORT, i, bits);
        }
        w.packPanel(p, rows, ElementType.BF16);
      }
    }
    return w;
  }

  /** Runs one row, or all of a prefill, through the layer as a pass would. */
  float run(int rows) {
    Batch batch = rows == 1 ? one : many;
    routing.beginPass();
    layer.forward(batch, 0, SPEC, weights, x, y, WIDTH);
    routing.endPass(rows);
    return y[0];
  }

  /** Largest load of an expert in the passes so far, over their rows. */
  double largestShare() {
    var counts = routing.statistics().layers().getFirst();
    long largest = 0;
    for (int e = 0; e < EXPERTS; e++) {
      largest = Math.max(largest, counts.count(e));
    }
    return largest / (double) counts.rows();
  }

  long busyNanos() {
    return workers.busyNanos();
  }

  long regionNanos() {
    return workers.regionNanos();
  }

  @Override
  public void close() {
    pool.close();
    cache.close();
    arena.close();
  }
}
