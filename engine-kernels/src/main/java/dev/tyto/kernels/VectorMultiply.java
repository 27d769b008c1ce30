package dev.tyto.kernels;

import static dev.tyto.kernels.Simd.F;
import static dev.tyto.kernels.Simd.L;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/**
 * Matrix products by panel. Few rows: weights are decoded in registers and used for up to four rows
 * at once. Many rows, where decoding costs: a block of the panel is decoded to fp32 once and then
 * multiplied by register tiles. Every element is the same chain either way, so the bits do not
 * tell.
 */
final class VectorMultiply {
  private static final int PANEL = WeightMatrix.PANEL;
  private static final int BLOCK = WeightMatrix.BLOCK;

  /** Rows from which decoding a format that costs some to an fp32 panel pays. */
  private static final int GEMM_ROWS = 12;

  private VectorMultiply() {}

  /** {@code acc[r*64 + n] = sum_k w[n][k] * x[r][k]}, x as {@link #prepare} left it. */
  static void panel(
      PackedMatrix w,
      int panel,
      float[] x,
      int xOffset,
      int xStride,
      int rows,
      float[] acc,
      KernelScratch scratch) {
    Arrays.fill(acc, 0, rows * PANEL, 0f);
    if (w instanceof GroupedMatrix grouped) {
      VectorGroupMultiply.panel(grouped, panel, x, rows, acc, scratch);
      return;
    }
    // F32 and BF16 decode for nothing, and their blocks are smaller than fp32 panels or as small.
    boolean cheap = w instanceof F32Matrix || w instanceof Bf16Matrix;
    if (rows >= GEMM_ROWS && !cheap) {
      decoded(w, panel, x, xOffset, xStride, rows, acc, scratch.panel(BLOCK * PANEL));
    } else {
      fused(w, panel, x, xOffset, xStride, rows, acc);
    }
  }

  /** One row and two neighbouring panels, {@code acc[p*64 + n]}; not for FP8. */
  static void twoPanels(PackedMatrix w, int panel, float[] x, int xOffset, float[] acc) {
    Arrays.fill(acc, 0, 2 * PANEL, 0f);
    MemorySegment data = w.data();
    long base = w.panelOffset(panel);
    long bytes = w.panelOffset(1);
    int inputs = w.inputs();
    switch (w) {
      case F32Matrix m -> VectorF32.twoPanels(data, base, bytes, inputs, x, xOffset, acc);
      case F16Matrix m -> VectorF16.twoPanels(data, base, bytes, inputs, x, xOffset, acc);
      case Bf16Matrix m -> VectorBf16.twoPanels(data, base, bytes, inputs, x, xOffset, acc);
      case GroupedMatrix m -> throw new AssertionError("has its own way");
      case Fp8Matrix m -> throw new AssertionError("decoding keeps the CPU busy with one panel");
    }
  }

  private static void fused(
      PackedMatrix w, int panel, float[] x, int xOffset, int xStride, int rows, float[] acc) {
    MemorySegment data = w.data();
    long base = w.panelOffset(panel);
    int inputs = w.inputs();
    // One row streams the panel once; more rows revisit a block while it is in the first cache.
    int block = rows == 1 && !(w instanceof Fp8Matrix) ? Math.max(inputs, 1) : BLOCK;
    for (int k = 0; k < inputs; k += block) {
      int count = Math.min(block, inputs - k);
      int xk = xOffset + k;
      switch (w) {
        case F32Matrix m -> VectorF32.rows(data, base + k * 256L, count, x, xk, xStride, rows, acc);
        case F16Matrix m -> VectorF16.rows(data, base + k * 128L, count, x, xk, xStride, rows, acc);
        case Bf16Matrix m ->
            VectorBf16.rows(data, base + k * 128L, count, x, xk, xStride, rows, acc);
        case GroupedMatrix m -> throw new AssertionError("has its own way");
        case Fp8Matrix m -> {
          float scale = m.scales()[m.scaleOffset(panel) + k / BLOCK];
          VectorFp8.rows(data, base + k * 64L, count, x, xk, xStride, rows, acc, scale);
        }
      }
    }
  }

  private static void decoded(
      PackedMatrix w,
      int panel,
      float[] x,
      int xOffset,
      int xStride,
      int rows,
      float[] acc,
      float[] weights) {
    MemorySegment data = w.data();
    long base = w.panelOffset(panel);
    int inputs = w.inputs();
    for (int k = 0; k < inputs; k += BLOCK) {
      int count = Math.min(BLOCK, inputs - k);
      boolean fold = false;
      float scale = 1f;
      switch (w) {
        case F16Matrix m -> VectorF16.decode(data, base + k * 128L, count, weights);
        case F32Matrix m -> throw new AssertionError("multiplied in place");
        case Bf16Matrix m -> throw new AssertionError("multiplied in place");
        case GroupedMatrix m -> throw new AssertionError("has its own way");
        case Fp8Matrix m -> {
          VectorFp8.decode(data, base + k * 64L, count, weights);
          fold = true;
          scale = m.scales()[m.scaleOffset(panel) + k / BLOCK];
        }
      }
      VectorTiles.rows(
          weights,
          0,
          PANEL,
          PANEL,
          count,
          x,
          xOffset + k,
          xStride,
          rows,
          acc,
          0,
          PANEL,
          fold,
          scale);
    }
  }

  /** Whether the format multiplies with {@link #prepare}d activations rather than x itself. */
  static boolean prepares(WeightMatrix w) {
    return w instanceof Fp8Matrix || w instanceof GroupedMatrix;
  }

  /** Activations as the format wants them, in the scratch, contiguous. */
  static float[] prepare(
      WeightMatrix w, float[] x, int xOffset, int xStride, int rows, KernelScratch scratch) {
    return w instanceof Fp8Matrix
        ? scaleActivations(x, xOffset, xStride, rows, w.inputs(), scratch)
        : VectorGroupMultiply.quantize(x, xOffset, xStride, rows, w.inputs(), scratch);
  }

  /** Rows of x times 2^64, contiguous, for FP8. */
  private static float[] scaleActivations(
      float[] x, int xOffset, int xStride, int rows, int inputs, KernelScratch scratch) {
    float[] scaled = scratch.activations(Math.multiplyExact(rows, inputs));
    for (int r = 0; r < rows; r++) {
      int from = xOffset + r * xStride;
      int to = r * inputs;
      int i = 0;
      for (; i <= inputs - L; i += L) {
        FloatVector.fromArray(F, x, from + i)
            .mul(Fp8Matrix.ACTIVATION_SCALE)
            .intoArray(scaled, to + i);
      }
      for (; i < inputs; i++) {
        scaled[to + i] = x[from + i] * Fp8Matrix.ACTIVATION_SCALE;
      }
    }
    return scaled;
  }
}
