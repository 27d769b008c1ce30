package dev.tyto.kernels;

/**
 * The one order of every reduction, whatever the machine's width: <b>16 virtual lanes and a fixed
 * tree</b>. Element i goes to lane i mod 16, each lane in ascending i. A last incomplete group of
 * 16 is filled up with zeros (for a maximum: with -inf). Then the lanes fold: i with i+8, then i
 * with i+4, i+2, i+1. A 512-bit machine keeps the lanes in one vector, narrower ones in two or
 * four.
 */
final class VirtualLanes {
  static final int COUNT = 16;

  private VirtualLanes() {}

  /** sum of a[i] * b[i], one fma each; the fill adds fma(0, 0, lane). */
  static float dot(float[] a, int aOffset, float[] b, int bOffset, int length) {
    float[] lanes = new float[COUNT];
    for (int i = 0; i < length; i++) {
      lanes[i % COUNT] = Math.fma(a[aOffset + i], b[bOffset + i], lanes[i % COUNT]);
    }
    return foldSum(lanes, length);
  }

  static float sum(float[] x, int offset, int length) {
    float[] lanes = new float[COUNT];
    for (int i = 0; i < length; i++) {
      lanes[i % COUNT] += x[offset + i];
    }
    return foldSum(lanes, length);
  }

  /** sum of exp(x[i] - max). */
  static float sumExp(float[] x, int offset, float max, int length) {
    float[] lanes = new float[COUNT];
    for (int i = 0; i < length; i++) {
      lanes[i % COUNT] += Polynomials.exp(x[offset + i] - max);
    }
    return foldSum(lanes, length);
  }

  /** The maximum, -inf of nothing, NaN if any element is. */
  static float max(float[] x, int offset, int length) {
    float max = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < length; i++) {
      max = Math.max(max, x[offset + i]);
    }
    return max;
  }

  static float foldSum(float[] lanes, int length) {
    if (length % COUNT != 0) {
      for (int lane = length % COUNT; lane < COUNT; lane++) {
        lanes[lane] += 0f;
      }
    }
    for (int half = COUNT / 2; half > 0; half /= 2) {
      for (int lane = 0; lane < half; lane++) {
        lanes[lane] += lanes[lane + half];
      }
    }
    return lanes[0];
  }
}
