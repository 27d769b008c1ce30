package dev.tyto.kernels;

import static dev.tyto.kernels.Polynomials.*;
import static dev.tyto.kernels.Simd.F;
import static dev.tyto.kernels.Simd.L;
import static dev.tyto.kernels.Simd.PARTS;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** {@link Polynomials#exp} over arrays, alone and in the functions made of it. */
final class VectorMath {
  private static final float INFINITY = Float.POSITIVE_INFINITY;

  private VectorMath() {}

  /** {@code x[i] = exp(x[i] - shift)}. */
  static void expShifted(float[] x, int offset, float shift, int length) {
    int i = 0;
    for (; i <= length - L; i += L) {
      FloatVector v = FloatVector.fromArray(F, x, offset + i).sub(shift);
      exp(v).intoArray(x, offset + i);
    }
    for (; i < length; i++) {
      x[offset + i] = Polynomials.exp(x[offset + i] - shift);
    }
  }

  /** {@code x[i] = 1 / (1 + exp(-x[i]))}. */
  static void sigmoid(float[] x, int offset, int length) {
    FloatVector one = FloatVector.broadcast(F, 1f);
    int i = 0;
    for (; i <= length - L; i += L) {
      FloatVector e = exp(FloatVector.fromArray(F, x, offset + i).neg());
      one.div(one.add(e)).intoArray(x, offset + i);
    }
    for (; i < length; i++) {
      x[offset + i] = 1f / (1f + Polynomials.exp(-x[offset + i]));
    }
  }

  /** {@code y[i] = g[i] / (1 + exp(-g[i])) * u[i]}. */
  static void siluMultiply(
      float[] g, int gOffset, float[] u, int uOffset, float[] y, int yOffset, int length) {
    int i = 0;
    for (; i <= length - L; i += L) {
      FloatVector a = FloatVector.fromArray(F, g, gOffset + i);
      FloatVector e = exp(a.neg());
      a.div(e.add(1f)).mul(FloatVector.fromArray(F, u, uOffset + i)).intoArray(y, yOffset + i);
    }
    for (; i < length; i++) {
      float a = g[gOffset + i];
      y[yOffset + i] = a / (1f + Polynomials.exp(-a)) * u[uOffset + i];
    }
  }

  /** sum of exp(x[i] - max), 16 virtual lanes and the fixed tree; x stays as it is. */
  static float sumExp(float[] x, int offset, float max, int length) {
    FloatVector s0 = FloatVector.zero(F);
    FloatVector s1 = FloatVector.zero(F);
    FloatVector s2 = FloatVector.zero(F);
    FloatVector s3 = FloatVector.zero(F);
    int i = 0;
    for (; i <= length - VirtualLanes.COUNT; i += VirtualLanes.COUNT) {
      int p = offset + i;
      s0 = s0.add(exp(FloatVector.fromArray(F, x, p).sub(max)));
      if (PARTS > 1) {
        s1 = s1.add(exp(FloatVector.fromArray(F, x, p + L).sub(max)));
      }
      if (PARTS > 2) {
        s2 = s2.add(exp(FloatVector.fromArray(F, x, p + 2 * L).sub(max)));
        s3 = s3.add(exp(FloatVector.fromArray(F, x, p + 3 * L).sub(max)));
      }
    }
    if (i < length) {
      s0 = addExpTail(x, offset, i, length, max, s0);
      if (PARTS > 1) {
        s1 = addExpTail(x, offset, i + L, length, max, s1);
      }
      if (PARTS > 2) {
        s2 = addExpTail(x, offset, i + 2 * L, length, max, s2);
        s3 = addExpTail(x, offset, i + 3 * L, length, max, s3);
      }
    }
    return Simd.foldSum(s0, s1, s2, s3);
  }

  private static FloatVector addExpTail(
      float[] x, int offset, int i, int length, float max, FloatVector sum) {
    VectorMask<Float> mask = F.indexInRange(i, length);
    FloatVector e = exp(FloatVector.fromArray(F, x, offset + i, mask).sub(max));
    return sum.add(FloatVector.zero(F).blend(e, mask));
  }

  // Small and used in small loops only, so that it is always inlined: a vector returned from a
  // method that is not costs an allocation.
  private static FloatVector exp(FloatVector x) {
    FloatVector shifted = x.fma(FloatVector.broadcast(F, LOG2_E), FloatVector.broadcast(F, ROUND));
    FloatVector n = shifted.sub(ROUND);
    FloatVector r = n.fma(FloatVector.broadcast(F, -LN2_HIGH), x);
    r = n.fma(FloatVector.broadcast(F, -LN2_LOW), r);
    FloatVector p = FloatVector.broadcast(F, E7).fma(r, FloatVector.broadcast(F, E6));
    p = p.fma(r, FloatVector.broadcast(F, E5));
    p = p.fma(r, FloatVector.broadcast(F, E4));
    p = p.fma(r, FloatVector.broadcast(F, E3));
    p = p.fma(r, FloatVector.broadcast(F, E2));
    p = p.fma(r, FloatVector.broadcast(F, 1f));
    p = p.fma(r, FloatVector.broadcast(F, 1f));
    IntVector exponent = shifted.reinterpretAsInts().sub(ROUND_BITS);
    IntVector half = exponent.lanewise(VectorOperators.ASHR, 1);
    FloatVector low = half.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
    FloatVector high =
        exponent.sub(half).add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
    FloatVector y = p.mul(low).mul(high);
    y = y.blend(0f, x.compare(VectorOperators.LT, EXP_MIN));
    return y.blend(INFINITY, x.compare(VectorOperators.GT, EXP_MAX));
  }
}
