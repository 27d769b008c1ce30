package dev.tyto.kernels;

import static dev.tyto.kernels.Simd.F;
import static dev.tyto.kernels.Simd.L;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/** Products of INT8 and INT4 weights with quantised activations, by panel. */
final class VectorGroupMultiply {
  private static final int PANEL = WeightMatrix.PANEL;
  private static final int GROUP = WeightMatrix.GROUP;
  private static final int WORD_STRIDE = PackedMatrix.WORD_STRIDE;

  private VectorGroupMultiply() {}

  /** Codes x, row r at {@code r*inputs}, and their scales, row r at {@code r*groups}. */
  static void panel(
      GroupedMatrix w, int panel, float[] x, int rows, float[] acc, KernelScratch scratch) {
    MemorySegment data = w.data();
    int inputs = w.inputs();
    int groups = GroupedMatrix.groups(inputs);
    float[] xScales = scratch.activationScales(rows * groups);
    if (rows == 1) {
      long base = w.panelOffset(panel);
      switch (w) {
        case Int8Matrix m -> VectorInt8.row(data, base, inputs, x, 0, xScales, 0, acc);
        case Int4Matrix m -> VectorInt4.row(data, base, inputs, x, 0, xScales, 0, acc);
      }
      return;
    }
    float[] codes = scratch.panel((GROUP + 1) * PANEL);
    float[] scales = scratch.keys(PANEL);
    for (int g = 0; g < groups; g++) {
      int count = Math.min(GROUP, inputs - g * GROUP);
      long words = w.groupOffset(panel, g) + WORD_STRIDE;
      switch (w) {
        case Int8Matrix m -> VectorInt8.decode(data, words, count, codes);
        case Int4Matrix m -> VectorInt4.decode(data, words, count, codes);
      }
      w.scales(panel, g, scales);
      VectorGroupTiles.rows(
          codes, scales, count, x, g * GROUP, inputs, xScales, g, groups, rows, acc);
    }
  }

  /** Quantises rows of activations into the scratch: {@link Quantization#group} in vectors. */
  static float[] quantize(
      float[] x, int xOffset, int xStride, int rows, int inputs, KernelScratch scratch) {
    int groups = GroupedMatrix.groups(inputs);
    float[] codes = scratch.activations(Math.multiplyExact(rows, inputs));
    float[] scales = scratch.activationScales(Math.multiplyExact(rows, groups));
    for (int r = 0; r < rows; r++) {
      for (int g = 0; g < groups; g++) {
        int from = xOffset + r * xStride + g * GROUP;
        int to = r * inputs + g * GROUP;
        int count = Math.min(GROUP, inputs - g * GROUP);
        scales[r * groups + g] =
            count == GROUP
                ? group(x, from, codes, to)
                : Quantization.group(x, from, count, 127f, codes, to);
      }
    }
    return codes;
  }

  private static float group(float[] x, int from, float[] codes, int to) {
    FloatVector max = FloatVector.zero(F);
    for (int i = 0; i < GROUP; i += L) {
      max = max.max(FloatVector.fromArray(F, x, from + i).abs());
    }
    float scale = Simd.foldMax(max) / 127f;
    for (int i = 0; i < GROUP; i += L) {
      FloatVector q = FloatVector.zero(F);
      if (scale != 0f) {
        q = FloatVector.fromArray(F, x, from + i).div(scale);
      }
      q.add(Polynomials.ROUND).sub(Polynomials.ROUND).min(127f).max(-127f).intoArray(codes, to + i);
    }
    return scale;
  }
}
