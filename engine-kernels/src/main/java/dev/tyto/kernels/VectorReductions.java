package dev.tyto.kernels;

import static dev.tyto.kernels.Simd.F;
import static dev.tyto.kernels.Simd.L;
import static dev.tyto.kernels.Simd.PARTS;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/** {@link VirtualLanes} in vectors; masked loads fill the last group of 16 with zeros. */
final class VectorReductions {
  private VectorReductions() {}

  static float dot(float[] a, int aOffset, float[] b, int bOffset, int length) {
    FloatVector s0 = FloatVector.zero(F);
    FloatVector s1 = FloatVector.zero(F);
    FloatVector s2 = FloatVector.zero(F);
    FloatVector s3 = FloatVector.zero(F);
    int i = 0;
    for (; i <= length - VirtualLanes.COUNT; i += VirtualLanes.COUNT) {
      int p = aOffset + i;
      int q = bOffset + i;
      s0 = FloatVector.fromArray(F, a, p).fma(FloatVector.fromArray(F, b, q), s0);
      if (PARTS > 1) {
        s1 = FloatVector.fromArray(F, a, p + L).fma(FloatVector.fromArray(F, b, q + L), s1);
      }
      if (PARTS > 2) {
        s2 = FloatVector.fromArray(F, a, p + 2 * L).fma(FloatVector.fromArray(F, b, q + 2 * L), s2);
        s3 = FloatVector.fromArray(F, a, p + 3 * L).fma(FloatVector.fromArray(F, b, q + 3 * L), s3);
      }
    }
    if (i < length) {
      s0 = fmaTail(a, aOffset, b, bOffset, i, length, s0);
      if (PARTS > 1) {
        s1 = fmaTail(a, aOffset, b, bOffset, i + L, length, s1);
      }
      if (PARTS > 2) {
        s2 = fmaTail(a, aOffset, b, bOffset, i + 2 * L, length, s2);
        s3 = fmaTail(a, aOffset, b, bOffset, i + 3 * L, length, s3);
      }
    }
    return Simd.foldSum(s0, s1, s2, s3);
  }

  /**
   * {@code y[i] = scale * dot(a, b_i)} for four b that follow each other: at 512 bits one dot
   * product is one chain, and four of them hide its latency.
   */
  static void scaledDots(
      float[] a,
      int aOffset,
      float[] b,
      int bOffset,
      int length,
      float scale,
      float[] y,
      int yOffset) {
    if (PARTS > 1) {
      for (int i = 0; i < 4; i++) {
        y[yOffset + i] = scale * dot(a, aOffset, b, bOffset + i * length, length);
      }
      return;
    }
    int b1 = bOffset + length;
    int b2 = b1 + length;
    int b3 = b2 + length;
    FloatVector s0 = FloatVector.zero(F);
    FloatVector s1 = FloatVector.zero(F);
    FloatVector s2 = FloatVector.zero(F);
    FloatVector s3 = FloatVector.zero(F);
    int i = 0;
    for (; i <= length - L; i += L) {
      FloatVector v = FloatVector.fromArray(F, a, aOffset + i);
      s0 = v.fma(FloatVector.fromArray(F, b, bOffset + i), s0);
      s1 = v.fma(FloatVector.fromArray(F, b, b1 + i), s1);
      s2 = v.fma(FloatVector.fromArray(F, b, b2 + i), s2);
      s3 = v.fma(FloatVector.fromArray(F, b, b3 + i), s3);
    }
    if (i < length) {
      VectorMask<Float> mask = F.indexInRange(i, length);
      FloatVector v = FloatVector.fromArray(F, a, aOffset + i, mask);
      s0 = v.fma(FloatVector.fromArray(F, b, bOffset + i, mask), s0);
      s1 = v.fma(FloatVector.fromArray(F, b, b1 + i, mask), s1);
      s2 = v.fma(FloatVector.fromArray(F, b, b2 + i, mask), s2);
      s3 = v.fma(FloatVector.fromArray(F, b, b3 + i, mask), s3);
    }
    y[yOffset] = scale * Simd.foldSum(s0, s0, s0, s0);
    y[yOffset + 1] = scale * Simd.foldSum(s1, s1, s1, s1);
    y[yOffset + 2] = scale * Simd.foldSum(s2, s2, s2, s2);
    y[yOffset + 3] = scale * Simd.foldSum(s3, s3, s3, s3);
  }

  private static FloatVector fmaTail(
      float[] a, int aOffset, float[] b, int bOffset, int i, int length, FloatVector sum) {
    VectorMask<Float> mask = F.indexInRange(i, length);
    return FloatVector.fromArray(F, a, aOffset + i, mask)
        .fma(FloatVector.fromArray(F, b, bOffset + i, mask), sum);
  }

  static float sum(float[] x, int offset, int length) {
    FloatVector s0 = FloatVector.zero(F);
    FloatVector s1 = FloatVector.zero(F);
    FloatVector s2 = FloatVector.zero(F);
    FloatVector s3 = FloatVector.zero(F);
    int i = 0;
    for (; i <= length - VirtualLanes.COUNT; i += VirtualLanes.COUNT) {
      int p = offset + i;
      s0 = s0.add(FloatVector.fromArray(F, x, p));
      if (PARTS > 1) {
        s1 = s1.add(FloatVector.fromArray(F, x, p + L));
      }
      if (PARTS > 2) {
        s2 = s2.add(FloatVector.fromArray(F, x, p + 2 * L));
        s3 = s3.add(FloatVector.fromArray(F, x, p + 3 * L));
      }
    }
    if (i < length) {
      s0 = addTail(x, offset, i, length, s0);
      if (PARTS > 1) {
        s1 = addTail(x, offset, i + L, length, s1);
      }
      if (PARTS > 2) {
        s2 = addTail(x, offset, i + 2 * L, length, s2);
        s3 = addTail(x, offset, i + 3 * L, length, s3);
      }
    }
    return Simd.foldSum(s0, s1, s2, s3);
  }

  private static FloatVector addTail(float[] x, int offset, int i, int length, FloatVector sum) {
    return sum.add(FloatVector.fromArray(F, x, offset + i, F.indexInRange(i, length)));
  }

  static float max(float[] x, int offset, int length) {
    FloatVector m0 = FloatVector.broadcast(F, Float.NEGATIVE_INFINITY);
    FloatVector m1 = m0;
    int i = 0;
    // A maximum does not depend on its order: two chains at any width hide the latency.
    for (; i <= length - 2 * L; i += 2 * L) {
      m0 = m0.max(FloatVector.fromArray(F, x, offset + i));
      m1 = m1.max(FloatVector.fromArray(F, x, offset + i + L));
    }
    float max = Simd.foldMax(m0.max(m1));
    for (; i < length; i++) {
      max = Math.max(max, x[offset + i]);
    }
    return max;
  }
}
