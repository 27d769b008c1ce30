package dev.tyto.kernels;

import static dev.tyto.kernels.Simd.F;
import static dev.tyto.kernels.Simd.I;
import static dev.tyto.kernels.Simd.L;
import static dev.tyto.kernels.Simd.LE;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * {@link VectorBf16} for several rows at once: each weight is decoded once and used for all of
 * them.
 */
final class VectorBf16Tiles {
  private static final int WORD_STRIDE = PackedMatrix.WORD_STRIDE;
  private static final int PANEL = WeightMatrix.PANEL;

  private VectorBf16Tiles() {}

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
    int k = 0;
    for (; k <= count - 2; k += 2) {
      FloatVector b00 = FloatVector.broadcast(F, x[x0 + k]);
      FloatVector b01 = FloatVector.broadcast(F, x[x0 + k + 1]);
      FloatVector b10 = FloatVector.broadcast(F, x[x1 + k]);
      FloatVector b11 = FloatVector.broadcast(F, x[x1 + k + 1]);
      FloatVector b20 = FloatVector.broadcast(F, x[x2 + k]);
      FloatVector b21 = FloatVector.broadcast(F, x[x2 + k + 1]);
      FloatVector b30 = FloatVector.broadcast(F, x[x3 + k]);
      FloatVector b31 = FloatVector.broadcast(F, x[x3 + k + 1]);
      IntVector vf0 = IntVector.fromMemorySegment(I, data, w, LE);
      FloatVector f0a = vf0.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
      s00 = f0a.fma(b00, s00);
      s10 = f0a.fma(b10, s10);
      s20 = f0a.fma(b20, s20);
      s30 = f0a.fma(b30, s30);
      FloatVector f0b = vf0.and(0xFFFF0000).reinterpretAsFloats();
      s00 = f0b.fma(b01, s00);
      s10 = f0b.fma(b11, s10);
      s20 = f0b.fma(b21, s20);
      s30 = f0b.fma(b31, s30);
      IntVector vf1 = IntVector.fromMemorySegment(I, data, w + 4L * L, LE);
      FloatVector f1a = vf1.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
      s01 = f1a.fma(b00, s01);
      s11 = f1a.fma(b10, s11);
      s21 = f1a.fma(b20, s21);
      s31 = f1a.fma(b30, s31);
      FloatVector f1b = vf1.and(0xFFFF0000).reinterpretAsFloats();
      s01 = f1b.fma(b01, s01);
      s11 = f1b.fma(b11, s11);
      s21 = f1b.fma(b21, s21);
      s31 = f1b.fma(b31, s31);
      IntVector vf2 = IntVector.fromMemorySegment(I, data, w + 8L * L, LE);
      FloatVector f2a = vf2.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
      s02 = f2a.fma(b00, s02);
      s12 = f2a.fma(b10, s12);
      s22 = f2a.fma(b20, s22);
      s32 = f2a.fma(b30, s32);
      FloatVector f2b = vf2.and(0xFFFF0000).reinterpretAsFloats();
      s02 = f2b.fma(b01, s02);
      s12 = f2b.fma(b11, s12);
      s22 = f2b.fma(b21, s22);
      s32 = f2b.fma(b31, s32);
      IntVector vf3 = IntVector.fromMemorySegment(I, data, w + 12L * L, LE);
      FloatVector f3a = vf3.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
      s03 = f3a.fma(b00, s03);
      s13 = f3a.fma(b10, s13);
      s23 = f3a.fma(b20, s23);
      s33 = f3a.fma(b30, s33);
      FloatVector f3b = vf3.and(0xFFFF0000).reinterpretAsFloats();
      s03 = f3b.fma(b01, s03);
      s13 = f3b.fma(b11, s13);
      s23 = f3b.fma(b21, s23);
      s33 = f3b.fma(b31, s33);
      w += WORD_STRIDE;
    }
    // Missing inputs of the last word take no part: not even a zero is added.
    for (int i = 0; k < count; k++, i++) {
      FloatVector b0 = FloatVector.broadcast(F, x[x0 + k]);
      FloatVector b1 = FloatVector.broadcast(F, x[x1 + k]);
      FloatVector b2 = FloatVector.broadcast(F, x[x2 + k]);
      FloatVector b3 = FloatVector.broadcast(F, x[x3 + k]);
      IntVector vf0 = IntVector.fromMemorySegment(I, data, w, LE);
      FloatVector f0 =
          vf0.lanewise(VectorOperators.LSHL, 16 - 16 * i).and(0xFFFF0000).reinterpretAsFloats();
      s00 = f0.fma(b0, s00);
      s10 = f0.fma(b1, s10);
      s20 = f0.fma(b2, s20);
      s30 = f0.fma(b3, s30);
      IntVector vf1 = IntVector.fromMemorySegment(I, data, w + 4L * L, LE);
      FloatVector f1 =
          vf1.lanewise(VectorOperators.LSHL, 16 - 16 * i).and(0xFFFF0000).reinterpretAsFloats();
      s01 = f1.fma(b0, s01);
      s11 = f1.fma(b1, s11);
      s21 = f1.fma(b2, s21);
      s31 = f1.fma(b3, s31);
      IntVector vf2 = IntVector.fromMemorySegment(I, data, w + 8L * L, LE);
      FloatVector f2 =
          vf2.lanewise(VectorOperators.LSHL, 16 - 16 * i).and(0xFFFF0000).reinterpretAsFloats();
      s02 = f2.fma(b0, s02);
      s12 = f2.fma(b1, s12);
      s22 = f2.fma(b2, s22);
      s32 = f2.fma(b3, s32);
      IntVector vf3 = IntVector.fromMemorySegment(I, data, w + 12L * L, LE);
      FloatVector f3 =
          vf3.lanewise(VectorOperators.LSHL, 16 - 16 * i).and(0xFFFF0000).reinterpretAsFloats();
      s03 = f3.fma(b0, s03);
      s13 = f3.fma(b1, s13);
      s23 = f3.fma(b2, s23);
      s33 = f3.fma(b3, s33);
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
    int k = 0;
    for (; k <= count - 2; k += 2) {
      FloatVector b00 = FloatVector.broadcast(F, x[x0 + k]);
      FloatVector b01 = FloatVector.broadcast(F, x[x0 + k + 1]);
      FloatVector b10 = FloatVector.broadcast(F, x[x1 + k]);
      FloatVector b11 = FloatVector.broadcast(F, x[x1 + k + 1]);
      IntVector vf0 = IntVector.fromMemorySegment(I, data, w, LE);
      FloatVector f0a = vf0.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
      s00 = f0a.fma(b00, s00);
      s10 = f0a.fma(b10, s10);
      FloatVector f0b = vf0.and(0xFFFF0000).reinterpretAsFloats();
      s00 = f0b.fma(b01, s00);
      s10 = f0b.fma(b11, s10);
      IntVector vf1 = IntVector.fromMemorySegment(I, data, w + 4L * L, LE);
      FloatVector f1a = vf1.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
      s01 = f1a.fma(b00, s01);
      s11 = f1a.fma(b10, s11);
      FloatVector f1b = vf1.and(0xFFFF0000).reinterpretAsFloats();
      s01 = f1b.fma(b01, s01);
      s11 = f1b.fma(b11, s11);
      IntVector vf2 = IntVector.fromMemorySegment(I, data, w + 8L * L, LE);
      FloatVector f2a = vf2.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
      s02 = f2a.fma(b00, s02);
      s12 = f2a.fma(b10, s12);
      FloatVector f2b = vf2.and(0xFFFF0000).reinterpretAsFloats();
      s02 = f2b.fma(b01, s02);
      s12 = f2b.fma(b11, s12);
      IntVector vf3 = IntVector.fromMemorySegment(I, data, w + 12L * L, LE);
      FloatVector f3a = vf3.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
      s03 = f3a.fma(b00, s03);
      s13 = f3a.fma(b10, s13);
      FloatVector f3b = vf3.and(0xFFFF0000).reinterpretAsFloats();
      s03 = f3b.fma(b01, s03);
      s13 = f3b.fma(b11, s13);
      w += WORD_STRIDE;
    }
    // Missing inputs of the last word take no part: not even a zero is added.
    for (int i = 0; k < count; k++, i++) {
      FloatVector b0 = FloatVector.broadcast(F, x[x0 + k]);
      FloatVector b1 = FloatVector.broadcast(F, x[x1 + k]);
      IntVector vf0 = IntVector.fromMemorySegment(I, data, w, LE);
      FloatVector f0 =
          vf0.lanewise(VectorOperators.LSHL, 16 - 16 * i).and(0xFFFF0000).reinterpretAsFloats();
      s00 = f0.fma(b0, s00);
      s10 = f0.fma(b1, s10);
      IntVector vf1 = IntVector.fromMemorySegment(I, data, w + 4L * L, LE);
      FloatVector f1 =
          vf1.lanewise(VectorOperators.LSHL, 16 - 16 * i).and(0xFFFF0000).reinterpretAsFloats();
      s01 = f1.fma(b0, s01);
      s11 = f1.fma(b1, s11);
      IntVector vf2 = IntVector.fromMemorySegment(I, data, w + 8L * L, LE);
      FloatVector f2 =
          vf2.lanewise(VectorOperators.LSHL, 16 - 16 * i).and(0xFFFF0000).reinterpretAsFloats();
      s02 = f2.fma(b0, s02);
      s12 = f2.fma(b1, s12);
      IntVector vf3 = IntVector.fromMemorySegment(I, data, w + 12L * L, LE);
      FloatVector f3 =
          vf3.lanewise(VectorOperators.LSHL, 16 - 16 * i).and(0xFFFF0000).reinterpretAsFloats();
      s03 = f3.fma(b0, s03);
      s13 = f3.fma(b1, s13);
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
