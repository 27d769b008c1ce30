package dev.tyto.kernels;

import java.util.Arrays;

/** Matrix products of one panel, as plain loops. */
final class ScalarMultiply {
  private static final int PANEL = WeightMatrix.PANEL;
  private static final int BLOCK = WeightMatrix.BLOCK;

  private ScalarMultiply() {}

  /** {@code acc[r*64 + n] = sum_k w[n][k] * x[r][k]}: one chain per element, k ascending. */
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
    float[] weights = scratch.panel(BLOCK * PANEL);
    for (int k = 0; k < w.inputs(); k += BLOCK) {
      int count = Math.min(BLOCK, w.inputs() - k);
      w.decode(panel, k, count, weights);
      if (w instanceof Fp8Matrix fp8) {
        float scale = fp8.scales()[fp8.scaleOffset(panel) + k / BLOCK];
        float[] partial = scratch.activations(PANEL);
        for (int r = 0; r < rows; r++) {
          Arrays.fill(partial, 0, PANEL, 0f);
          addScaled(
              weights, count, x, xOffset + r * xStride + k, Fp8Matrix.ACTIVATION_SCALE, partial);
          for (int n = 0; n < PANEL; n++) {
            acc[r * PANEL + n] = Math.fma(partial[n], scale, acc[r * PANEL + n]);
          }
        }
      } else {
        for (int r = 0; r < rows; r++) {
          add(weights, count, x, xOffset + r * xStride + k, acc, r * PANEL);
        }
      }
    }
  }

  private static void add(
      float[] weights, int count, float[] x, int xOffset, float[] acc, int accOffset) {
    for (int k = 0; k < count; k++) {
      float xk = x[xOffset + k];
      for (int n = 0; n < PANEL; n++) {
        acc[accOffset + n] = Math.fma(weights[k * PANEL + n], xk, acc[accOffset + n]);
      }
    }
  }

  private static void addScaled(
      float[] weights, int count, float[] x, int xOffset, float xScale, float[] partial) {
    for (int k = 0; k < count; k++) {
      float xk = x[xOffset + k] * xScale;
      for (int n = 0; n < PANEL; n++) {
        partial[n] = Math.fma(weights[k * PANEL + n], xk, partial[n]);
      }
    }
  }
}
