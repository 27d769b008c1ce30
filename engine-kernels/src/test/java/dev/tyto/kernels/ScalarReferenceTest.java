package dev.tyto.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tyto.kernels.Samples.Kind;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The scalar specification against independent double-precision arithmetic on row-major data. */
class ScalarReferenceTest {
  private final Kernels kernels = new ScalarKernels("scalar");
  private final KernelScratch scratch = new KernelScratch();
  private final Random random = new Random(11);

  @ParameterizedTest
  @EnumSource(WeightFormat.class)
  void products(WeightFormat format) {
    int[][] shapes = {{1, 1}, {3, 2}, {64, 5}, {65, 131}, {130, 300}, {200, 129}};
    for (int[] shape : shapes) {
      int n = shape[0];
      int k = shape[1];
      ElementType type = Samples.elementType(format);
      byte[] rows = Samples.rowMajor(random, type, n * k, Kind.ORDINARY);
      float[] scales = new float[Samples.scaleCount(n, k)];
      for (int i = 0; i < scales.length; i++) {
        scales[i] = 0.001f + random.nextFloat() / 50;
      }
      float[] values = new float[n * k];
      kernels.widen(type, MemorySegment.ofArray(rows), 0, values, 0, n * k);
      float[] x = Samples.floats(random, 2 * k, Kind.ORDINARY);
      double[] weights = widened(values);
      double[] inputs = widened(x);
      if (format == WeightFormat.INT8 || format == WeightFormat.INT4) {
        quantize(weights, k, format == WeightFormat.INT8 ? 127 : 7);
        quantize(inputs, k, 127);
      }
      float[] y = new float[2 * n];
      float[] z = new float[2 * n];
      try (Arena arena = Arena.ofConfined()) {
        WeightMatrix w = Samples.matrix(format, n, k, rows, scales, arena);
        kernels.multiply(w, 0, w.panels(), x, 0, k, 2, y, 0, n, scratch);
        kernels.gateUp(w, w, 0, w.panels(), x, 0, k, 2, z, 0, n, scratch);
      }
      for (int r = 0; r < 2; r++) {
        for (int i = 0; i < n; i++) {
          double sum = 0;
          double size = 0;
          for (int j = 0; j < k; j++) {
            double scale =
                format == WeightFormat.FP8_E4M3 ? scales[i / 128 * ((k + 127) / 128) + j / 128] : 1;
            double product = scale * weights[i * k + j] * inputs[r * k + j];
            sum += product;
            size += Math.abs(product);
          }
          String what = format + " " + n + " x " + k + " [" + r + "][" + i + "]";
          assertEquals(sum, y[r * n + i], size * 2e-6 + 1e-30, what);
          double g = y[r * n + i];
          double silu = g / (1 + StrictMath.exp(-g)) * g;
          assertEquals(silu, z[r * n + i], Math.abs(silu) * 1e-6 + 1e-30, "gateUp " + what);
        }
      }
    }
  }

  private static double[] widened(float[] x) {
    double[] y = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      y[i] = x[i];
    }
    return y;
  }

  /** Replaces every group of 32 in rows of k by its quantised values. */
  private static void quantize(double[] x, int k, int limit) {
    for (int row = 0; row < x.length; row += k) {
      for (int g = 0; g < k; g += 32) {
        double max = 0;
        for (int i = g; i < Math.min(g + 32, k); i++) {
          max = Math.max(max, Math.abs(x[row + i]));
        }
        float scale = (float) max / limit;
        for (int i = g; i < Math.min(g + 32, k); i++) {
          x[row + i] = max == 0 ? 0 : Math.rint((float) x[row + i] / scale) * scale;
        }
      }
    }
  }

  @Test
  void norm() {
    for (int n : Samples.SIZES) {
      float[] x = Samples.floats(random, n, Kind.ORDINARY);
      float[] weight = Samples.floats(random, n, Kind.ORDINARY);
      float[] y = new float[n];
      kernels.rmsNorm(x, 0, weight, 1e-6f, n, y, 0);
      double sum = 0;
      for (float v : x) {
        sum += (double) v * v;
      }
      double scale = 1 / Math.sqrt(sum / n + 1e-6f);
      for (int i = 0; i < n; i++) {
        double exact = x[i] * scale * weight[i];
        assertEquals(exact, y[i], Math.abs(exact) * 1e-6, "element " + i + " of " + n);
      }
    }
  }

  @Test
  void softmaxSigmoidAndLogSumExp() {
    for (int n : Samples.SIZES) {
      float[] x = Samples.floats(random, n, Kind.ORDINARY);
      float[] p = x.clone();
      float[] s = x.clone();
      kernels.softmax(p, 0, n);
      kernels.sigmoid(s, 0, n);
      double sum = 0;
      for (float v : x) {
        sum += StrictMath.exp(v);
      }
      for (int i = 0; i < n; i++) {
        double exact = StrictMath.exp(x[i]) / sum;
        assertEquals(exact, p[i], exact * 3e-6, "softmax element " + i + " of " + n);
        assertEquals(1 / (1 + StrictMath.exp(-x[i])), s[i], 2e-7, "sigmoid of " + x[i]);
      }
      double log = n == 0 ? Double.NEGATIVE_INFINITY : StrictMath.log(sum);
      assertEquals(log, kernels.logSumExp(x, 0, n), 1e-6 * (1 + Math.abs(n == 0 ? 0 : log)));
    }
  }

  @Test
  void rope() {
    float[] x = {1f, 2f, 3f, 4f};
    kernels.ropeInterleaved(x, 0, new float[] {0.6f, 0f}, new float[] {0.8f, 1f}, 0, 2);
    assertEquals(1 * 0.6 - 2 * 0.8, x[0], 1e-6);
    assertEquals(2 * 0.6 + 1 * 0.8, x[1], 1e-6);
    assertEquals(-4, x[2], 1e-6);
    assertEquals(3, x[3], 1e-6);
  }

  /** Attention over two spans, merged, against one softmax over all keys. */
  @ParameterizedTest
  @EnumSource(CacheType.class)
  void attention(CacheType type) {
    int heads = 3;
    int latent = 40;
    int rope = 6;
    int width = latent + rope;
    int keys = Kernels.SPAN + 77;
    float[] keyValues = Samples.floats(random, keys * width, Kind.ORDINARY);
    float[] q = Samples.floats(random, heads * width, Kind.ORDINARY);
    float[] acc = new float[heads * latent];
    float[] accStats = new float[2 * heads];
    float[] out = new float[heads * latent];
    float[] stats = new float[2 * heads];
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment cache = arena.allocate((long) keys * width * type.bytes());
      kernels.store(keyValues, 0, keyValues.length, type, cache, 0);
      long second = (long) Kernels.SPAN * width * type.bytes();
      kernels.attendLatentSpan(
          q,
          0,
          heads,
          latent,
          rope,
          0.15f,
          type,
          cache,
          0,
          Kernels.SPAN,
          acc,
          0,
          accStats,
          0,
          scratch);
      kernels.attendLatentSpan(
          q, 0, heads, latent, rope, 0.15f, type, cache, second, 77, out, 0, stats, 0, scratch);
    }
    kernels.mergeSpan(heads, latent, acc, 0, accStats, 0, out, 0, stats, 0);
    kernels.normalizeSpans(heads, latent, acc, 0, accStats, 0);
    if (type == CacheType.BF16) {
      for (int i = 0; i < keyValues.length; i++) {
        keyValues[i] = FloatBits.fromBf16(FloatBits.toBf16(keyValues[i]));
      }
    }
    for (int h = 0; h < heads; h++) {
      double[] p = new double[keys];
      double sum = 0;
      for (int t = 0; t < keys; t++) {
        double dot = 0;
        for (int d = 0; d < width; d++) {
          dot += (double) q[h * width + d] * keyValues[t * width + d];
        }
        p[t] = StrictMath.exp(0.15f * dot);
        sum += p[t];
      }
      for (int d = 0; d < latent; d++) {
        double exact = 0;
        for (int t = 0; t < keys; t++) {
          exact += p[t] / sum * keyValues[t * width + d];
        }
        assertEquals(exact, acc[h * latent + d], 2e-5, "head " + h + ", element " + d);
      }
    }
  }
}
