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
 * {@link WeightFormat#FP8_E4M3} in vectors, at most 128 inputs (a block) at a time: from zero, then
 * folded in by the scale; x holds activations times 2^64, see {@link Fp8Matrix}.
 *
 * <p>Methods take a run of {@code count} inputs of a panel, whose first word of output 0 is at byte
 * {@code w}, and do {@code acc[r*64 + n] += sum_k w[n][k] * x[r][k]}, row r of x at {@code x0 +
 * r*xStride}. The loops over one row, which memory feeds, step by a number that C2 does not know
 * (see {@link Simd#one}).
 */
final class VectorFp8 {
  private static final int WORD_STRIDE = PackedMatrix.WORD_STRIDE;
  private static final int PANEL = WeightMatrix.PANEL;

  private VectorFp8() {}

  /** Any number of rows, up to four at a time. */
  static void rows(
      MemorySegment data,
      long w,
      int count,
      float[] x,
      int x0,
      int xStride,
      int rows,
      float[] acc,
      float scale) {
    int even = rows & ~1;
    for (int n = 0; n < PANEL; n += 2 * L) {
      long v = w + n * 4L;
      int r = 0;
      for (; r <= rows - 4; r += 4) {
        VectorFp8Tiles.four(
            data, v, count, x, x0 + r * xStride, xStride, acc, r * PANEL + n, scale);
      }
      if (r < even) {
        VectorFp8Tiles.two(data, v, count, x, x0 + r * xStride, xStride, acc, r * PANEL + n, scale);
      }
    }
    for (int n = 0; even < rows && n < PANEL; n += 4 * L) {
      one(data, w + n * 4L, count, x, x0 + even * xStride, acc, even * PANEL + n, scale);
    }
  }

  private static void one(
      MemorySegment data, long w, int count, float[] x, int x0, float[] acc, int a0, float scale) {
    FloatVector s00 = FloatVector.zero(F);
    FloatVector s01 = FloatVector.zero(F);
    FloatVector s02 = FloatVector.zero(F);
    FloatVector s03 = FloatVector.zero(F);
    int step = 4 * Simd.one;
    int k = 0;
    for (; k <= count - 4; k += step) {
      FloatVector b00 = FloatVector.broadcast(F, x[x0 + k]);
      FloatVector b01 = FloatVector.broadcast(F, x[x0 + k + 1]);
      FloatVector b02 = FloatVector.broadcast(F, x[x0 + k + 2]);
      FloatVector b03 = FloatVector.broadcast(F, x[x0 + k + 3]);
      IntVector vf0 = IntVector.fromMemorySegment(I, data, w, LE);
      IntVector f0e =
          vf0.lanewise(VectorOperators.LSHL, 8)
              .reinterpretAsShorts()
              .lanewise(VectorOperators.ASHR, 4)
              .reinterpretAsInts();
      IntVector f0o =
          vf0.reinterpretAsShorts().lanewise(VectorOperators.ASHR, 4).reinterpretAsInts();
      FloatVector f0a =
          f0e.lanewise(VectorOperators.LSHL, 16).and(Fp8Matrix.MASK).reinterpretAsFloats();
      s00 = f0a.fma(b00, s00);
      FloatVector f0b =
          f0o.lanewise(VectorOperators.LSHL, 16).and(Fp8Matrix.MASK).reinterpretAsFloats();
      s00 = f0b.fma(b01, s00);
      FloatVector f0c = f0e.and(Fp8Matrix.MASK).reinterpretAsFloats();
      s00 = f0c.fma(b02, s00);
      FloatVector f0d = f0o.and(Fp8Matrix.MASK).reinterpretAsFloats();
      s00 = f0d.fma(b03, s00);
      IntVector vf1 = IntVector.fromMemorySegment(I, data, w + 4L * L, LE);
      IntVector f1e =
          vf1.lanewise(VectorOperators.LSHL, 8)
              .reinterpretAsShorts()
              .lanewise(VectorOperators.ASHR, 4)
              .reinterpretAsInts();
      IntVector f1o =
          vf1.reinterpretAsShorts().lanewise(VectorOperators.ASHR, 4).reinterpretAsInts();
      FloatVector f1a =
          f1e.lanewise(VectorOperators.LSHL, 16).and(Fp8Matrix.MASK).reinterpretAsFloats();
      s01 = f1a.fma(b00, s01);
      FloatVector f1b =
          f1o.lanewise(VectorOperators.LSHL, 16).and(Fp8Matrix.MASK).reinterpretAsFloats();
      s01 = f1b.fma(b01, s01);
      FloatVector f1c = f1e.and(Fp8Matrix.MASK).reinterpretAsFloats();
      s01 = f1c.fma(b02, s01);
      FloatVector f1d = f1o.and(Fp8Matrix.MASK).reinterpretAsFloats();
      s01 = f1d.fma(b03, s01);
      IntVector vf2 = IntVector.fromMemorySegment(I, data, w + 8L * L, LE);
      IntVector f2e =
          vf2.lanewise(VectorOperators.LSHL, 8)
              .reinterpretAsShorts()
              .lanewise(VectorOperators.ASHR, 4)
              .reinterpretAsInts();
      IntVector f2o =
          vf2.reinterpretAsShorts().lanewise(VectorOperators.ASHR, 4).reinterpretAsInts();
      FloatVector f2a =
          f2e.lanewise(VectorOperators.LSHL, 16).and(Fp8Matrix.MASK).reinterpretAsFloats();
      s02 = f2a.fma(b00, s02);
      FloatVector f2b =
          f2o.lanewise(VectorOperators.LSHL, 16).and(Fp8Matrix.MASK).reinterpretAsFloats();
      s02 = f2b.fma(b01, s02);
      FloatVector f2c = f2e.and(Fp8Matrix.MASK).reinterpretAsFloats();
      s02 = f2c.fma(b02, s02);
      FloatVector f2d = f2o.and(Fp8Matrix.MASK).reinterpretAsFloats();
      s02 = f2d.fma(b03, s02);
      IntVector vf3 = IntVector.fromMemorySegment(I, data, w + 12L * L, LE);
      IntVector f3e =
          vf3.lanewise(VectorOperators.LSHL, 8)
              .reinterpretAsShorts()
              .lanewise(VectorOperators.ASHR, 4)
              .reinterpretAsInts();
      IntVector f3o =
          vf3.reinterpretAsShorts().lanewise(VectorOperators.ASHR, 4).reinterpretAsInts();
      FloatVector f3a =
          f3e.lanewise(VectorOperators.LSHL, 16).and(Fp8Matrix.MASK).reinterpretAsFloats();
      s03 = f3a.fma(b00, s03);
      FloatVector f3b =
          f3o.lanewise(VectorOperators.LSHL, 16).and(Fp8Matrix.MASK).reinterpretAsFloats();
      s03 = f3b.fma(b01, s03);
      FloatVector f3c = f3e.and(Fp8Matrix.MASK).reinterpretAsFloats();
      s03 = f3c.fma(b02, s03);
      FloatVector f3d = f3o.and(Fp8Matrix.MASK).reinterpretAsFloats();
      s03 = f3d.fma(b03, s03);
      w += WORD_STRIDE;
    }
    // Missing inputs of the last word take no part: not even a zero is added.
    for (int i = 0; k < count; k++, i++) {
      FloatVector b0 = FloatVector.broadcast(F, x[x0 + k]);
      IntVector vf0 = IntVector.fromMemorySegment(I, data, w, LE);
      FloatVector f0 =
          vf0.lanewise(VectorOperators.LSHL, 24 - 8 * i)
              .lanewise(VectorOperators.ASHR, 4)
              .and(Fp8Matrix.MASK)
              .reinterpretAsFloats();
      s00 = f0.fma(b0, s00);
      IntVector vf1 = IntVector.fromMemorySegment(I, data, w + 4L * L, LE);
      FloatVector f1 =
          vf1.lanewise(VectorOperators.LSHL, 24 - 8 * i)
              .lanewise(VectorOperators.ASHR, 4)
              .and(Fp8Matrix.MASK)
              .reinterpretAsFloats();
      s01 = f1.fma(b0, s01);
      IntVector vf2 = IntVector.fromMemorySegment(I, data, w + 8L * L, LE);
      FloatVector f2 =
          vf2.lanewise(VectorOperators.LSHL, 24 - 8 * i)
              .lanewise(VectorOperators.ASHR, 4)
              .and(Fp8Matrix.MASK)
              .reinterpretAsFloats();
      s02 = f2.fma(b0, s02);
      IntVector vf3 = IntVector.fromMemorySegment(I, data, w + 12L * L, LE);
      FloatVector f3 =
          vf3.lanewise(VectorOperators.LSHL, 24 - 8 * i)
              .lanewise(VectorOperators.ASHR, 4)
              .and(Fp8Matrix.MASK)
              .reinterpretAsFloats();
      s03 = f3.fma(b0, s03);
    }
    FloatVector m = FloatVector.broadcast(F, scale);
    s00.fma(m, FloatVector.fromArray(F, acc, a0)).intoArray(acc, a0);
    s01.fma(m, FloatVector.fromArray(F, acc, a0 + L)).intoArray(acc, a0 + L);
    s02.fma(m, FloatVector.fromArray(F, acc, a0 + 2 * L)).intoArray(acc, a0 + 2 * L);
    s03.fma(m, FloatVector.fromArray(F, acc, a0 + 3 * L)).intoArray(acc, a0 + 3 * L);
  }

  /** Decodes {@code count} inputs of a panel to {@code target[k*64 + n]}. */
  static void decode(MemorySegment data, long w, int count, float[] target) {
    int t = 0;
    int k = 0;
    for (; k <= count - 4; k += 4) {
      for (int n = 0; n < PANEL; n += L) {
        IntVector v = IntVector.fromMemorySegment(I, data, w + 4L * n, LE);
        IntVector fe =
            v.lanewise(VectorOperators.LSHL, 8)
                .reinterpretAsShorts()
                .lanewise(VectorOperators.ASHR, 4)
                .reinterpretAsInts();
        IntVector fo =
            v.reinterpretAsShorts().lanewise(VectorOperators.ASHR, 4).reinterpretAsInts();
        FloatVector fa =
            fe.lanewise(VectorOperators.LSHL, 16).and(Fp8Matrix.MASK).reinterpretAsFloats();
        fa.intoArray(target, t + n);
        FloatVector fb =
            fo.lanewise(VectorOperators.LSHL, 16).and(Fp8Matrix.MASK).reinterpretAsFloats();
        fb.intoArray(target, t + n + PANEL);
        FloatVector fc = fe.and(Fp8Matrix.MASK).reinterpretAsFloats();
        fc.intoArray(target, t + n + 2 * PANEL);
        FloatVector fd = fo.and(Fp8Matrix.MASK).reinterpretAsFloats();
        fd.intoArray(target, t + n + 3 * PANEL);
      }
      w += WORD_STRIDE;
      t += 4 * PANEL;
    }
    for (int i = 0; k < count; k++, i++) {
      for (int n = 0; n < PANEL; n += L) {
        IntVector v = IntVector.fromMemorySegment(I, data, w + 4L * n, LE);
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
