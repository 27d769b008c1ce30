package dev.tyto.kernels;

import static dev.tyto.kernels.Simd.F;
import static dev.tyto.kernels.Simd.L;
import static dev.tyto.kernels.Simd.LE;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/**
 * {@link VectorF32} for several rows at once: each weight is decoded once and used for all of them.
 */
final class VectorF32Tiles {
  private static final int WORD_STRIDE = PackedMatrix.WORD_STRIDE;
  private static final int PANEL = WeightMatrix.PANEL;

  private VectorF32Tiles() {}

  static void four(
      MemorySegment data, long w, int count, float[] x, int x0, int xStride, float[] acc, int a0) {
    int x1 = x0 + xStride;
    int x2 = x1 + xStride;
    int x3 = x2 + xStride;
    int a1 = a0 + PANEL;
    int a2 = a1 + PANEL;
    int a3 = a2 + PANEL;
    FloatVector s00 = FloatVector.fromArray(F, acc, a0);
    FloatVector s01 = FloatVector.fromArray(F, acc, a0 + L);
    FloatVector s02 = FloatVector.fromArray(F, acc, a0 + 2 * L);
    FloatVector s03 = FloatVector.fromArray(F, acc, a0 + 3 * L);
    FloatVector s10 = FloatVector.fromArray(F, acc, a1);
    FloatVector s11 = FloatVector.fromArray(F, acc, a1 + L);
    FloatVector s12 = FloatVector.fromArray(F, acc, a1 + 2 * L);
    FloatVector s13 = FloatVector.fromArray(F, acc, a1 + 3 * L);
    FloatVector s20 = FloatVector.fromArray(F, acc, a2);
    FloatVector s21 = FloatVector.fromArray(F, acc, a2 + L);
    FloatVector s22 = FloatVector.fromArray(F, acc, a2 + 2 * L);
    FloatVector s23 = FloatVector.fromArray(F, acc, a2 + 3 * L);
    FloatVector s30 = FloatVector.fromArray(F, acc, a3);
    FloatVector s31 = FloatVector.fromArray(F, acc, a3 + L);
    FloatVector s32 = FloatVector.fromArray(F, acc, a3 + 2 * L);
    FloatVector s33 = FloatVector.fromArray(F, acc, a3 + 3 * L);
    for (int k = 0; k < count; k++) {
      FloatVector b00 = FloatVector.broadcast(F, x[x0 + k]);
      FloatVector b10 = FloatVector.broadcast(F, x[x1 + k]);
      FloatVector b20 = FloatVector.broadcast(F, x[x2 + k]);
      FloatVector b30 = FloatVector.broadcast(F, x[x3 + k]);
      FloatVector f0 = FloatVector.fromMemorySegment(F, data, w, LE);
      s00 = f0.fma(b00, s00);
      s10 = f0.fma(b10, s10);
      s20 = f0.fma(b20, s20);
      s30 = f0.fma(b30, s30);
      FloatVector f1 = FloatVector.fromMemorySegment(F, data, w + 4L * L, LE);
      s01 = f1.fma(b00, s01);
      s11 = f1.fma(b10, s11);
      s21 = f1.fma(b20, s21);
      s31 = f1.fma(b30, s31);
      FloatVector f2 = FloatVector.fromMemorySegment(F, data, w + 8L * L, LE);
      s02 = f2.fma(b00, s02);
      s12 = f2.fma(b10, s12);
      s22 = f2.fma(b20, s22);
      s32 = f2.fma(b30, s32);
      FloatVector f3 = FloatVector.fromMemorySegment(F, data, w + 12L * L, LE);
      s03 = f3.fma(b00, s03);
      s13 = f3.fma(b10, s13);
      s23 = f3.fma(b20, s23);
      s33 = f3.fma(b30, s33);
      w += WORD_STRIDE;
    }
    s00.intoArray(acc, a0);
    s01.intoArray(acc, a0 + L);
    s02.intoArray(acc, a0 + 2 * L);
    s03.intoArray(acc, a0 + 3 * L);
    s10.intoArray(acc, a1);
    s11.intoArray(acc, a1 + L);
    s12.intoArray(acc, a1 + 2 * L);
    s13.intoArray(acc, a1 + 3 * L);
    s20.intoArray(acc, a2);
    s21.intoArray(acc, a2 + L);
    s22.intoArray(acc, a2 + 2 * L);
    s23.intoArray(acc, a2 + 3 * L);
    s30.intoArray(acc, a3);
    s31.intoArray(acc, a3 + L);
    s32.intoArray(acc, a3 + 2 * L);
    s33.intoArray(acc, a3 + 3 * L);
  }

  static void two(
      MemorySegment data, long w, int count, float[] x, int x0, int xStride, float[] acc, int a0) {
    int x1 = x0 + xStride;
    int a1 = a0 + PANEL;
    FloatVector s00 = FloatVector.fromArray(F, acc, a0);
    FloatVector s01 = FloatVector.fromArray(F, acc, a0 + L);
    FloatVector s02 = FloatVector.fromArray(F, acc, a0 + 2 * L);
    FloatVector s03 = FloatVector.fromArray(F, acc, a0 + 3 * L);
    FloatVector s10 = FloatVector.fromArray(F, acc, a1);
    FloatVector s11 = FloatVector.fromArray(F, acc, a1 + L);
    FloatVector s12 = FloatVector.fromArray(F, acc, a1 + 2 * L);
    FloatVector s13 = FloatVector.fromArray(F, acc, a1 + 3 * L);
    for (int k = 0; k < count; k++) {
      FloatVector b00 = FloatVector.broadcast(F, x[x0 + k]);
      FloatVector b10 = FloatVector.broadcast(F, x[x1 + k]);
      FloatVector f0 = FloatVector.fromMemorySegment(F, data, w, LE);
      s00 = f0.fma(b00, s00);
      s10 = f0.fma(b10, s10);
      FloatVector f1 = FloatVector.fromMemorySegment(F, data, w + 4L * L, LE);
      s01 = f1.fma(b00, s01);
      s11 = f1.fma(b10, s11);
      FloatVector f2 = FloatVector.fromMemorySegment(F, data, w + 8L * L, LE);
      s02 = f2.fma(b00, s02);
      s12 = f2.fma(b10, s12);
      FloatVector f3 = FloatVector.fromMemorySegment(F, data, w + 12L * L, LE);
      s03 = f3.fma(b00, s03);
      s13 = f3.fma(b10, s13);
      w += WORD_STRIDE;
    }
    s00.intoArray(acc, a0);
    s01.intoArray(acc, a0 + L);
    s02.intoArray(acc, a0 + 2 * L);
    s03.intoArray(acc, a0 + 3 * L);
    s10.intoArray(acc, a1);
    s11.intoArray(acc, a1 + L);
    s12.intoArray(acc, a1 + 2 * L);
    s13.intoArray(acc, a1 + 3 * L);
  }
}
