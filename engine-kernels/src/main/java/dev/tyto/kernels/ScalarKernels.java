package dev.tyto.kernels;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * The specification: plain loops in the order that {@link Kernels} states. Where a reduction has
 * "16 virtual lanes and a fixed tree", see {@link VirtualLanes}.
 */
final class ScalarKernels implements Kernels {
  private static final int PANEL = WeightMatrix.PANEL;

  private final String description;

  ScalarKernels(String description) {
    this.description = description;
  }

  @Override
  public String description() {
    return description;
  }

  @Override
  public void multiply(
      WeightMatrix w,
      int firstPanel,
      int panelCount,
      float[] x,
      int xOffset,
      int xStride,
      int rows,
      float[] y,
      int yOffset,
      int yStride,
      KernelScratch scratch) {
    Checks.multiply(w, firstPanel, panelCount, x, xOffset, xStride, rows, y, yOffset, yStride);
    float[] acc = scratch.accumulators(rows);
    for (int p = firstPanel; p < firstPanel + panelCount; p++) {
      ScalarMultiply.panel((PackedMatrix) w, p, x, xOffset, xStride, rows, acc, scratch);
      int outputs = Math.min(PANEL, w.outputs() - p * PANEL);
      for (int r = 0; r < rows; r++) {
        System.arraycopy(acc, r * PANEL, y, yOffset + r * yStride + p * PANEL, outputs);
      }
    }
  }

  @Override
  public void gateUp(
      WeightMatrix gate,
      WeightMatrix up,
      int firstPanel,
      int panelCount,
      float[] x,
      int xOffset,
      int xStride,
      int rows,
      float[] y,
      int yOffset,
      int yStride,
      KernelScratch scratch) {
    Checks.gateUp(gate, up);
    Checks.multiply(gate, firstPanel, panelCount, x, xOffset, xStride, rows, y, yOffset, yStride);
    float[] g = scratch.accumulators(rows);
    float[] u = scratch.upAccumulators(rows);
    for (int p = firstPanel; p < firstPanel + panelCount; p++) {
      ScalarMultiply.panel((PackedMatrix) gate, p, x, xOffset, xStride, rows, g, scratch);
      ScalarMultiply.panel((PackedMatrix) up, p, x, xOffset, xStride, rows, u, scratch);
      int outputs = Math.min(PANEL, gate.outputs() - p * PANEL);
      for (int r = 0; r < rows; r++) {
        int target = yOffset + r * yStride + p * PANEL;
        for (int n = 0; n < outputs; n++) {
          float a = g[r * PANEL + n];
          y[target + n] = a / (1f + Polynomials.exp(-a)) * u[r * PANEL + n];
        }
      }
    }
  }

  @Override
  public void rmsNorm(
      float[] x, int xOffset, float[] weight, float epsilon, int length, float[] y, int yOffset) {
    Checks.range("rmsNorm input", x, xOffset, length);
    Checks.range("rmsNorm weight", weight, 0, length);
    Checks.range("rmsNorm output", y, yOffset, length);
    float mean = VirtualLanes.dot(x, xOffset, x, xOffset, length) / length;
    float scale = 1f / (float) Math.sqrt(mean + epsilon);
    for (int i = 0; i < length; i++) {
      y[yOffset + i] = x[xOffset + i] * scale * weight[i];
    }
  }

  @Override
  public void ropeInterleaved(
      float[] x, int offset, float[] cos, float[] sin, int tableOffset, int pairs) {
    Checks.range("rotated elements", x, offset, 2L * pairs);
    Checks.range("cosine table", cos, tableOffset, pairs);
    Checks.range("sine table", sin, tableOffset, pairs);
    for (int j = 0; j < pairs; j++) {
      float a = x[offset + 2 * j];
      float b = x[offset + 2 * j + 1];
      float c = cos[tableOffset + j];
      float s = sin[tableOffset + j];
      x[offset + 2 * j] = Math.fma(b, -s, a * c);
      x[offset + 2 * j + 1] = Math.fma(a, s, b * c);
    }
  }

  @Override
  public void axpy(float a, float[] x, int xOffset, float[] y, int yOffset, int length) {
    Checks.range("axpy input", x, xOffset, length);
    Checks.range("axpy output", y, yOffset, length);
    for (int i = 0; i < length; i++) {
      y[yOffset + i] = Math.fma(a, x[xOffset + i], y[yOffset + i]);
    }
  }

  @Override
  public void add(float[] x, int xOffset, float[] y, int yOffset, int length) {
    Checks.range("add input", x, xOffset, length);
    Checks.range("add output", y, yOffset, length);
    for (int i = 0; i < length; i++) {
      y[yOffset + i] = y[yOffset + i] + x[xOffset + i];
    }
  }

  @Override
  public void softmax(float[] x, int offset, int length) {
    Checks.range("softmax", x, offset, length);
    float max = VirtualLanes.max(x, offset, length);
    for (int i = 0; i < length; i++) {
      x[offset + i] = Polynomials.exp(x[offset + i] - max);
    }
    float sum = VirtualLanes.sum(x, offset, length);
    for (int i = 0; i < length; i++) {
      x[offset + i] = x[offset + i] / sum;
    }
  }

  @Override
  public void sigmoid(float[] x, int offset, int length) {
    Checks.range("sigmoid", x, offset, length);
    for (int i = 0; i < length; i++) {
      x[offset + i] = 1f / (1f + Polynomials.exp(-x[offset + i]));
    }
  }

  @Override
  public float exp(float x) {
    return Polynomials.exp(x);
  }

  @Override
  public int argMax(float[] x, int offset, int length) {
    Checks.range("argMax", x, offset, length);
    int best = -1;
    for (int i = 0; i < length; i++) {
      float value = x[offset + i];
      if (Float.isNaN(value)) {
        return -1;
      }
      if (best < 0 || value > x[offset + best]) {
        best = i;
      }
    }
    return best;
  }

  @Override
  public int gumbelArgMax(float[] x, int offset, int length, long seed, long position) {
    Checks.range("gumbelArgMax", x, offset, length);
    long key = Polynomials.noiseKey(seed, position);
    int best = -1;
    float bestValue = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < length; i++) {
      float value = x[offset + i];
      if (Float.isNaN(value)) {
        return -1;
      }
      float noisy = value + Polynomials.gumbel(Polynomials.hash(key, i));
      if (noisy > bestValue) {
        best = i;
        bestValue = noisy;
      }
    }
    return best;
  }

  @Override
  public boolean chooseExperts(
      float[] scores,
      int offset,
      float @Nullable [] bias,
      int experts,
      int groups,
      int topGroups,
      boolean pairSum,
      int k,
      int[] ids,
      int idsOffset,
      KernelScratch scratch) {
    Checks.choice(scores, offset, bias, experts, groups, topGroups, k, ids, idsOffset);
    return ScalarRouting.choose(
        scores, offset, bias, experts, groups, topGroups, pairSum, k, ids, idsOffset, scratch);
  }

  @Override
  public float logSumExp(float[] x, int offset, int length) {
    Checks.range("logSumExp", x, offset, length);
    float max = VirtualLanes.max(x, offset, length);
    if (Float.isInfinite(max)) {
      return max;
    }
    return max + Polynomials.log(VirtualLanes.sumExp(x, offset, max, length));
  }

  @Override
  public void widen(
      ElementType type, MemorySegment source, long byteOffset, float[] y, int yOffset, int length) {
    Checks.bytes("widen source", source, byteOffset, (long) length * type.bytes());
    Checks.range("widen output", y, yOffset, length);
    Elements.widen(type, source, byteOffset, y, yOffset, length);
  }

  @Override
  public void store(
      float[] x, int xOffset, int length, CacheType type, MemorySegment target, long byteOffset) {
    Checks.range("store input", x, xOffset, length);
    Checks.segment("cache", target, byteOffset, (long) length * type.bytes());
    Elements.store(x, xOffset, length, type, target, byteOffset);
  }

  @Override
  public void attendLatentSpan(
      float[] q,
      int qOffset,
      int heads,
      int latent,
      int rope,
      float scale,
      CacheType type,
      MemorySegment cache,
      long byteOffset,
      int keys,
      float[] out,
      int outOffset,
      float[] stats,
      int statsOffset,
      KernelScratch scratch) {
    Checks.attention(
        q,
        qOffset,
        heads,
        latent,
        rope,
        type,
        cache,
        byteOffset,
        keys,
        out,
        outOffset,
        stats,
        statsOffset);
    int width = latent + rope;
    float[] key = scratch.keys(keys * width);
    Elements.load(type, cache, byteOffset, key, keys * width);
    float[] p = scratch.scores(SPAN);
    for (int h = 0; h < heads; h++) {
      for (int t = 0; t < keys; t++) {
        p[t] = scale * VirtualLanes.dot(q, qOffset + h * width, key, t * width, width);
      }
      float max = VirtualLanes.max(p, 0, keys);
      for (int t = 0; t < keys; t++) {
        p[t] = Polynomials.exp(p[t] - max);
      }
      stats[statsOffset + 2 * h] = max;
      stats[statsOffset + 2 * h + 1] = VirtualLanes.sum(p, 0, keys);
      int o = outOffset + h * latent;
      java.util.Arrays.fill(out, o, o + latent, 0f);
      for (int t = 0; t < keys; t++) {
        for (int d = 0; d < latent; d++) {
          out[o + d] = Math.fma(p[t], key[t * width + d], out[o + d]);
        }
      }
    }
  }

  @Override
  public void mergeSpan(
      int heads,
      int latent,
      float[] acc,
      int accOffset,
      float[] accStats,
      int accStatsOffset,
      float[] out,
      int outOffset,
      float[] stats,
      int statsOffset) {
    Checks.range("merged accumulator", acc, accOffset, (long) heads * latent);
    Checks.range("merged statistics", accStats, accStatsOffset, 2L * heads);
    Checks.range("span output", out, outOffset, (long) heads * latent);
    Checks.range("span statistics", stats, statsOffset, 2L * heads);
    for (int h = 0; h < heads; h++) {
      int s = accStatsOffset + 2 * h;
      int s2 = statsOffset + 2 * h;
      float max = Math.max(accStats[s], stats[s2]);
      float a = Polynomials.exp(accStats[s] - max);
      float b = Polynomials.exp(stats[s2] - max);
      for (int d = h * latent; d < (h + 1) * latent; d++) {
        acc[accOffset + d] = Math.fma(out[outOffset + d], b, acc[accOffset + d] * a);
      }
      accStats[s] = max;
      accStats[s + 1] = Math.fma(stats[s2 + 1], b, accStats[s + 1] * a);
    }
  }

  @Override
  public void normalizeSpans(
      int heads, int latent, float[] acc, int accOffset, float[] stats, int statsOffset) {
    Checks.range("accumulator", acc, accOffset, (long) heads * latent);
    Checks.range("statistics", stats, statsOffset, 2L * heads);
    for (int h = 0; h < heads; h++) {
      float sum = stats[statsOffset + 2 * h + 1];
      for (int d = h * latent; d < (h + 1) * latent; d++) {
        acc[accOffset + d] = acc[accOffset + d] / sum;
      }
    }
  }
}
