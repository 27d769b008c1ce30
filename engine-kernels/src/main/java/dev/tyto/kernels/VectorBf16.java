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
 * {@link WeightFormat#BF16} in vectors.
 *
 * <p>{@code four}, {@code two} and {@code one} decode a run of words of four vectors of outputs and
 * multiply them with that many rows at once: {@code acc[r][n] += sum_k w[n][k] * x[r][k]}, row r of
 * x at {@code x0 + r*xStride}, of acc at {@code a0 + r*64}.
 */
final class VectorBf16 {
  private static final int WORD_STRIDE = PackedMatrix.WORD_STRIDE;
  private static final int PANEL = WeightMatrix.PANEL;

  private VectorBf16() {}

  /** All rows, over {@code count} inputs whose first word of output 0 is at {@code offset}. */
  static void rows(
      MemorySegment data,
      long offset,
      int count,
      float[] x,
      int xOffset,
      int xStride,
      int rows,
      float[] acc) {
    for (int n = 0; n < PANEL; n += 4 * L) {
      long w = offset + n * (long) Integer.BYTES;
      int r = 0;
      for (; r <= rows - 4; r += 4) {
        four(data, w, count, x, xOffset + r * xStride, xStride, acc, r * PANEL + n);
      }
      for (; r <= rows - 2; r += 2) {
        two(data, w, count, x, xOffset + r * xStride, xStride, acc, r * PANEL + n);
      }
      if (r < rows) {
        one(data, w, count, x, xOffset + r * xStride, acc, r * PANEL + n);
      }
    }
  }

  private static void four(
      MemorySegment data, long w, int count, float[] x, int x0, int xStride, float[] acc, int a0) {
    int x1 = x0 + xStride;
    int x2 = x1 + xStride;
    int x3 = x2 + xStride;
    int a1 = a0 + PANEL;
    int a2 = a1 + PANEL;
    int a3 = a2 + PANEL;
    FloatVector s00 = FloatVector.fromArray(F, acc, a0);
    FloatVector s01 = FloatVector.fromArray(F, acc, a0 + 1 * L);
    FloatVector s02 = FloatVector.fromArray(F, acc, a0 + 2 * L);
    FloatVector s03 = FloatVector.fromArray(F, acc, a0 + 3 * L);
    FloatVector s10 = FloatVector.fromArray(F, acc, a1);
    FloatVector s11 = FloatVector.fromArray(F, acc, a1 + 1 * L);
    FloatVector s12 = FloatVector.fromArray(F, acc, a1 + 2 * L);
    FloatVector s13 = FloatVector.fromArray(F, acc, a1 + 3 * L);
    FloatVector s20 = FloatVector.fromArray(F, acc, a2);
    FloatVector s21 = FloatVector.fromArray(F, acc, a2 + 1 * L);
    FloatVector s22 = FloatVector.fromArray(F, acc, a2 + 2 * L);
    FloatVector s23 = FloatVector.fromArray(F, acc, a2 + 3 * L);
    FloatVector s30 = FloatVector.fromArray(F, acc, a3);
    FloatVector s31 = FloatVector.fromArray(F, acc, a3 + 1 * L);
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
      IntVector v0 = IntVector.fromMemorySegment(I, data, w, LE);
      FloatVector f00 = v0.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
      s00 = f00.fma(b00, s00);
      s10 = f00.fma(b10, s10);
      s20 = f00.fma(b20, s20);
      s30 = f00.fma(b30, s30);
      FloatVector f01 = v0.and(0xFFFF0000).reinterpretAsFloats();
      s00 = f01.fma(b01, s00);
      s10 = f01.fma(b11, s10);
      s20 = f01.fma(b21, s20);
      s30 = f01.fma(b31, s30);
      IntVector v1 = IntVector.fromMemorySegment(I, data, w + 1 * 4L * L, LE);
      FloatVector f10 = v1.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
      s01 = f10.fma(b00, s01);
      s11 = f10.fma(b10, s11);
      s21 = f10.fma(b20, s21);
      s31 = f10.fma(b30, s31);
      FloatVector f11 = v1.and(0xFFFF0000).reinterpretAsFloats();
      s01 = f11.fma(b01, s01);
      s11 = f11.fma(b11, s11);
      s21 = f11.fma(b21, s21);
      s31 = f11.fma(b31, s31);
      IntVector v2 = IntVector.fromMemorySegment(I, data, w + 2 * 4L * L, LE);
      FloatVector f20 = v2.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
      s02 = f20.fma(b00, s02);
      s12 = f20.fma(b10, s12);
      s22 = f20.fma(b20, s22);
      s32 = f20.fma(b30, s32);
      FloatVector f21 = v2.and(0xFFFF0000).reinterpretAsFloats();
      s02 = f21.fma(b01, s02);
      s12 = f21.fma(b11, s12);
      s22 = f21.fma(b21, s22);
      s32 = f21.fma(b31, s32);
      IntVector v3 = IntVector.fromMemorySegment(I, data, w + 3 * 4L * L, LE);
      FloatVector f30 = v3.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
      s03 = f30.fma(b00, s03);
      s13 = f30.fma(b10, s13);
      s23 = f30.fma(b20, s23);
      s33 = f30.fma(b30, s33);
      FloatVector f31 = v3.and(0xFFFF0000).reinterpretAsFloats();
      s03 = f31.fma(b01, s03);
      s13 = f31.fma(b11, s13);
      s23 = f31.fma(b21, s23);
      s33 = f31.fma(b31, s33);
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
              .lanewise(VectorOperators.LSHL, 16 - 16 * i)
              .and(0xFFFF0000)
              .reinterpretAsFloats();
      s00 = f0.fma(b0, s00);
      s10 = f0.fma(b1, s10);
      s20 = f0.fma(b2, s20);
      s30 = f0.fma(b3, s30);
      FloatVector f1 =
          IntVector.fromMemorySegment(I, data, w + 1 * 4L * L, LE)
              .lanewise(VectorOperators.LSHL, 16 - 16 * i)
              .and(0xFFFF0000)
              .reinterpretAsFloats();
      s01 = f1.fma(b0, s01);
      s11 = f1.fma(b1, s11);
      s21 = f1.fma(b2, s21);
      s31 = f1.fma(b3, s31);
      FloatVector f2 =
          IntVector.fromMemorySegment(I, data, w + 2 * 4L * L, LE)
              .lanewise(VectorOperators.LSHL, 16 - 16 * i)
              .and(0xFFFF0000)
              .reinterpretAsFloats();
      s02 = f2.fma(b0, s02);
      s12 = f2.fma(b1, s12);
      s22 = f2.fma(b2, s22);
      s32 = f2.fma(b3, s32);
      FloatVector f3 =
          IntVector.fromMemorySegment(I, data, w + 3 * 4L * L, LE)
              .lanewise(VectorOperators.LSHL, 16 - 16 * i)
              .and(0xFFFF0000)
              .reinterpretAsFloats();
      s03 = f3.fma(b0, s03);
      s13 = f3.fma(b1, s13);
      s23 = f3.fma(b2, s23);
      s33 = f3.fma(b3, s33);
    }
    s00.intoArray(acc, a0);
    s01.intoArray(acc, a0 + 1 * L);
    s02.intoArray(acc, a0 + 2 * L);
    s03.intoArray(acc, a0 + 3 * L);
    s10.intoArray(acc, a1);
    s11.intoArray(acc, a1 + 1 * L);
    s12.intoArray(acc, a1 + 2 * L);
    s13.intoArray(acc, a1 + 3 * L);
    s20.intoArray(acc, a2);
    s21.intoArray(acc, a2 + 1 * L);
    s22.intoArray(acc, a2 + 2 * L);
    s23.intoArray(acc, a2 + 3 * L);
    s30.intoArray(acc, a3);
    s31.intoArray(acc, a3 + 1 * L);
    s32.intoArray(acc, a3 + 2 * L);
    s33.intoArray(acc, a3 + 3 * L);
  }

  private static void two(
      MemorySegment data, long w, int count, float[] x, int x0, int xStride, float[] acc, int a0) {
    int x1 = x0 + xStride;
    int a1 = a0 + PANEL;
    FloatVector s00 = FloatVector.fromArray(F, acc, a0);
    FloatVector s01 = FloatVector.fromArray(F, acc, a0 + 1 * L);
    FloatVector s02 = FloatVector.fromArray(F, acc, a0 + 2 * L);
    FloatVector s03 = FloatVector.fromArray(F, acc, a0 + 3 * L);
    FloatVector s10 = FloatVector.fromArray(F, acc, a1);
    FloatVector s11 = FloatVector.fromArray(F, acc, a1 + 1 * L);
    FloatVector s12 = FloatVector.fromArray(F, acc, a1 + 2 * L);
    FloatVector s13 = FloatVector.fromArray(F, acc, a1 + 3 * L);
    int k = 0;
    for (; k <= count - 2; k += 2) {
      FloatVector b00 = FloatVector.broadcast(F, x[x0 + k]);
      FloatVector b01 = FloatVector.broadcast(F, x[x0 + k + 1]);
      FloatVector b10 = FloatVector.broadcast(F, x[x1 + k]);
      FloatVector b11 = FloatVector.broadcast(F, x[x1 + k + 1]);
      IntVector v0 = IntVector.fromMemorySegment(I, data, w, LE);
      FloatVector f00 = v0.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
      s00 = f00.fma(b00, s00);
      s10 = f00.fma(b10, s10);
      FloatVector f01 = v0.and(0xFFFF0000).reinterpretAsFloats();
      s00 = f01.fma(b01, s00);
      s10 = f01.fma(b11, s10);
      IntVector v1 = IntVector.fromMemorySegment(I, data, w + 1 * 4L * L, LE);
      FloatVector f10 = v1.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
      s01 = f10.fma(b00, s01);
      s11 = f10.fma(b10, s11);
      FloatVector f11 = v1.and(0xFFFF0000).reinterpretAsFloats();
      s01 = f11.fma(b01, s01);
      s11 = f11.fma(b11, s11);
      IntVector v2 = IntVector.fromMemorySegment(I, data, w + 2 * 4L * L, LE);
      FloatVector f20 = v2.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
      s02 = f20.fma(b00, s02);
      s12 = f20.fma(b10, s12);
      FloatVector f21 = v2.and(0xFFFF0000).reinterpretAsFloats();
      s02 = f21.fma(b01, s02);
      s12 = f21.fma(b11, s12);
      IntVector v3 = IntVector.fromMemorySegment(I, data, w + 3 * 4L * L, LE);
      FloatVector f30 = v3.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
      s03 = f30.fma(b00, s03);
      s13 = f30.fma(b10, s13);
      FloatVector f31 = v3.and(0xFFFF0000).reinterpretAsFloats();
      s03 = f31.fma(b01, s03);
      s13 = f31.fma(b11, s13);
      w += WORD_STRIDE;
    }
    // The last word's missing inputs take no part: not even a zero is added.
    for (int i = 0; k < count; k++, i++) {
      FloatVector b0 = FloatVector.broadcast(F, x[x0 + k]);
      FloatVector b1 = FloatVector.broadcast(F, x[x1 + k]);
      FloatVector f0 =
          IntVector.fromMemorySegment(I, data, w, LE)
              .lanewise(VectorOperators.LSHL, 16 - 16 * i)
              .and(0xFFFF0000)
              .reinterpretAsFloats();
      s00 = f0.fma(b0, s00);
      s10 = f0.fma(b1, s10);
      FloatVector f1 =
          IntVector.fromMemorySegment(I, data, w + 1 * 4L * L, LE)
              .lanewise(VectorOperators.LSHL, 16 - 16 * i)
              .and(0xFFFF0000)
              .reinterpretAsFloats();
      s01 = f1.fma(b0, s01);
      s11 = f1.fma(b1, s11);
      FloatVector f2 =
          IntVector.fromMemorySegment(I, data, w + 2 * 4L * L, LE)
              .lanewise(VectorOperators.LSHL, 16 - 16 * i)
              .and(0xFFFF0000)
              .reinterpretAsFloats();
      s02 = f2.fma(b0, s02);
      s12 = f2.fma(b1, s12);
      FloatVector f3 =
          IntVector.fromMemorySegment(I, data, w + 3 * 4L * L, LE)
              .lanewise(VectorOperators.LSHL, 16 - 16 * i)
              .and(0xFFFF0000)
              .reinterpretAsFloats();
      s03 = f3.fma(b0, s03);
      s13 = f3.fma(b1, s13);
    }
    s00.intoArray(acc, a0);
    s01.intoArray(acc, a0 + 1 * L);
    s02.intoArray(acc, a0 + 2 * L);
    s03.intoArray(acc, a0 + 3 * L);
    s10.intoArray(acc, a1);
    s11.intoArray(acc, a1 + 1 * L);
    s12.intoArray(acc, a1 + 2 * L);
    s13.intoArray(acc, a1 + 3 * L);
  }

  private static void one(
      MemorySegment data, long w, int count, float[] x, int x0, float[] acc, int a0) {
    FloatVector s00 = FloatVector.fromArray(F, acc, a0);
    FloatVector s01 = FloatVector.fromArray(F, acc, a0 + 1 * L);
    FloatVector s02 = FloatVector.fromArray(F, acc, a0 + 2 * L);
    FloatVector s03 = FloatVector.fromArray(F, acc, a0 + 3 * L);
    int k = 0;
    for (; k <= count - 2; k += 2) {
      FloatVector b00 = FloatVector.broadcast(F, x[x0 + k]);
      FloatVector b01 = FloatVector.broadcast(F, x[x0 + k + 1]);
      IntVector v0 = IntVector.fromMemorySegment(I, data, w, LE);
      FloatVector f00 = v0.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
      s00 = f00.fma(b00, s00);
      FloatVector f01 = v0.and(0xFFFF0000).reinterpretAsFloats();
      s00 = f01.fma(b01, s00);
      IntVector v1 = IntVector.fromMemorySegment(I, data, w + 1 * 4L * L, LE);
      FloatVector f10 = v1.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
      s01 = f10.fma(b00, s01);
      FloatVector f11 = v1.and(0xFFFF0000).reinterpretAsFloats();
      s01 = f11.fma(b01, s01);
      IntVector v2 = IntVector.fromMemorySegment(I, data, w + 2 * 4L * L, LE);
      FloatVector f20 = v2.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
      s02 = f20.fma(b00, s02);
      FloatVector f21 = v2.and(0xFFFF0000).reinterpretAsFloats();
      s02 = f21.fma(b01, s02);
      IntVector v3 = IntVector.fromMemorySegment(I, data, w + 3 * 4L * L, LE);
      FloatVector f30 = v3.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
      s03 = f30.fma(b00, s03);
      FloatVector f31 = v3.and(0xFFFF0000).reinterpretAsFloats();
      s03 = f31.fma(b01, s03);
      w += WORD_STRIDE;
    }
    // The last word's missing inputs take no part: not even a zero is added.
    for (int i = 0; k < count; k++, i++) {
      FloatVector b0 = FloatVector.broadcast(F, x[x0 + k]);
      FloatVector f0 =
          IntVector.fromMemorySegment(I, data, w, LE)
              .lanewise(VectorOperators.LSHL, 16 - 16 * i)
              .and(0xFFFF0000)
              .reinterpretAsFloats();
      s00 = f0.fma(b0, s00);
      FloatVector f1 =
          IntVector.fromMemorySegment(I, data, w + 1 * 4L * L, LE)
              .lanewise(VectorOperators.LSHL, 16 - 16 * i)
              .and(0xFFFF0000)
              .reinterpretAsFloats();
      s01 = f1.fma(b0, s01);
      FloatVector f2 =
          IntVector.fromMemorySegment(I, data, w + 2 * 4L * L, LE)
              .lanewise(VectorOperators.LSHL, 16 - 16 * i)
              .and(0xFFFF0000)
              .reinterpretAsFloats();
      s02 = f2.fma(b0, s02);
      FloatVector f3 =
          IntVector.fromMemorySegment(I, data, w + 3 * 4L * L, LE)
              .lanewise(VectorOperators.LSHL, 16 - 16 * i)
              .and(0xFFFF0000)
              .reinterpretAsFloats();
      s03 = f3.fma(b0, s03);
    }
    s00.intoArray(acc, a0);
    s01.intoArray(acc, a0 + 1 * L);
    s02.intoArray(acc, a0 + 2 * L);
    s03.intoArray(acc, a0 + 3 * L);
  }

  /** Decodes {@code count} inputs of a panel to {@code target[k*64 + n]}. */
  static void decode(MemorySegment data, long offset, int count, float[] target) {
    int t = 0;
    int k = 0;
    for (; k <= count - 2; k += 2) {
      for (int n = 0; n < PANEL; n += L) {
        IntVector v = IntVector.fromMemorySegment(I, data, offset + 4L * n, LE);
        v.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats().intoArray(target, t + n);
        v.and(0xFFFF0000).reinterpretAsFloats().intoArray(target, t + n + 1 * PANEL);
      }
      offset += WORD_STRIDE;
      t += 2 * PANEL;
    }
    for (int i = 0; k < count; k++, i++) {
      for (int n = 0; n < PANEL; n += L) {
        IntVector v = IntVector.fromMemorySegment(I, data, offset + 4L * n, LE);
        v.lanewise(VectorOperators.LSHL, 16 - 16 * i)
            .and(0xFFFF0000)
            .reinterpretAsFloats()
            .intoArray(target, t + n);
      }
      t += PANEL;
    }
  }
}
