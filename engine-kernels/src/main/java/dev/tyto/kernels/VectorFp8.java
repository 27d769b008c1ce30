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
 * {@link WeightFormat#FP8_E4M3} in vectors, one block of at most 128 inputs at a time: from zero,
 * then folded in by its scale. x holds activations times 2^64; see {@link Fp8Matrix}.
 *
 * <p>{@code four}, {@code two} and {@code one} decode a run of words of four vectors of outputs and
 * multiply them with that many rows at once: {@code acc[r][n] += sum_k w[n][k] * x[r][k]}, row r of
 * x at {@code x0 + r*xStride}, of acc at {@code a0 + r*64}.
 */
final class VectorFp8 {
  private static final int WORD_STRIDE = PackedMatrix.WORD_STRIDE;
  private static final int PANEL = WeightMatrix.PANEL;

  private VectorFp8() {}

  /** All rows, over {@code count} inputs whose first word of output 0 is at {@code offset}. */
  static void rows(
      MemorySegment data,
      long offset,
      int count,
      float[] x,
      int xOffset,
      int xStride,
      int rows,
      float[] acc,
      float scale) {
    for (int n = 0; n < PANEL; n += 4 * L) {
      long w = offset + n * (long) Integer.BYTES;
      int r = 0;
      for (; r <= rows - 4; r += 4) {
        four(data, w, count, x, xOffset + r * xStride, xStride, acc, r * PANEL + n, scale);
      }
      for (; r <= rows - 2; r += 2) {
        two(data, w, count, x, xOffset + r * xStride, xStride, acc, r * PANEL + n, scale);
      }
      if (r < rows) {
        one(data, w, count, x, xOffset + r * xStride, acc, r * PANEL + n, scale);
      }
    }
  }

  private static void four(
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
    FloatVector s02 = FloatVector.zero(F);
    FloatVector s03 = FloatVector.zero(F);
    FloatVector s10 = FloatVector.zero(F);
    FloatVector s11 = FloatVector.zero(F);
    FloatVector s12 = FloatVector.zero(F);
    FloatVector s13 = FloatVector.zero(F);
    FloatVector s20 = FloatVector.zero(F);
    FloatVector s21 = FloatVector.zero(F);
    FloatVector s22 = FloatVector.zero(F);
    FloatVector s23 = FloatVector.zero(F);
    FloatVector s30 = FloatVector.zero(F);
    FloatVector s31 = FloatVector.zero(F);
    FloatVector s32 = FloatVector.zero(F);
    FloatVector s33 = FloatVector.zero(F);
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
      IntVector v0 = IntVector.fromMemorySegment(I, data, w, LE);
      FloatVector f00 =
          v0.lanewise(VectorOperators.LSHL, 24)
              .lanewise(VectorOperators.ASHR, 4)
              .and(Fp8Matrix.MASK)
              .reinterpretAsFloats();
      s00 = f00.fma(b00, s00);
      s10 = f00.fma(b10, s10);
      s20 = f00.fma(b20, s20);
      s30 = f00.fma(b30, s30);
      FloatVector f01 =
          v0.lanewise(VectorOperators.LSHL, 16)
              .lanewise(VectorOperators.ASHR, 4)
              .and(Fp8Matrix.MASK)
              .reinterpretAsFloats();
      s00 = f01.fma(b01, s00);
      s10 = f01.fma(b11, s10);
      s20 = f01.fma(b21, s20);
      s30 = f01.fma(b31, s30);
      FloatVector f02 =
          v0.lanewise(VectorOperators.LSHL, 8)
              .lanewise(VectorOperators.ASHR, 4)
              .and(Fp8Matrix.MASK)
              .reinterpretAsFloats();
      s00 = f02.fma(b02, s00);
      s10 = f02.fma(b12, s10);
      s20 = f02.fma(b22, s20);
      s30 = f02.fma(b32, s30);
      FloatVector f03 =
          v0.lanewise(VectorOperators.ASHR, 4).and(Fp8Matrix.MASK).reinterpretAsFloats();
      s00 = f03.fma(b03, s00);
      s10 = f03.fma(b13, s10);
      s20 = f03.fma(b23, s20);
      s30 = f03.fma(b33, s30);
      IntVector v1 = IntVector.fromMemorySegment(I, data, w + 1 * 4L * L, LE);
      FloatVector f10 =
          v1.lanewise(VectorOperators.LSHL, 24)
              .lanewise(VectorOperators.ASHR, 4)
              .and(Fp8Matrix.MASK)
              .reinterpretAsFloats();
      s01 = f10.fma(b00, s01);
      s11 = f10.fma(b10, s11);
      s21 = f10.fma(b20, s21);
      s31 = f10.fma(b30, s31);
      FloatVector f11 =
          v1.lanewise(VectorOperators.LSHL, 16)
              .lanewise(VectorOperators.ASHR, 4)
              .and(Fp8Matrix.MASK)
              .reinterpretAsFloats();
      s01 = f11.fma(b01, s01);
      s11 = f11.fma(b11, s11);
      s21 = f11.fma(b21, s21);
      s31 = f11.fma(b31, s31);
      FloatVector f12 =
          v1.lanewise(VectorOperators.LSHL, 8)
              .lanewise(VectorOperators.ASHR, 4)
              .and(Fp8Matrix.MASK)
              .reinterpretAsFloats();
      s01 = f12.fma(b02, s01);
      s11 = f12.fma(b12, s11);
      s21 = f12.fma(b22, s21);
      s31 = f12.fma(b32, s31);
      FloatVector f13 =
          v1.lanewise(VectorOperators.ASHR, 4).and(Fp8Matrix.MASK).reinterpretAsFloats();
      s01 = f13.fma(b03, s01);
      s11 = f13.fma(b13, s11);
      s21 = f13.fma(b23, s21);
      s31 = f13.fma(b33, s31);
      IntVector v2 = IntVector.fromMemorySegment(I, data, w + 2 * 4L * L, LE);
      FloatVector f20 =
          v2.lanewise(VectorOperators.LSHL, 24)
              .lanewise(VectorOperators.ASHR, 4)
              .and(Fp8Matrix.MASK)
              .reinterpretAsFloats();
      s02 = f20.fma(b00, s02);
      s12 = f20.fma(b10, s12);
      s22 = f20.fma(b20, s22);
      s32 = f20.fma(b30, s32);
      FloatVector f21 =
          v2.lanewise(VectorOperators.LSHL, 16)
              .lanewise(VectorOperators.ASHR, 4)
              .and(Fp8Matrix.MASK)
              .reinterpretAsFloats();
      s02 = f21.fma(b01, s02);
      s12 = f21.fma(b11, s12);
      s22 = f21.fma(b21, s22);
      s32 = f21.fma(b31, s32);
      FloatVector f22 =
          v2.lanewise(VectorOperators.LSHL, 8)
              .lanewise(VectorOperators.ASHR, 4)
              .and(Fp8Matrix.MASK)
              .reinterpretAsFloats();
      s02 = f22.fma(b02, s02);
      s12 = f22.fma(b12, s12);
      s22 = f22.fma(b22, s22);
      s32 = f22.fma(b32, s32);
      FloatVector f23 =
          v2.lanewise(VectorOperators.ASHR, 4).and(Fp8Matrix.MASK).reinterpretAsFloats();
      s02 = f23.fma(b03, s02);
      s12 = f23.fma(b13, s12);
      s22 = f23.fma(b23, s22);
      s32 = f23.fma(b33, s32);
      IntVector v3 = IntVector.fromMemorySegment(I, data, w + 3 * 4L * L, LE);
      FloatVector f30 =
          v3.lanewise(VectorOperators.LSHL, 24)
              .lanewise(VectorOperators.ASHR, 4)
              .and(Fp8Matrix.MASK)
              .reinterpretAsFloats();
      s03 = f30.fma(b00, s03);
      s13 = f30.fma(b10, s13);
      s23 = f30.fma(b20, s23);
      s33 = f30.fma(b30, s33);
      FloatVector f31 =
          v3.lanewise(VectorOperators.LSHL, 16)
              .lanewise(VectorOperators.ASHR, 4)
              .and(Fp8Matrix.MASK)
              .reinterpretAsFloats();
      s03 = f31.fma(b01, s03);
      s13 = f31.fma(b11, s13);
      s23 = f31.fma(b21, s23);
      s33 = f31.fma(b31, s33);
      FloatVector f32 =
          v3.lanewise(VectorOperators.LSHL, 8)
              .lanewise(VectorOperators.ASHR, 4)
              .and(Fp8Matrix.MASK)
              .reinterpretAsFloats();
      s03 = f32.fma(b02, s03);
      s13 = f32.fma(b12, s13);
      s23 = f32.fma(b22, s23);
      s33 = f32.fma(b32, s33);
      FloatVector f33 =
          v3.lanewise(VectorOperators.ASHR, 4).and(Fp8Matrix.MASK).reinterpretAsFloats();
      s03 = f33.fma(b03, s03);
      s13 = f33.fma(b13, s13);
      s23 = f33.fma(b23, s23);
      s33 = f33.fma(b33, s33);
      w += WORD_STRIDE;
    }
    // The last word's missing inputs take no part: not even a zero is added.
    for (int i = 0; k < count; k++, i++) {
      FloatVector b0 = FloatVector.broadcast(F, x[x0 + k]);
      FloatVector b1 = FloatVector.broadcast(F, x[x1 + k]);
      FloatVector b2 = FloatVector.broadcast(F, x[x2 + k]);
      FloatVector b3 = FloatVector.broadcast(F, x[x3 + k]);
      FloatVector f0 =
          IntVector.fromMemorySegment(I, data, w, LE)
              .lanewise(VectorOperators.LSHL, 24 - 8 * i)
              .lanewise(VectorOperators.ASHR, 4)
              .and(Fp8Matrix.MASK)
              .reinterpretAsFloats();
      s00 = f0.fma(b0, s00);
      s10 = f0.fma(b1, s10);
      s20 = f0.fma(b2, s20);
      s30 = f0.fma(b3, s30);
      FloatVector f1 =
          IntVector.fromMemorySegment(I, data, w + 1 * 4L * L, LE)
              .lanewise(VectorOperators.LSHL, 24 - 8 * i)
              .lanewise(VectorOperators.ASHR, 4)
              .and(Fp8Matrix.MASK)
              .reinterpretAsFloats();
      s01 = f1.fma(b0, s01);
      s11 = f1.fma(b1, s11);
      s21 = f1.fma(b2, s21);
      s31 = f1.fma(b3, s31);
      FloatVector f2 =
          IntVector.fromMemorySegment(I, data, w + 2 * 4L * L, LE)
              .lanewise(VectorOperators.LSHL, 24 - 8 * i)
              .lanewise(VectorOperators.ASHR, 4)
              .and(Fp8Matrix.MASK)
              .reinterpretAsFloats();
      s02 = f2.fma(b0, s02);
      s12 = f2.fma(b1, s12);
      s22 = f2.fma(b2, s22);
      s32 = f2.fma(b3, s32);
      FloatVector f3 =
          IntVector.fromMemorySegment(I, data, w + 3 * 4L * L, LE)
              .lanewise(VectorOperators.LSHL, 24 - 8 * i)
              .lanewise(VectorOperators.ASHR, 4)
              .and(Fp8Matrix.MASK)
              .reinterpretAsFloats();
      s03 = f3.fma(b0, s03);
      s13 = f3.fma(b1, s13);
      s23 = f3.fma(b2, s23);
      s33 = f3.fma(b3, s33);
    }
    FloatVector f = FloatVector.broadcast(F, scale);
    s00.fma(f, FloatVector.fromArray(F, acc, a0)).intoArray(acc, a0);
    s01.fma(f, FloatVector.fromArray(F, acc, a0 + 1 * L)).intoArray(acc, a0 + 1 * L);
    s02.fma(f, FloatVector.fromArray(F, acc, a0 + 2 * L)).intoArray(acc, a0 + 2 * L);
    s03.fma(f, FloatVector.fromArray(F, acc, a0 + 3 * L)).intoArray(acc, a0 + 3 * L);
    s10.fma(f, FloatVector.fromArray(F, acc, a1)).intoArray(acc, a1);
    s11.fma(f, FloatVector.fromArray(F, acc, a1 + 1 * L)).intoArray(acc, a1 + 1 * L);
    s12.fma(f, FloatVector.fromArray(F, acc, a1 + 2 * L)).intoArray(acc, a1 + 2 * L);
    s13.fma(f, FloatVector.fromArray(F, acc, a1 + 3 * L)).intoArray(acc, a1 + 3 * L);
    s20.fma(f, FloatVector.fromArray(F, acc, a2)).intoArray(acc, a2);
    s21.fma(f, FloatVector.fromArray(F, acc, a2 + 1 * L)).intoArray(acc, a2 + 1 * L);
    s22.fma(f, FloatVector.fromArray(F, acc, a2 + 2 * L)).intoArray(acc, a2 + 2 * L);
    s23.fma(f, FloatVector.fromArray(F, acc, a2 + 3 * L)).intoArray(acc, a2 + 3 * L);
    s30.fma(f, FloatVector.fromArray(F, acc, a3)).intoArray(acc, a3);
    s31.fma(f, FloatVector.fromArray(F, acc, a3 + 1 * L)).intoArray(acc, a3 + 1 * L);
    s32.fma(f, FloatVector.fromArray(F, acc, a3 + 2 * L)).intoArray(acc, a3 + 2 * L);
    s33.fma(f, FloatVector.fromArray(F, acc, a3 + 3 * L)).intoArray(acc, a3 + 3 * L);
  }

  private static void two(
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
    FloatVector s02 = FloatVector.zero(F);
    FloatVector s03 = FloatVector.zero(F);
    FloatVector s10 = FloatVector.zero(F);
    FloatVector s11 = FloatVector.zero(F);
    FloatVector s12 = FloatVector.zero(F);
    FloatVector s13 = FloatVector.zero(F);
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
      IntVector v0 = IntVector.fromMemorySegment(I, data, w, LE);
      FloatVector f00 =
          v0.lanewise(VectorOperators.LSHL, 24)
              .lanewise(VectorOperators.ASHR, 4)
              .and(Fp8Matrix.MASK)
              .reinterpretAsFloats();
      s00 = f00.fma(b00, s00);
      s10 = f00.fma(b10, s10);
      FloatVector f01 =
          v0.lanewise(VectorOperators.LSHL, 16)
              .lanewise(VectorOperators.ASHR, 4)
              .and(Fp8Matrix.MASK)
              .reinterpretAsFloats();
      s00 = f01.fma(b01, s00);
      s10 = f01.fma(b11, s10);
      FloatVector f02 =
          v0.lanewise(VectorOperators.LSHL, 8)
              .lanewise(VectorOperators.ASHR, 4)
              .and(Fp8Matrix.MASK)
              .reinterpretAsFloats();
      s00 = f02.fma(b02, s00);
      s10 = f02.fma(b12, s10);
      FloatVector f03 =
          v0.lanewise(VectorOperators.ASHR, 4).and(Fp8Matrix.MASK).reinterpretAsFloats();
      s00 = f03.fma(b03, s00);
      s10 = f03.fma(b13, s10);
      IntVector v1 = IntVector.fromMemorySegment(I, data, w + 1 * 4L * L, LE);
      FloatVector f10 =
          v1.lanewise(VectorOperators.LSHL, 24)
              .lanewise(VectorOperators.ASHR, 4)
              .and(Fp8Matrix.MASK)
              .reinterpretAsFloats();
      s01 = f10.fma(b00, s01);
      s11 = f10.fma(b10, s11);
      FloatVector f11 =
          v1.lanewise(VectorOperators.LSHL, 16)
              .lanewise(VectorOperators.ASHR, 4)
              .and(Fp8Matrix.MASK)
              .reinterpretAsFloats();
      s01 = f11.fma(b01, s01);
      s11 = f11.fma(b11, s11);
      FloatVector f12 =
          v1.lanewise(VectorOperators.LSHL, 8)
              .lanewise(VectorOperators.ASHR, 4)
              .and(Fp8Matrix.MASK)
              .reinterpretAsFloats();
      s01 = f12.fma(b02, s01);
      s11 = f12.fma(b12, s11);
      FloatVector f13 =
          v1.lanewise(VectorOperators.ASHR, 4).and(Fp8Matrix.MASK).reinterpretAsFloats();
      s01 = f13.fma(b03, s01);
      s11 = f13.fma(b13, s11);
      IntVector v2 = IntVector.fromMemorySegment(I, data, w + 2 * 4L * L, LE);
      FloatVector f20 =
          v2.lanewise(VectorOperators.LSHL, 24)
              .lanewise(VectorOperators.ASHR, 4)
              .and(Fp8Matrix.MASK)
              .reinterpretAsFloats();
      s02 = f20.fma(b00, s02);
      s12 = f20.fma(b10, s12);
      FloatVector f21 =
          v2.lanewise(VectorOperators.LSHL, 16)
              .lanewise(VectorOperators.ASHR, 4)
              .and(Fp8Matrix.MASK)
              .reinterpretAsFloats();
      s02 = f21.fma(b01, s02);
      s12 = f21.fma(b11, s12);
      FloatVector f22 =
          v2.lanewise(VectorOperators.LSHL, 8)
              .lanewise(VectorOperators.ASHR, 4)
              .and(Fp8Matrix.MASK)
              .reinterpretAsFloats();
      s02 = f22.fma(b02, s02);
      s12 = f22.fma(b12, s12);
      FloatVector f23 =
          v2.lanewise(VectorOperators.ASHR, 4).and(Fp8Matrix.MASK).reinterpretAsFloats();
      s02 = f23.fma(b03, s02);
      s12 = f23.fma(b13, s12);
      IntVector v3 = IntVector.fromMemorySegment(I, data, w + 3 * 4L * L, LE);
      FloatVector f30 =
          v3.lanewise(VectorOperators.LSHL, 24)
              .lanewise(VectorOperators.ASHR, 4)
              .and(Fp8Matrix.MASK)
              .reinterpretAsFloats();
      s03 = f30.fma(b00, s03);
      s13 = f30.fma(b10, s13);
      FloatVector f31 =
          v3.lanewise(VectorOperators.LSHL, 16)
              .lanewise(VectorOperators.ASHR, 4)
              .and(Fp8Matrix.MASK)
              .reinterpretAsFloats();
      s03 = f31.fma(b01, s03);
      s13 = f31.fma(b11, s13);
      FloatVector f32 =
          v3.lanewise(VectorOperators.LSHL, 8)
              .lanewise(VectorOperators.ASHR, 4)
              .and(Fp8Matrix.MASK)
              .reinterpretAsFloats();
      s03 = f32.fma(b02, s03);
      s13 = f32.fma(b12, s13);
      FloatVector f33 =
          v3.lanewise(VectorOperators.ASHR, 4).and(Fp8Matrix.MASK).reinterpretAsFloats();
      s03 = f33.fma(b03, s03);
      s13 = f33.fma(b13, s13);
      w += WORD_STRIDE;
    }
    // The last word's missing inputs take no part: not even a zero is added.
    for (int i = 0; k < count; k++, i++) {
      FloatVector b0 = FloatVector.broadcast(F, x[x0 + k]);
      FloatVector b1 = FloatVector.broadcast(F, x[x1 + k]);
      FloatVector f0 =
          IntVector.fromMemorySegment(I, data, w, LE)
              .lanewise(VectorOperators.LSHL, 24 - 8 * i)
              .lanewise(VectorOperators.ASHR, 4)
              .and(Fp8Matrix.MASK)
              .reinterpretAsFloats();
      s00 = f0.fma(b0, s00);
      s10 = f0.fma(b1, s10);
      FloatVector f1 =
          IntVector.fromMemorySegment(I, data, w + 1 * 4L * L, LE)
              .lanewise(VectorOperators.LSHL, 24 - 8 * i)
              .lanewise(VectorOperators.ASHR, 4)
              .and(Fp8Matrix.MASK)
              .reinterpretAsFloats();
      s01 = f1.fma(b0, s01);
      s11 = f1.fma(b1, s11);
      FloatVector f2 =
          IntVector.fromMemorySegment(I, data, w + 2 * 4L * L, LE)
              .lanewise(VectorOperators.LSHL, 24 - 8 * i)
              .lanewise(VectorOperators.ASHR, 4)
              .and(Fp8Matrix.MASK)
              .reinterpretAsFloats();
      s02 = f2.fma(b0, s02);
      s12 = f2.fma(b1, s12);
      FloatVector f3 =
          IntVector.fromMemorySegment(I, data, w + 3 * 4L * L, LE)
              .lanewise(VectorOperators.LSHL, 24 - 8 * i)
              .lanewise(VectorOperators.ASHR, 4)
              .and(Fp8Matrix.MASK)
              .reinterpretAsFloats();
      s03 = f3.fma(b0, s03);
      s13 = f3.fma(b1, s13);
    }
    FloatVector f = FloatVector.broadcast(F, scale);
    s00.fma(f, FloatVector.fromArray(F, acc, a0)).intoArray(acc, a0);
    s01.fma(f, FloatVector.fromArray(F, acc, a0 + 1 * L)).intoArray(acc, a0 + 1 * L);
    s02.fma(f, FloatVector.fromArray(F, acc, a0 + 2 * L)).intoArray(acc, a0 + 2 * L);
    s03.fma(f, FloatVector.fromArray(F, acc, a0 + 3 * L)).intoArray(acc, a0 + 3 * L);
    s10.fma(f, FloatVector.fromArray(F, acc, a1)).intoArray(acc, a1);
    s11.fma(f, FloatVector.fromArray(F, acc, a1 + 1 * L)).intoArray(acc, a1 + 1 * L);
    s12.fma(f, FloatVector.fromArray(F, acc, a1 + 2 * L)).intoArray(acc, a1 + 2 * L);
    s13.fma(f, FloatVector.fromArray(F, acc, a1 + 3 * L)).intoArray(acc, a1 + 3 * L);
  }

  private static void one(
      MemorySegment data, long w, int count, float[] x, int x0, float[] acc, int a0, float scale) {
    FloatVector s00 = FloatVector.zero(F);
    FloatVector s01 = FloatVector.zero(F);
    FloatVector s02 = FloatVector.zero(F);
    FloatVector s03 = FloatVector.zero(F);
    int k = 0;
    for (; k <= count - 4; k += 4) {
      FloatVector b00 = FloatVector.broadcast(F, x[x0 + k]);
      FloatVector b01 = FloatVector.broadcast(F, x[x0 + k + 1]);
      FloatVector b02 = FloatVector.broadcast(F, x[x0 + k + 2]);
      FloatVector b03 = FloatVector.broadcast(F, x[x0 + k + 3]);
      IntVector v0 = IntVector.fromMemorySegment(I, data, w, LE);
      FloatVector f00 =
          v0.lanewise(VectorOperators.LSHL, 24)
              .lanewise(VectorOperators.ASHR, 4)
              .and(Fp8Matrix.MASK)
              .reinterpretAsFloats();
      s00 = f00.fma(b00, s00);
      FloatVector f01 =
          v0.lanewise(VectorOperators.LSHL, 16)
              .lanewise(VectorOperators.ASHR, 4)
              .and(Fp8Matrix.MASK)
              .reinterpretAsFloats();
      s00 = f01.fma(b01, s00);
      FloatVector f02 =
          v0.lanewise(VectorOperators.LSHL, 8)
              .lanewise(VectorOperators.ASHR, 4)
              .and(Fp8Matrix.MASK)
              .reinterpretAsFloats();
      s00 = f02.fma(b02, s00);
      FloatVector f03 =
          v0.lanewise(VectorOperators.ASHR, 4).and(Fp8Matrix.MASK).reinterpretAsFloats();
      s00 = f03.fma(b03, s00);
      IntVector v1 = IntVector.fromMemorySegment(I, data, w + 1 * 4L * L, LE);
      FloatVector f10 =
          v1.lanewise(VectorOperators.LSHL, 24)
              .lanewise(VectorOperators.ASHR, 4)
              .and(Fp8Matrix.MASK)
              .reinterpretAsFloats();
      s01 = f10.fma(b00, s01);
      FloatVector f11 =
          v1.lanewise(VectorOperators.LSHL, 16)
              .lanewise(VectorOperators.ASHR, 4)
              .and(Fp8Matrix.MASK)
              .reinterpretAsFloats();
      s01 = f11.fma(b01, s01);
      FloatVector f12 =
          v1.lanewise(VectorOperators.LSHL, 8)
              .lanewise(VectorOperators.ASHR, 4)
              .and(Fp8Matrix.MASK)
              .reinterpretAsFloats();
      s01 = f12.fma(b02, s01);
      FloatVector f13 =
          v1.lanewise(VectorOperators.ASHR, 4).and(Fp8Matrix.MASK).reinterpretAsFloats();
      s01 = f13.fma(b03, s01);
      IntVector v2 = IntVector.fromMemorySegment(I, data, w + 2 * 4L * L, LE);
      FloatVector f20 =
          v2.lanewise(VectorOperators.LSHL, 24)
              .lanewise(VectorOperators.ASHR, 4)
              .and(Fp8Matrix.MASK)
              .reinterpretAsFloats();
      s02 = f20.fma(b00, s02);
      FloatVector f21 =
          v2.lanewise(VectorOperators.LSHL, 16)
              .lanewise(VectorOperators.ASHR, 4)
              .and(Fp8Matrix.MASK)
              .reinterpretAsFloats();
      s02 = f21.fma(b01, s02);
      FloatVector f22 =
          v2.lanewise(VectorOperators.LSHL, 8)
              .lanewise(VectorOperators.ASHR, 4)
              .and(Fp8Matrix.MASK)
              .reinterpretAsFloats();
      s02 = f22.fma(b02, s02);
      FloatVector f23 =
          v2.lanewise(VectorOperators.ASHR, 4).and(Fp8Matrix.MASK).reinterpretAsFloats();
      s02 = f23.fma(b03, s02);
      IntVector v3 = IntVector.fromMemorySegment(I, data, w + 3 * 4L * L, LE);
      FloatVector f30 =
          v3.lanewise(VectorOperators.LSHL, 24)
              .lanewise(VectorOperators.ASHR, 4)
              .and(Fp8Matrix.MASK)
              .reinterpretAsFloats();
      s03 = f30.fma(b00, s03);
      FloatVector f31 =
          v3.lanewise(VectorOperators.LSHL, 16)
              .lanewise(VectorOperators.ASHR, 4)
              .and(Fp8Matrix.MASK)
              .reinterpretAsFloats();
      s03 = f31.fma(b01, s03);
      FloatVector f32 =
          v3.lanewise(VectorOperators.LSHL, 8)
              .lanewise(VectorOperators.ASHR, 4)
              .and(Fp8Matrix.MASK)
              .reinterpretAsFloats();
      s03 = f32.fma(b02, s03);
      FloatVector f33 =
          v3.lanewise(VectorOperators.ASHR, 4).and(Fp8Matrix.MASK).reinterpretAsFloats();
      s03 = f33.fma(b03, s03);
      w += WORD_STRIDE;
    }
    // The last word's missing inputs take no part: not even a zero is added.
    for (int i = 0; k < count; k++, i++) {
      FloatVector b0 = FloatVector.broadcast(F, x[x0 + k]);
      FloatVector f0 =
          IntVector.fromMemorySegment(I, data, w, LE)
              .lanewise(VectorOperators.LSHL, 24 - 8 * i)
              .lanewise(VectorOperators.ASHR, 4)
              .and(Fp8Matrix.MASK)
              .reinterpretAsFloats();
      s00 = f0.fma(b0, s00);
      FloatVector f1 =
          IntVector.fromMemorySegment(I, data, w + 1 * 4L * L, LE)
              .lanewise(VectorOperators.LSHL, 24 - 8 * i)
              .lanewise(VectorOperators.ASHR, 4)
              .and(Fp8Matrix.MASK)
              .reinterpretAsFloats();
      s01 = f1.fma(b0, s01);
      FloatVector f2 =
          IntVector.fromMemorySegment(I, data, w + 2 * 4L * L, LE)
              .lanewise(VectorOperators.LSHL, 24 - 8 * i)
              .lanewise(VectorOperators.ASHR, 4)
              .and(Fp8Matrix.MASK)
              .reinterpretAsFloats();
      s02 = f2.fma(b0, s02);
      FloatVector f3 =
          IntVector.fromMemorySegment(I, data, w + 3 * 4L * L, LE)
              .lanewise(VectorOperators.LSHL, 24 - 8 * i)
              .lanewise(VectorOperators.ASHR, 4)
              .and(Fp8Matrix.MASK)
              .reinterpretAsFloats();
      s03 = f3.fma(b0, s03);
    }
    FloatVector f = FloatVector.broadcast(F, scale);
    s00.fma(f, FloatVector.fromArray(F, acc, a0)).intoArray(acc, a0);
    s01.fma(f, FloatVector.fromArray(F, acc, a0 + 1 * L)).intoArray(acc, a0 + 1 * L);
    s02.fma(f, FloatVector.fromArray(F, acc, a0 + 2 * L)).intoArray(acc, a0 + 2 * L);
    s03.fma(f, FloatVector.fromArray(F, acc, a0 + 3 * L)).intoArray(acc, a0 + 3 * L);
  }

  /** Decodes {@code count} inputs of a panel to {@code target[k*64 + n]}. */
  static void decode(MemorySegment data, long offset, int count, float[] target) {
    int t = 0;
    int k = 0;
    for (; k <= count - 4; k += 4) {
      for (int n = 0; n < PANEL; n += L) {
        IntVector v = IntVector.fromMemorySegment(I, data, offset + 4L * n, LE);
        v.lanewise(VectorOperators.LSHL, 24)
            .lanewise(VectorOperators.ASHR, 4)
            .and(Fp8Matrix.MASK)
            .reinterpretAsFloats()
            .intoArray(target, t + n);
        v.lanewise(VectorOperators.LSHL, 16)
            .lanewise(VectorOperators.ASHR, 4)
            .and(Fp8Matrix.MASK)
            .reinterpretAsFloats()
            .intoArray(target, t + n + 1 * PANEL);
        v.lanewise(VectorOperators.LSHL, 8)
            .lanewise(VectorOperators.ASHR, 4)
            .and(Fp8Matrix.MASK)
            .reinterpretAsFloats()
            .intoArray(target, t + n + 2 * PANEL);
        v.lanewise(VectorOperators.ASHR, 4)
            .and(Fp8Matrix.MASK)
            .reinterpretAsFloats()
            .intoArray(target, t + n + 3 * PANEL);
      }
      offset += WORD_STRIDE;
      t += 4 * PANEL;
    }
    for (int i = 0; k < count; k++, i++) {
      for (int n = 0; n < PANEL; n += L) {
        IntVector v = IntVector.fromMemorySegment(I, data, offset + 4L * n, LE);
        v.lanewise(VectorOperators.LSHL, 24 - 8 * i)
            .lanewise(VectorOperators.ASHR, 4)
            .and(Fp8Matrix.MASK)
            .reinterpretAsFloats()
            .intoArray(target, t + n);
      }
      t += PANEL;
    }
  }
}
