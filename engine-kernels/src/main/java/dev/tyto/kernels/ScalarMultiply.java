package dev.tyto.kernels;

import java.util.Arrays;

/** Matrix products of one panel, as plain loops. */
final class ScalarMultiply {
  private static final int PANEL = WeightMatrix.PANEL;
  private static final int BLOCK = WeightMatrix.BLOCK;
  private static final int GROUP = WeightMatrix.GROUP;

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
    if (w instanceof GroupedMatrix grouped) {
      grouped(grouped, panel, x, xOffset, xStride, rows, acc, scratch);
      return;
    }
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

  private static void grouped(
      GroupedMatrix w,
      int panel,
      float[] x,
      int xOffset,
      int xStride,
      int rows,
      float[] acc,
      KernelScratch scratch) {
    float[] weights = scratch.panel(GROUP * PANEL);
    float[] scales = scratch.keys(PANEL);
    float[] codes = scratch.activations(GROUP);
    float[] partial = scratch.scores(PANEL);
    for (int k = 0; k < w.inputs(); k += GROUP) {
      int count = Math.min(GROUP, w.inputs() - k);
      w.decode(panel, k, count, weights);
      w.scales(panel, k / GROUP, scales);
      for (int r = 0; r < rows; r++) {
        float xScale = Quantization.group(x, xOffset + r * xStride + k, count, 127f, codes, 0);
        Arrays.fill(partial, 0, PANEL, 0f);
        add(weights, count, codes, 0, partial, 0);
        for (int n = 0; n < PANEL; n++) {
          acc[r * PANEL + n] = Math.fma(partial[n], scales[n] * xScale, acc[r * PANEL + n]);
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
