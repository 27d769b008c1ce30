package dev.tyto.kernels;

import static dev.tyto.kernels.Simd.F;
import static dev.tyto.kernels.Simd.L;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShuffle;

/** Kernels whose elements do not depend on each other. */
final class VectorElementwise {
  private static final VectorShuffle<Float> SWAP = VectorShuffle.fromOp(F, i -> i ^ 1);
  private static final VectorShuffle<Float> TWICE_LOW = VectorShuffle.fromOp(F, i -> i / 2);
  private static final VectorShuffle<Float> TWICE_HIGH =
      VectorShuffle.fromOp(F, i -> i / 2 + F.length() / 2);
  private static final FloatVector SIGNS = signs();

  private VectorElementwise() {}

  private static FloatVector signs() {
    float[] signs = new float[L];
    for (int i = 0; i < L; i++) {
      signs[i] = (i & 1) == 0 ? -1f : 1f;
    }
    return FloatVector.fromArray(F, signs, 0);
  }

  static void axpy(float a, float[] x, int xOffset, float[] y, int yOffset, int length) {
    FloatVector factor = FloatVector.broadcast(F, a);
    int i = 0;
    for (; i <= length - L; i += L) {
      factor
          .fma(FloatVector.fromArray(F, x, xOffset + i), FloatVector.fromArray(F, y, yOffset + i))
          .intoArray(y, yOffset + i);
    }
    for (; i < length; i++) {
      y[yOffset + i] = Math.fma(a, x[xOffset + i], y[yOffset + i]);
    }
  }

  static void add(float[] x, int xOffset, float[] y, int yOffset, int length) {
    int i = 0;
    for (; i <= length - L; i += L) {
      FloatVector.fromArray(F, y, yOffset + i)
          .add(FloatVector.fromArray(F, x, xOffset + i))
          .intoArray(y, yOffset + i);
    }
    for (; i < length; i++) {
      y[yOffset + i] = y[yOffset + i] + x[xOffset + i];
    }
  }

  /** {@code y[i] = x[i] * scale * weight[i]}. */
  static void scale(
      float[] x, int xOffset, float scale, float[] weight, float[] y, int yOffset, int length) {
    int i = 0;
    for (; i <= length - L; i += L) {
      FloatVector.fromArray(F, x, xOffset + i)
          .mul(scale)
          .mul(FloatVector.fromArray(F, weight, i))
          .intoArray(y, yOffset + i);
    }
    for (; i < length; i++) {
      y[yOffset + i] = x[xOffset + i] * scale * weight[i];
    }
  }

  /** {@code x[i] = x[i] / divisor}. */
  static void divide(float[] x, int offset, float divisor, int length) {
    int i = 0;
    for (; i <= length - L; i += L) {
      FloatVector.fromArray(F, x, offset + i).div(divisor).intoArray(x, offset + i);
    }
    for (; i < length; i++) {
      x[offset + i] = x[offset + i] / divisor;
    }
  }

  /** {@code acc[i] = fma(x[i], b, acc[i] * a)}. */
  static void blend(
      float a, float[] acc, int accOffset, float b, float[] x, int xOffset, int length) {
    FloatVector factor = FloatVector.broadcast(F, b);
    int i = 0;
    for (; i <= length - L; i += L) {
      FloatVector.fromArray(F, x, xOffset + i)
          .fma(factor, FloatVector.fromArray(F, acc, accOffset + i).mul(a))
          .intoArray(acc, accOffset + i);
    }
    for (; i < length; i++) {
      acc[accOffset + i] = Math.fma(x[xOffset + i], b, acc[accOffset + i] * a);
    }
  }

  static void ropeInterleaved(
      float[] x, int offset, float[] cos, float[] sin, int tableOffset, int pairs) {
    int j = 0;
    for (; j <= pairs - L; j += L) {
      FloatVector c = FloatVector.fromArray(F, cos, tableOffset + j);
      FloatVector s = FloatVector.fromArray(F, sin, tableOffset + j);
      int low = offset + 2 * j;
      int high = low + L;
      FloatVector v = FloatVector.fromArray(F, x, low);
      FloatVector w = FloatVector.fromArray(F, x, high);
      v.rearrange(SWAP)
          .fma(s.rearrange(TWICE_LOW).mul(SIGNS), v.mul(c.rearrange(TWICE_LOW)))
          .intoArray(x, low);
      w.rearrange(SWAP)
          .fma(s.rearrange(TWICE_HIGH).mul(SIGNS), w.mul(c.rearrange(TWICE_HIGH)))
          .intoArray(x, high);
    }
    for (; j < pairs; j++) {
      float a = x[offset + 2 * j];
      float b = x[offset + 2 * j + 1];
      float c = cos[tableOffset + j];
      float s = sin[tableOffset + j];
      x[offset + 2 * j] = Math.fma(b, -s, a * c);
      x[offset + 2 * j + 1] = Math.fma(a, s, b * c);
    }
  }
}
