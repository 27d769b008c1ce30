package dev.tyto.kernels;

import static dev.tyto.kernels.Polynomials.*;
import static dev.tyto.kernels.Simd.F;
import static dev.tyto.kernels.Simd.L;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * {@link Polynomials#exp} over arrays, alone and in the functions made of it. The polynomial stands
 * in loops of its own, written out: in a method that returns a vector it is a matter of compilation
 * order whether C2 inlines it, and a thousandfold loss if not.
 */
final class VectorMath {
  private VectorMath() {}

  /** {@code y[i] = exp(sign * x[i] - shift)}, sign 1 or -1. */
  static void exp(
      float[] x, int xOffset, float sign, float shift, float[] y, int yOffset, int length) {
    int i = 0;
    for (; i <= length - L; i += L) {
      FloatVector v = FloatVector.fromArray(F, x, xOffset + i).mul(sign).sub(shift);
      FloatVector t = v.fma(FloatVector.broadcast(F, LOG2_E), FloatVector.broadcast(F, ROUND));
      FloatVector n = t.sub(ROUND);
      FloatVector r = n.fma(FloatVector.broadcast(F, -LN2_HIGH), v);
      r = n.fma(FloatVector.broadcast(F, -LN2_LOW), r);
      FloatVector p = r.fma(FloatVector.broadcast(F, E7), FloatVector.broadcast(F, E6));
      p = p.fma(r, FloatVector.broadcast(F, E5));
      p = p.fma(r, FloatVector.broadcast(F, E4));
      p = p.fma(r, FloatVector.broadcast(F, E3));
      p = p.fma(r, FloatVector.broadcast(F, E2));
      p = p.fma(r, FloatVector.broadcast(F, 1f));
      p = p.fma(r, FloatVector.broadcast(F, 1f));
      IntVector exponent = t.reinterpretAsInts().sub(ROUND_BITS);
      IntVector half = exponent.lanewise(VectorOperators.ASHR, 1);
      IntVector rest = exponent.sub(half);
      p = p.mul(half.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats());
      p = p.mul(rest.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats());
      p = p.blend(0f, v.compare(VectorOperators.LT, EXP_MIN));
      p = p.blend(Float.POSITIVE_INFINITY, v.compare(VectorOperators.GT, EXP_MAX));
      p.intoArray(y, yOffset + i);
    }
    for (; i < length; i++) {
      y[yOffset + i] = Polynomials.exp(sign * x[xOffset + i] - shift);
    }
  }

  /** {@code x[i] = 1 / (1 + exp(-x[i]))}. */
  static void sigmoid(float[] x, int offset, int length) {
    exp(x, offset, -1f, 0f, x, offset, length);
    FloatVector one = FloatVector.broadcast(F, 1f);
    int i = 0;
    for (; i <= length - L; i += L) {
      one.div(one.add(FloatVector.fromArray(F, x, offset + i))).intoArray(x, offset + i);
    }
    for (; i < length; i++) {
      x[offset + i] = 1f / (1f + x[offset + i]);
    }
  }

  /** {@code y[i] = g[i] / (1 + exp(-g[i])) * u[i]}; y is neither g nor u. */
  static void siluMultiply(
      float[] g, int gOffset, float[] u, int uOffset, float[] y, int yOffset, int length) {
    exp(g, gOffset, -1f, 0f, y, yOffset, length);
    int i = 0;
    for (; i <= length - L; i += L) {
      FloatVector.fromArray(F, g, gOffset + i)
          .div(FloatVector.fromArray(F, y, yOffset + i).add(1f))
          .mul(FloatVector.fromArray(F, u, uOffset + i))
          .intoArray(y, yOffset + i);
    }
    for (; i < length; i++) {
      y[yOffset + i] = g[gOffset + i] / (1f + y[yOffset + i]) * u[uOffset + i];
    }
  }

  /** sum of exp(x[i] - max), 16 virtual lanes and the fixed tree; x stays as it is. */
  static float sumExp(float[] x, int offset, float max, int length) {
    float[] lanes = new float[VirtualLanes.COUNT];
    float[] block = new float[Math.min(length, 64)];
    for (int i = 0; i < length; i += block.length) {
      int count = Math.min(block.length, length - i);
      exp(x, offset + i, 1f, max, block, 0, count);
      addToLanes(block, count, lanes);
    }
    return VirtualLanes.foldSum(lanes, length);
  }

  private static void addToLanes(float[] block, int count, float[] lanes) {
    for (int lane = 0; lane < VirtualLanes.COUNT; lane += L) {
      FloatVector sum = FloatVector.fromArray(F, lanes, lane);
      int i = lane;
      for (; i <= count - L; i += VirtualLanes.COUNT) {
        sum = sum.add(FloatVector.fromArray(F, block, i));
      }
      sum.intoArray(lanes, lane);
      for (int j = 0; i + j < count && j < L; j++) {
        lanes[lane + j] += block[i + j];
      }
    }
  }
}
