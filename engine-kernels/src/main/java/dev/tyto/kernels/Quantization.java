package dev.tyto.kernels;

/** Symmetric quantisation of a group of values to integer codes and one scale. */
final class Quantization {
  private Quantization() {}

  /**
   * {@code scale = max|x| / limit}, {@code code = x / scale} rounded to nearest, ties to even,
   * within -limit..limit. Codes are floats that are integers, since all sums of their products are
   * exact in fp32. A scale of zero has codes of zero; a NaN or infinity makes codes and sums NaN.
   *
   * @return the scale
   */
  static float group(float[] x, int offset, int count, float limit, float[] codes, int codeOffset) {
    float max = 0f;
    for (int i = 0; i < count; i++) {
      max = Math.max(max, Math.abs(x[offset + i]));
    }
    float scale = max / limit;
    for (int i = 0; i < count; i++) {
      float q = scale == 0f ? 0f : x[offset + i] / scale;
      q = (q + Polynomials.ROUND) - Polynomials.ROUND;
      codes[codeOffset + i] = Math.max(-limit, Math.min(limit, q));
    }
    return scale;
  }
}
