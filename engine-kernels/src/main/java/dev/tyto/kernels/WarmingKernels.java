package dev.tyto.kernels;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * The scalar kernels until the JIT has compiled the vector ones, then those. Vector API code runs
 * thousands of times slower than its compiled form while it is interpreted, so a fresh JVM would
 * spend its first seconds on its first tokens. Both providers give the same bits, so that nobody
 * can see when a kernel changes over. A background thread ({@link WarmUp}) makes the JIT compile
 * what is used, on data of its own.
 */
final class WarmingKernels implements Kernels {
  private final Kernels scalar;
  private final Kernels vector;
  private final WarmUp warmUp;

  WarmingKernels(Kernels scalar, Kernels vector) {
    this.scalar = scalar;
    this.vector = vector;
    this.warmUp = new WarmUp(scalar, vector);
  }

  private Kernels of(int operation) {
    return warmUp.ready(operation) ? vector : scalar;
  }

  @Override
  public String description() {
    return vector.description();
  }

  @Override
  public void warmUp() {
    warmUp.all();
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
    of(WarmUp.product(w.format(), rows))
        .multiply(
            w, firstPanel, panelCount, x, xOffset, xStride, rows, y, yOffset, yStride, scratch);
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
    // All are asked, so that all come to be warmed.
    boolean gateReady = warmUp.ready(WarmUp.product(gate.format(), rows));
    boolean upReady = warmUp.ready(WarmUp.product(up.format(), rows));
    boolean ready = warmUp.ready(WarmUp.GATE_UP) && gateReady && upReady;
    (ready ? vector : scalar)
        .gateUp(
            gate,
            up,
            firstPanel,
            panelCount,
            x,
            xOffset,
            xStride,
            rows,
            y,
            yOffset,
            yStride,
            scratch);
  }

  @Override
  public void rmsNorm(
      float[] x, int xOffset, float[] weight, float epsilon, int length, float[] y, int yOffset) {
    of(WarmUp.RMS_NORM).rmsNorm(x, xOffset, weight, epsilon, length, y, yOffset);
  }

  @Override
  public void ropeInterleaved(
      float[] x, int offset, float[] cos, float[] sin, int tableOffset, int pairs) {
    of(WarmUp.ROPE).ropeInterleaved(x, offset, cos, sin, tableOffset, pairs);
  }

  @Override
  public void axpy(float a, float[] x, int xOffset, float[] y, int yOffset, int length) {
    of(WarmUp.AXPY).axpy(a, x, xOffset, y, yOffset, length);
  }

  @Override
  public void add(float[] x, int xOffset, float[] y, int yOffset, int length) {
    of(WarmUp.ADD).add(x, xOffset, y, yOffset, length);
  }

  @Override
  public void softmax(float[] x, int offset, int length) {
    of(WarmUp.SOFTMAX).softmax(x, offset, length);
  }

  @Override
  public void sigmoid(float[] x, int offset, int length) {
    of(WarmUp.SIGMOID).sigmoid(x, offset, length);
  }

  @Override
  public float exp(float x) {
    return scalar.exp(x);
  }

  @Override
  public int argMax(float[] x, int offset, int length) {
    return of(WarmUp.ARG_MAX).argMax(x, offset, length);
  }

  @Override
  public int gumbelArgMax(float[] x, int offset, int length, long seed, long position) {
    return of(WarmUp.GUMBEL).gumbelArgMax(x, offset, length, seed, position);
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
    return of(WarmUp.CHOOSE)
        .chooseExperts(
            scores, offset, bias, experts, groups, topGroups, pairSum, k, ids, idsOffset, scratch);
  }

  @Override
  public float logSumExp(float[] x, int offset, int length) {
    return of(WarmUp.LOG_SUM_EXP).logSumExp(x, offset, length);
  }

  @Override
  public void widen(
      ElementType type, MemorySegment source, long byteOffset, float[] y, int yOffset, int length) {
    of(WarmUp.widen(type)).widen(type, source, byteOffset, y, yOffset, length);
  }

  @Override
  public void store(
      float[] x, int xOffset, int length, CacheType type, MemorySegment target, long byteOffset) {
    of(WarmUp.store(type)).store(x, xOffset, length, type, target, byteOffset);
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
    of(WarmUp.attend(type))
        .attendLatentSpan(
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
    of(WarmUp.MERGE)
        .mergeSpan(
            heads,
            latent,
            acc,
            accOffset,
            accStats,
            accStatsOffset,
            out,
            outOffset,
            stats,
            statsOffset);
  }

  @Override
  public void normalizeSpans(
      int heads, int latent, float[] acc, int accOffset, float[] stats, int statsOffset) {
    of(WarmUp.NORMALIZE).normalizeSpans(heads, latent, acc, accOffset, stats, statsOffset);
  }
}
