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
 * {@link VectorFp8} for several rows at once: each weight is decoded once and used for all of them.
 */
final class VectorFp8Tiles {
  private static final int WORD_STRIDE = PackedMatrix.WORD_STRIDE;
  private static final int PANEL = WeightMatrix.PANEL;

  private VectorFp8Tiles() {}

  static void four(
      MemorySegment data,
      long w,
      int count,
      float[] x,
      int x0,
      int xStride,
      float[] acc,
      int a0,
      float scale) {
    int x1 = x0 + xStride;
    int x2 = x1 + xStride;
    int x3 = x2 + xStride;
    int a1 = a0 + PANEL;
    int a2 = a1 + PANEL;
    int a3 = a2 + PANEL;
    FloatVector s00 = FloatVector.zero(F);
    FloatVector s01 = FloatVector.zero(F);
    FloatVector s10 = FloatVector.zero(F);
    FloatVector s11 = FloatVector.zero(F);
    FloatVector s20 = FloatVector.zero(F);
    FloatVector s21 = FloatVector.zero(F);
    FloatVector s30 = FloatVector.zero(F);
    FloatVector s31 = FloatVector.zero(F);
    int k = 0;
    for (; k <= count - 4; k += 4) {
      FloatVector b00 = FloatVector.broadcast(F, x[x0 + k]);
      FloatVector b01 = FloatVector.broadcast(F, x[x0 + k + 1]);
      FloatVector b02 = FloatVector.broadcast(F, x[x0 + k + 2]);
      FloatVector b03 = FloatVector.broadcast(F, x[x0 + k + 3]);
      FloatVector b10 = FloatVector.broadcast(F, x[x1 + k]);
      FloatVector b11 = FloatVector.broadcast(F, x[x1 + k + 1]);
      FloatVector b12 = FloatVector.broadcast(F, x[x1 + k + 2]);
      FloatVector b13 = FloatVector.broadcast(F, x[x1 + k + 3]);
      FloatVector b20 = FloatVector.broadcast(F, x[x2 + k]);
      FloatVector b21 = FloatVector.broadcast(F, x[x2 + k + 1]);
      FloatVector b22 = FloatVector.broadcast(F, x[x2 + k + 2]);
      FloatVector b23 = FloatVector.broadcast(F, x[x2 + k + 3]);
      FloatVector b30 = FloatVector.broadcast(F, x[x3 + k]);
      FloatVector b31 = FloatVector.broadcast(F, x[x3 + k + 1]);
      FloatVector b32 = FloatVector.broadcast(F, x[x3 + k + 2]);
      FloatVector b33 = FloatVector.broadcast(F, x[x3 + k + 3]);
      IntVector vf0 = IntVector.fromMemorySegment(I, data, w, LE);
      FloatVector f0a =
          vf0.lanewise(VectorOperators.LSHL, 24)
              .lanewise(VectorOperators.ASHR, 4)
              .and(Fp8Matrix.MASK)
              .reinterpretAsFloats();
      s00 = f0a.fma(b00, s00);
      s10 = f0a.fma(b10, s10);
      s20 = f0a.fma(b20, s20);
      s30 = f0a.fma(b30, s30);
      FloatVector f0b =
          vf0.lanewise(VectorOperators.LSHL, 16)
              .lanewise(VectorOperators.ASHR, 4)
              .and(Fp8Matrix.MASK)
              .reinterpretAsFloats();
      s00 = f0b.fma(b01, s00);
      s10 = f0b.fma(b11, s10);
      s20 = f0b.fma(b21, s20);
      s30 = f0b.fma(b31, s30);
      FloatVector f0c =
          vf0.lanewise(VectorOperators.LSHL, 8)
              .lanewise(VectorOperators.ASHR, 4)
              .and(Fp8Matrix.MASK)
              .reinterpretAsFloats();
      s00 = f0c.fma(b02, s00);
      s10 = f0c.fma(b12, s10);
      s20 = f0c.fma(b22, s20);
      s30 = f0c.fma(b32, s30);
      FloatVector f0d =
          vf0.lanewise(VectorOperators.ASHR, 4).and(Fp8Matrix.MASK).reinterpretAsFloats();
      s00 = f0d.fma(b03, s00);
      s10 = f0d.fma(b13, s10);
      s20 = f0d.fma(b23, s20);
      s30 = f0d.fma(b33, s30);
      IntVector vf1 = IntVector.fromMemorySegment(I, data, w + 4L * L, LE);
      FloatVector f1a =
          vf1.lanewise(VectorOperators.LSHL, 24)
              .lanewise(VectorOperators.ASHR, 4)
              .and(Fp8Matrix.MASK)
              .reinterpretAsFloats();
      s01 = f1a.fma(b00, s01);
      s11 = f1a.fma(b10, s11);
      s21 = f1a.fma(b20, s21);
      s31 = f1a.fma(b30, s31);
      FloatVector f1b =
          vf1.lanewise(VectorOperators.LSHL, 16)
              .lanewise(VectorOperators.ASHR, 4)
              .and(Fp8Matrix.MASK)
              .reinterpretAsFloats();
      s01 = f1b.fma(b01, s01);
      s11 = f1b.fma(b11, s11);
      s21 = f1b.fma(b21, s21);
      s31 = f1b.fma(b31, s31);
      FloatVector f1c =
          vf1.lanewise(VectorOperators.LSHL, 8)
              .lanewise(VectorOperators.ASHR, 4)
              .and(Fp8Matrix.MASK)
              .reinterpretAsFloats();
      s01 = f1c.fma(b02, s01);
      s11 = f1c.fma(b12, s11);
      s21 = f1c.fma(b22, s21);
      s31 = f1c.fma(b32, s31);
      FloatVector f1d =
          vf1.lanewise(VectorOperators.ASHR, 4).and(Fp8Matrix.MASK).reinterpretAsFloats();
      s01 = f1d.fma(b03, s01);
      s11 = f1d.fma(b13, s11);
      s21 = f1d.fma(b23, s21);
      s31 = f1d.fma(b33, s31);
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
          vf0.lanewise(VectorOperators.LSHL, 24 - 8 * i)
              .lanewise(VectorOperators.ASHR, 4)
              .and(Fp8Matrix.MASK)
              .reinterpretAsFloats();
      s00 = f0.fma(b0, s00);
      s10 = f0.fma(b1, s10);
      s20 = f0.fma(b2, s20);
      s30 = f0.fma(b3, s30);
      IntVector vf1 = IntVector.fromMemorySegment(I, data, w + 4L * L, LE);
      FloatVector f1 =
          vf1.lanewise(VectorOperators.LSHL, 24 - 8 * i)
              .lanewise(VectorOperators.ASHR, 4)
              .and(Fp8Matrix.MASK)
              .reinterpretAsFloats();
      s01 = f1.fma(b0, s01);
      s11 = f1.fma(b1, s11);
      s21 = f1.fma(b2, s21);
      s31 = f1.fma(b3, s31);
    }
    FloatVector m = FloatVector.broadcast(F, scale);
    s00.fma(m, FloatVector.fromArray(F, acc, a0)).intoArray(acc, a0);
    s01.fma(m, FloatVector.fromArray(F, acc, a0 + L)).intoArray(acc, a0 + L);
    s10.fma(m, FloatVector.fromArray(F, acc, a1)).intoArray(acc, a1);
    s11.fma(m, FloatVector.fromArray(F, acc, a1 + L)).intoArray(acc, a1 + L);
    s20.fma(m, FloatVector.fromArray(F, acc, a2)).intoArray(acc, a2);
    s21.fma(m, FloatVector.fromArray(F, acc, a2 + L)).intoArray(acc, a2 + L);
    s30.fma(m, FloatVector.fromArray(F, acc, a3)).intoArray(acc, a3);
    s31.fma(m, FloatVector.fromArray(F, acc, a3 + L)).intoArray(acc, a3 + L);
  }

  static void two(
      MemorySegment data,
      long w,
      int count,
      float[] x,
      int x0,
      int xStride,
      float[] acc,
      int a0,
      float scale) {
    int x1 = x0 + xStride;
    int a1 = a0 + PANEL;
    FloatVector s00 = FloatVector.zero(F);
    FloatVector s01 = FloatVector.zero(F);
    FloatVector s10 = FloatVector.zero(F);
    FloatVector s11 = FloatVector.zero(F);
    int k = 0;
    for (; k <= count - 4; k += 4) {
      FloatVector b00 = FloatVector.broadcast(F, x[x0 + k]);
      FloatVector b01 = FloatVector.broadcast(F, x[x0 + k + 1]);
      FloatVector b02 = FloatVector.broadcast(F, x[x0 + k + 2]);
      FloatVector b03 = FloatVector.broadcast(F, x[x0 + k + 3]);
      FloatVector b10 = FloatVector.broadcast(F, x[x1 + k]);
      FloatVector b11 = FloatVector.broadcast(F, x[x1 + k + 1]);
      FloatVector b12 = FloatVector.broadcast(F, x[x1 + k + 2]);
      FloatVector b13 = FloatVector.broadcast(F, x[x1 + k + 3]);
      IntVector vf0 = IntVector.fromMemorySegment(I, data, w, LE);
      FloatVector f0a =
          vf0.lanewise(VectorOperators.LSHL, 24)
              .lanewise(VectorOperators.ASHR, 4)
              .and(Fp8Matrix.MASK)
              .reinterpretAsFloats();
      s00 = f0a.fma(b00, s00);
      s10 = f0a.fma(b10, s10);
      FloatVector f0b =
          vf0.lanewise(VectorOperators.LSHL, 16)
              .lanewise(VectorOperators.ASHR, 4)
              .and(Fp8Matrix.MASK)
              .reinterpretAsFloats();
      s00 = f0b.fma(b01, s00);
      s10 = f0b.fma(b11, s10);
      FloatVector f0c =
          vf0.lanewise(VectorOperators.LSHL, 8)
              .lanewise(VectorOperators.ASHR, 4)
              .and(Fp8Matrix.MASK)
              .reinterpretAsFloats();
      s00 = f0c.fma(b02, s00);
      s10 = f0c.fma(b12, s10);
      FloatVector f0d =
          vf0.lanewise(VectorOperators.ASHR, 4).and(Fp8Matrix.MASK).reinterpretAsFloats();
      s00 = f0d.fma(b03, s00);
      s10 = f0d.fma(b13, s10);
      IntVector vf1 = IntVector.fromMemorySegment(I, data, w + 4L * L, LE);
      FloatVector f1a =
          vf1.lanewise(VectorOperators.LSHL, 24)
              .lanewise(VectorOperators.ASHR, 4)
              .and(Fp8Matrix.MASK)
              .reinterpretAsFloats();
      s01 = f1a.fma(b00, s01);
      s11 = f1a.fma(b10, s11);
      FloatVector f1b =
          vf1.lanewise(VectorOperators.LSHL, 16)
              .lanewise(VectorOperators.ASHR, 4)
              .and(Fp8Matrix.MASK)
              .reinterpretAsFloats();
      s01 = f1b.fma(b01, s01);
      s11 = f1b.fma(b11, s11);
      FloatVector f1c =
          vf1.lanewise(VectorOperators.LSHL, 8)
              .lanewise(VectorOperators.ASHR, 4)
              .and(Fp8Matrix.MASK)
              .reinterpretAsFloats();
      s01 = f1c.fma(b02, s01);
      s11 = f1c.fma(b12, s11);
      FloatVector f1d =
          vf1.lanewise(VectorOperators.ASHR, 4).and(Fp8Matrix.MASK).reinterpretAsFloats();
      s01 = f1d.fma(b03, s01);
      s11 = f1d.fma(b13, s11);
      w += WORD_STRIDE;
    }
    // Missing inputs of the last word take no part: not even a zero is added.
    for (int i = 0; k < count; k++, i++) {
      FloatVector b0 = FloatVector.broadcast(F, x[x0 + k]);
      FloatVector b1 = FloatVector.broadcast(F, x[x1 + k]);
      IntVector vf0 = IntVector.fromMemorySegment(I, data, w, LE);
      FloatVector f0 =
          vf0.lanewise(VectorOperators.LSHL, 24 - 8 * i)
              .lanewise(VectorOperators.ASHR, 4)
              .and(Fp8Matrix.MASK)
              .reinterpretAsFloats();
      s00 = f0.fma(b0, s00);
      s10 = f0.fma(b1, s10);
      IntVector vf1 = IntVector.fromMemorySegment(I, data, w + 4L * L, LE);
      FloatVector f1 =
          vf1.lanewise(VectorOperators.LSHL, 24 - 8 * i)
              .lanewise(VectorOperators.ASHR, 4)
              .and(Fp8Matrix.MASK)
              .reinterpretAsFloats();
      s01 = f1.fma(b0, s01);
      s11 = f1.fma(b1, s11);
    }
    FloatVector m = FloatVector.broadcast(F, scale);
    s00.fma(m, FloatVector.fromArray(F, acc, a0)).intoArray(acc, a0);
    s01.fma(m, FloatVector.fromArray(F, acc, a0 + L)).intoArray(acc, a0 + L);
    s10.fma(m, FloatVector.fromArray(F, acc, a1)).intoArray(acc, a1);
    s11.fma(m, FloatVector.fromArray(F, acc, a1 + L)).intoArray(acc, a1 + L);
  }
}
