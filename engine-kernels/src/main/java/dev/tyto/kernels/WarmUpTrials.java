package dev.tyto.kernels;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Small calls of every kernel of a provider, for {@link WarmUp}; used by one thread. */
@SuppressWarnings("EnumOrdinal") // an index of tables that live as long as the JVM
final class WarmUpTrials {
  private static final int OUTPUTS = 128;
  private static final int INPUTS = 128;
  private static final int ROWS = 24;
  private static final int LENGTH = 256;
  private static final int HEADS = 4;
  private static final int LATENT = 64;
  private static final int ROPE = 16;
  private static final int KEYS = 16;
  private static final int EXPERTS = 16;

  private final Kernels kernels;
  private final KernelScratch scratch = new KernelScratch();
  private final @Nullable WeightMatrix[] matrices =
      new @Nullable WeightMatrix[WeightFormat.values().length];
  private final MemorySegment memory = Arena.ofAuto().allocate(1L << 16, 64);
  private final float[] x = new float[ROWS * LENGTH];
  private final float[] y = new float[ROWS * LENGTH];
  private final float[] ones = new float[LENGTH];
  private final float[] stats = new float[2 * HEADS];
  private final int[] ids = new int[EXPERTS];

  WarmUpTrials(Kernels kernels) {
    this.kernels = kernels;
    for (int i = 0; i < x.length; i++) {
      x[i] = (i * 7 % 31 - 15) / 16f;
    }
    Arrays.fill(ones, 1f);
    Arrays.fill(stats, 1f);
  }

  void product(WeightFormat format, int rows) {
    WeightMatrix w = matrix(format);
    kernels.multiply(w, 0, w.panels(), x, 0, INPUTS, rows, y, 0, OUTPUTS, scratch);
  }

  void gateUp() {
    WeightMatrix w = matrix(WeightFormat.F32);
    kernels.gateUp(w, w, 0, w.panels(), x, 0, INPUTS, 1, y, 0, OUTPUTS, scratch);
  }

  void rmsNorm() {
    kernels.rmsNorm(x, 0, ones, 1e-6f, LENGTH, y, 0);
  }

  void rope() {
    kernels.ropeInterleaved(y, 0, ones, ones, 0, LENGTH / 2);
    Arrays.fill(y, 0, LENGTH, 1f);
  }

  void axpy() {
    kernels.axpy(0.5f, x, 0, y, 0, LENGTH);
  }

  void add() {
    kernels.add(x, 0, y, 0, LENGTH);
  }

  void softmax() {
    System.arraycopy(x, 0, y, 0, LENGTH);
    kernels.softmax(y, 0, LENGTH);
  }

  void sigmoid() {
    System.arraycopy(x, 0, y, 0, LENGTH);
    kernels.sigmoid(y, 0, LENGTH);
  }

  void argMax() {
    kernels.argMax(x, 0, LENGTH);
  }

  void gumbel() {
    kernels.gumbelArgMax(x, 0, LENGTH, 1, 2);
  }

  void choose() {
    kernels.chooseExperts(x, 0, ones, EXPERTS, 4, 2, true, 4, ids, 0, scratch);
  }

  void logSumExp() {
    kernels.logSumExp(x, 0, LENGTH);
  }

  void merge() {
    Arrays.fill(stats, 1f);
    kernels.mergeSpan(HEADS, LATENT, y, 0, stats, 0, x, 0, stats, 0);
  }

  void normalize() {
    Arrays.fill(stats, 1f);
    kernels.normalizeSpans(HEADS, LATENT, y, 0, stats, 0);
  }

  void widen(ElementType type) {
    kernels.widen(type, memory, 0, y, 0, LENGTH);
  }

  void store(CacheType type) {
    kernels.store(x, 0, LENGTH, type, memory, 0);
  }

  void attend(CacheType type) {
    kernels.attendLatentSpan(
        x, 0, HEADS, LATENT, ROPE, 0.1f, type, memory, 0, KEYS, y, 0, stats, 0, scratch);
  }

  private WeightMatrix matrix(WeightFormat format) {
    WeightMatrix w = matrices[format.ordinal()];
    if (w == null) {
      w = WeightMatrix.allocate(format, OUTPUTS, INPUTS, Arena.ofAuto());
      if (format == WeightFormat.FP8_E4M3) {
        w.blockScales(new float[] {1f});
      }
      matrices[format.ordinal()] = w;
    }
    return w;
  }
}
