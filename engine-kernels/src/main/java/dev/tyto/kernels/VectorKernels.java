package dev.tyto.kernels;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** The Vector API provider: {@link ScalarKernels}, bit for bit, at the machine's width. */
final class VectorKernels implements Kernels {
  private static final int PANEL = WeightMatrix.PANEL;

  @Override
  public String description() {
    return "vector, " + Simd.F.vectorBitSize() + " bit";
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
    if (VectorMultiply.prepares(w)) {
      x = VectorMultiply.prepare(w, x, xOffset, xStride, rows, scratch);
      xOffset = 0;
      xStride = w.inputs();
    }
    float[] acc = scratch.accumulators(Math.max(rows, 2));
    int end = firstPanel + panelCount;
    int p = firstPanel;
    boolean pairs = rows == 1 && !VectorMultiply.prepares(w);
    for (; pairs && p <= end - 2; p += 2) {
      VectorMultiply.twoPanels((PackedMatrix) w, p, x, xOffset, acc);
      int outputs = Math.min(2 * PANEL, w.outputs() - p * PANEL);
      System.arraycopy(acc, 0, y, yOffset + p * PANEL, outputs);
    }
    for (; p < end; p++) {
      VectorMultiply.panel((PackedMatrix) w, p, x, xOffset, xStride, rows, acc, scratch);
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
    boolean prepares = VectorMultiply.prepares(gate);
    boolean same = gate.format() == up.format();
    float[] own = x;
    if (same && prepares) {
      own = VectorMultiply.prepare(gate, x, xOffset, xStride, rows, scratch);
    }
    int ownOffset = same && prepares ? 0 : xOffset;
    int ownStride = same && prepares ? gate.inputs() : xStride;
    float[] g = scratch.accumulators(rows);
    float[] u = scratch.upAccumulators(rows);
    for (int p = firstPanel; p < firstPanel + panelCount; p++) {
      if (same) {
        VectorMultiply.panel((PackedMatrix) gate, p, own, ownOffset, ownStride, rows, g, scratch);
        VectorMultiply.panel((PackedMatrix) up, p, own, ownOffset, ownStride, rows, u, scratch);
      } else {
        unprepared((PackedMatrix) gate, p, x, xOffset, xStride, rows, g, scratch);
        unprepared((PackedMatrix) up, p, x, xOffset, xStride, rows, u, scratch);
      }
      int outputs = Math.min(PANEL, gate.outputs() - p * PANEL);
      for (int r = 0; r < rows; r++) {
        int target = yOffset + r * yStride + p * PANEL;
        VectorMath.siluMultiply(g, r * PANEL, u, r * PANEL, y, target, outputs);
      }
    }
  }

  /** For gate and up in formats that want different activations: rare, so prepared every time. */
  private static void unprepared(
      PackedMatrix w,
      int panel,
      float[] x,
      int xOffset,
      int xStride,
      int rows,
      float[] acc,
      KernelScratch scratch) {
    if (VectorMultiply.prepares(w)) {
      float[] own = VectorMultiply.prepare(w, x, xOffset, xStride, rows, scratch);
      VectorMultiply.panel(w, panel, own, 0, w.inputs(), rows, acc, scratch);
    } else {
      VectorMultiply.panel(w, panel, x, xOffset, xStride, rows, acc, scratch);
    }
  }

  @Override
  public void rmsNorm(
      float[] x, int xOffset, float[] weight, float epsilon, int length, float[] y, int yOffset) {
    Checks.range("rmsNorm input", x, xOffset, length);
    Checks.range("rmsNorm weight", weight, 0, length);
    Checks.range("rmsNorm output", y, yOffset, length);
    float mean = VectorReductions.dot(x, xOffset, x, xOffset, length) / length;
    float scale = 1f / (float) Math.sqrt(mean + epsilon);
    VectorElementwise.scale(x, xOffset, scale, weight, y, yOffset, length);
  }

  @Override
  public void ropeInterleaved(
      float[] x, int offset, float[] cos, float[] sin, int tableOffset, int pairs) {
    Checks.range("rotated elements", x, offset, 2L * pairs);
    Checks.range("cosine table", cos, tableOffset, pairs);
    Checks.range("sine table", sin, tableOffset, pairs);
    VectorElementwise.ropeInterleaved(x, offset, cos, sin, tableOffset, pairs);
  }

  @Override
  public void axpy(float a, float[] x, int xOffset, float[] y, int yOffset, int length) {
    Checks.range("axpy input", x, xOffset, length);
    Checks.range("axpy output", y, yOffset, length);
    VectorElementwise.axpy(a, x, xOffset, y, yOffset, length);
  }

  @Override
  public void add(float[] x, int xOffset, float[] y, int yOffset, int length) {
    Checks.range("add input", x, xOffset, length);
    Checks.range("add output", y, yOffset, length);
    VectorElementwise.add(x, xOffset, y, yOffset, length);
  }

  @Override
  public void softmax(float[] x, int offset, int length) {
    Checks.range("softmax", x, offset, length);
    VectorMath.exp(x, offset, 1f, VectorReductions.max(x, offset, length), x, offset, length);
    VectorElementwise.divide(x, offset, VectorReductions.sum(x, offset, length), length);
  }

  @Override
  public void sigmoid(float[] x, int offset, int length) {
    Checks.range("sigmoid", x, offset, length);
    VectorMath.sigmoid(x, offset, length);
  }

  @Override
  public float exp(float x) {
    return Polynomials.exp(x);
  }

  @Override
  public int argMax(float[] x, int offset, int length) {
    Checks.range("argMax", x, offset, length);
    return VectorSampling.argMax(x, offset, length);
  }

  @Override
  public int gumbelArgMax(float[] x, int offset, int length, long seed, long position) {
    Checks.range("gumbelArgMax", x, offset, length);
    return VectorSampling.gumbelArgMax(x, offset, length, Polynomials.noiseKey(seed, position));
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
    return VectorRouting.choose(
        scores, offset, bias, experts, groups, topGroups, pairSum, k, ids, idsOffset, scratch);
  }

  @Override
  public float logSumExp(float[] x, int offset, int length) {
    Checks.range("logSumExp", x, offset, length);
    float max = VectorReductions.max(x, offset, length);
    if (Float.isInfinite(max)) {
      return max;
    }
    return max + Polynomials.log(VectorMath.sumExp(x, offset, max, length));
  }

  @Override
  public void widen(
      ElementType type, MemorySegment source, long byteOffset, float[] y, int yOffset, int length) {
    Checks.bytes("widen source", source, byteOffset, (long) length * type.bytes());
    Checks.range("widen output", y, yOffset, length);
    // Sources may be mapped or heap segments: these loops stay scalar for C2 to vectorise.
    Elements.widen(type, source, byteOffset, y, yOffset, length);
  }

  @Override
  public void store(
      float[] x, int xOffset, int length, CacheType type, MemorySegment target, long byteOffset) {
    Checks.range("store input", x, xOffset, length);
    Checks.segment("cache", target, byteOffset, (long) length * type.bytes());
    if (type == CacheType.BF16) {
      VectorCache.storeBf16(x, xOffset, length, target, byteOffset);
    } else {
      Elements.store(x, xOffset, length, type, target, byteOffset);
    }
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
    VectorAttention.span(
        q,
        qOffset,
        heads,
        latent,
        rope,
        scale,
        type,
        cache,
        byteOffset,
        keys,
        out,
        outOffset,
        stats,
        statsOffset,
        scratch);
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
      VectorElementwise.blend(
          a, acc, accOffset + h * latent, b, out, outOffset + h * latent, latent);
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
      VectorElementwise.divide(acc, accOffset + h * latent, stats[statsOffset + 2 * h + 1], latent);
    }
  }
}
