package dev.tyto.core.model;

import dev.tyto.core.cache.LatentCache;
import dev.tyto.core.spec.LayerSpec;
import dev.tyto.core.spec.MlaSpec;
import dev.tyto.core.spec.MoeSpec;
import dev.tyto.core.spec.RouterSpec;
import dev.tyto.core.spec.RouterSpec.Score;
import dev.tyto.core.weights.LayerWeights;
import dev.tyto.core.weights.MlpWeights;
import dev.tyto.core.weights.MoeWeights;
import dev.tyto.kernels.ElementType;
import dev.tyto.kernels.WeightFormat;
import dev.tyto.kernels.WeightMatrix;
import dev.tyto.kernels.WorkerPool;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Layers of experts with random weights, run by the engine and by plain loops. */
final class RandomMoe implements AutoCloseable {
  private final Random random;
  private final Arena arena = Arena.ofShared();
  private final IdentityHashMap<WeightMatrix, float[]> plain = new IdentityHashMap<>();

  RandomMoe(long seed) {
    random = new Random(seed);
  }

  @Override
  public void close() {
    arena.close();
  }

  float[] floats(int length) {
    float[] x = new float[length];
    for (int i = 0; i < length; i++) {
      x[i] = (float) random.nextGaussian();
    }
    return x;
  }

  MoeWeights weights(MoeSpec spec, int width) {
    int experts = spec.router().experts();
    List<MlpWeights> routed = new ArrayList<>();
    for (int e = 0; e < experts; e++) {
      routed.add(mlp(spec.expertIntermediateSize(), width));
    }
    int shared = spec.sharedIntermediateSize();
    return new MoeWeights(
        matrix(experts, width),
        spec.router().selectionBias() ? floats(experts) : null,
        routed,
        shared == 0 ? null : mlp(shared, width),
        spec.sharedGate() ? matrix(1, width) : null);
  }

  private MlpWeights mlp(int inner, int width) {
    return new MlpWeights(matrix(inner, width), matrix(inner, width), matrix(width, inner));
  }

  private WeightMatrix matrix(int outputs, int inputs) {
    float[] values = floats(outputs * inputs);
    for (int i = 0; i < values.length; i++) {
      values[i] /= (float) Math.sqrt(inputs);
    }
    WeightMatrix w = WeightMatrix.allocate(WeightFormat.F32, outputs, inputs, arena);
    MemorySegment rows = arena.allocateFrom(ValueLayout.JAVA_FLOAT, values);
    for (int p = 0; p < w.panels(); p++) {
      w.packPanel(p, rows.asSlice((long) p * WeightMatrix.PANEL * inputs * 4), ElementType.F32);
    }
    plain.put(w, values);
    return w;
  }

  /** The engine's output; row r is token 1000 + r at position 100 + r. */
  float[] run(MoeSpec spec, MoeWeights w, float[] x, int rows, int threads) {
    int width = x.length / rows;
    LayerSpec layer = new LayerSpec(new MlaSpec(1, 0, 4, 4, 4, 4, 1), spec);
    List<LayerWeights> weights = List.of(layerWeights(w));
    RoutingControl routing = new RoutingControl(List.of(layer), weights);
    try (WorkerPool pool = new WorkerPool(threads, "test")) {
      Workers workers = new Workers(pool);
      Batch batch = new Batch();
      for (int r = 0; r < rows; r++) {
        batch.add(1000 + r, 100 + r, noCache(), false, null);
      }
      float[] y = new float[rows * width];
      routing.beginPass();
      new MoeLayer(workers, new LinearRegion(workers), routing, batch, spec, w)
          .forward(batch, 0, spec, w, x, y, width);
      routing.endPass(rows);
      return y;
    }
  }

  // Experts neither attend nor cache.
  @SuppressWarnings("DataFlowIssue")
  private static LatentCache noCache() {
    return null;
  }

  @SuppressWarnings("DataFlowIssue")
  private static LayerWeights layerWeights(MoeWeights w) {
    return new LayerWeights(new float[0], null, new float[0], w);
  }

  /** The same for one row, written as the definition reads. */
  double[] expected(MoeSpec spec, MoeWeights w, float[] x, int row, int width) {
    double[] in = new double[width];
    for (int i = 0; i < width; i++) {
      in[i] = x[row * width + i];
    }
    double[] y = new double[width];
    double[] weight = routingWeights(spec.router(), times(w.router(), in), w.selectionBias());
    for (int e = 0; e < weight.length; e++) {
      if (weight[e] != 0) {
        addTo(y, weight[e], mlp(w.experts().get(e), in));
      }
    }
    if (w.shared() != null) {
      double gate = w.sharedGate() == null ? 1 : sigmoid(times(w.sharedGate(), in)[0]);
      addTo(y, gate, mlp(w.shared(), in));
    }
    return y;
  }

  /** Weight by expert, 0 for those not chosen. */
  private static double[] routingWeights(RouterSpec spec, double[] logits, float[] bias) {
    int n = logits.length;
    double[] score = logits.clone();
    if (spec.score() == Score.SIGMOID) {
      score = IntStream.range(0, n).mapToDouble(i -> sigmoid(logits[i])).toArray();
    } else if (spec.score() == Score.SOFTMAX) {
      double sum = IntStream.range(0, n).mapToDouble(i -> Math.exp(logits[i])).sum();
      score = IntStream.range(0, n).mapToDouble(i -> Math.exp(logits[i]) / sum).toArray();
    }
    double[] choice = score.clone();
    for (int e = 0; e < n && bias != null; e++) {
      choice[e] += bias[e];
    }
    int size = n / spec.groups();
    double[] groupScore =
        IntStream.range(0, spec.groups())
            .mapToDouble(
                g ->
                    IntStream.range(g * size, (g + 1) * size)
                        .mapToDouble(e -> -choice[e])
                        .sorted()
                        .limit(spec.groupScore() == RouterSpec.GroupScore.MAX ? 1 : 2)
                        .map(c -> -c)
                        .sum())
            .toArray();
    List<Integer> groups =
        IntStream.range(0, spec.groups())
            .boxed()
            .sorted((a, b) -> Double.compare(groupScore[b], groupScore[a]))
            .limit(spec.topGroups())
            .toList();
    List<Integer> chosen =
        IntStream.range(0, n)
            .filter(e -> groups.contains(e / size))
            .boxed()
            .sorted((a, b) -> Double.compare(choice[b], choice[a]))
            .limit(spec.topK())
            .toList();
    double[] weight = new double[n];
    double sum = 0;
    for (int e : chosen) {
      weight[e] = spec.score() == Score.SOFTMAX_OF_CHOSEN ? Math.exp(score[e]) : score[e];
      sum += weight[e];
    }
    for (int e : chosen) {
      boolean divide = spec.normalize() || spec.score() == Score.SOFTMAX_OF_CHOSEN;
      weight[e] = (divide ? weight[e] / sum : weight[e]) * spec.scale();
    }
    return weight;
  }

  private double[] mlp(MlpWeights w, double[] x) {
    double[] gate = times(w.gate(), x);
    double[] up = times(w.up(), x);
    for (int i = 0; i < gate.length; i++) {
      gate[i] = gate[i] * sigmoid(gate[i]) * up[i];
    }
    return times(w.down(), gate);
  }

  private double[] times(WeightMatrix w, double[] x) {
    float[] values = plain.get(w);
    double[] y = new double[w.outputs()];
    for (int n = 0; n < y.length; n++) {
      for (int k = 0; k < w.inputs(); k++) {
        y[n] += values[n * w.inputs() + k] * x[k];
      }
    }
    return y;
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  private static void addTo(double[] y, double a, double[] x) {
    for (int i = 0; i < y.length; i++) {
      y[i] += a * x[i];
    }
  }
}
