package dev.tyto.kernels;

import static dev.tyto.kernels.Simd.F;
import static dev.tyto.kernels.Simd.L;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/**
 * Matrix products of one panel. Few rows: weights are decoded in registers and used for up to four
 * rows at once. Many rows: a block of the panel is decoded to fp32 once and then multiplied by
 * register tiles. Every element is the same chain either way, so the bits do not tell.
 */
final class VectorMultiply {
  private static final int PANEL = WeightMatrix.PANEL;
  private static final int BLOCK = WeightMatrix.BLOCK;

  /** Rows from which decoding to an fp32 panel pays. */
  private static final int GEMM_ROWS = 17;

  private VectorMultiply() {}

  /** {@code acc[r*64 + n] = sum_k w[n][k] * x[r][k]}. */
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
    MemorySegment data = w.data();
    long base = w.panelOffset(panel);
    int inputs = w.inputs();
    if (w instanceof Fp8Matrix fp8) {
      fp8(fp8, panel, x, xOffset, xStride, rows, acc, scratch);
      return;
    }
    if (rows >= GEMM_ROWS) {
      float[] weights = scratch.panel(BLOCK * PANEL);
      for (int k = 0; k < inputs; k += BLOCK) {
        int count = Math.min(BLOCK, inputs - k);
        switch (w) {
          case F32Matrix m -> VectorF32.decode(data, base + k * 256L, count, weights);
          case F16Matrix m -> VectorF16.decode(data, base + k * 128L, count, weights);
          case Bf16Matrix m -> VectorBf16.decode(data, base + k * 128L, count, weights);
          case Fp8Matrix m -> throw new AssertionError("handled above");
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
            false,
            1f);
      }
      return;
    }
    // One row streams the panel once; more rows revisit a block while it is in the first cache.
    int block = rows == 1 ? Math.max(inputs, 1) : BLOCK;
    for (int k = 0; k < inputs; k += block) {
      int count = Math.min(block, inputs - k);
      int xk = xOffset + k;
      switch (w) {
        case F32Matrix m -> VectorF32.rows(data, base + k * 256L, count, x, xk, xStride, rows, acc);
        case F16Matrix m -> VectorF16.rows(data, base + k * 128L, count, x, xk, xStride, rows, acc);
        case Bf16Matrix m ->
            VectorBf16.rows(data, base + k * 128L, count, x, xk, xStride, rows, acc);
        case Fp8Matrix m -> throw new AssertionError("handled above");
      }
    }
  }

  /** Activations times 2^64 are made once per call, by {@link #scaleActivations}. */
  private static void fp8(
      Fp8Matrix w,
      int panel,
      float[] x,
      int xOffset,
      int xStride,
      int rows,
      float[] acc,
      KernelScratch scratch) {
    MemorySegment data = w.data();
    long base = w.panelOffset(panel);
    int inputs = w.inputs();
    float[] scales = w.scales();
    int scale = w.scaleOffset(panel);
    float[] weights = rows >= GEMM_ROWS ? scratch.panel(BLOCK * PANEL) : x;
    for (int k = 0; k < inputs; k += BLOCK) {
      int count = Math.min(BLOCK, inputs - k);
      long offset = base + k * 64L;
      if (rows >= GEMM_ROWS) {
        VectorFp8.decode(data, offset, count, weights);
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
            true,
            scales[scale]);
      } else {
        VectorFp8.rows(data, offset, count, x, xOffset + k, xStride, rows, acc, scales[scale]);
      }
      scale++;
    }
  }

  /** Rows of x times 2^64, contiguous, for FP8. */
  static float[] scaleActivations(
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
