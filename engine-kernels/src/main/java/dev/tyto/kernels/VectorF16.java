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
 * {@link WeightFormat#F16} in vectors; see {@link F16Matrix} for the arithmetic.
 *
 * <p>Methods take a run of {@code count} inputs of a panel, whose first word of output 0 is at byte
 * {@code w}, and do {@code acc[r*64 + n] += sum_k w[n][k] * x[r][k]}, row r of x at {@code x0 +
 * r*xStride}. The loops over one row, which memory feeds, step by a number that C2 does not know
 * (see {@link Simd#one}).
 */
final class VectorF16 {
  private static final int WORD_STRIDE = PackedMatrix.WORD_STRIDE;
  private static final int PANEL = WeightMatrix.PANEL;

  private VectorF16() {}

  /** Any number of rows, up to four at a time. */
  static void rows(
      MemorySegment data,
      long w,
      int count,
      float[] x,
      int x0,
      int xStride,
      int rows,
      float[] acc) {
    int even = rows & ~1;
    for (int n = 0; n < PANEL; n += 4 * L) {
      long v = w + n * 4L;
      int r = 0;
      for (; r <= rows - 4; r += 4) {
        VectorF16Tiles.four(data, v, count, x, x0 + r * xStride, xStride, acc, r * PANEL + n);
      }
      if (r < even) {
        VectorF16Tiles.two(data, v, count, x, x0 + r * xStride, xStride, acc, r * PANEL + n);
      }
    }
    for (int n = 0; even < rows && n < PANEL; n += 4 * L) {
      one(data, w + n * 4L, count, x, x0 + even * xStride, acc, even * PANEL + n);
    }
  }

  /**
   * One row and two neighbouring panels, the second one's sums at {@code acc[64 + n]}: two streams
   * from memory are faster than one.
   */
  static void twoPanels(
      MemorySegment data, long w, long panelBytes, int count, float[] x, int x0, float[] acc) {
    for (int n = 0; n < PANEL; n += 4 * L) {
      pair(data, w + n * 4L, panelBytes, count, x, x0, acc, n);
    }
  }

  private static void one(
      MemorySegment data, long w, int count, float[] x, int x0, float[] acc, int a0) {
    FloatVector s00 = FloatVector.fromArray(F, acc, a0);
    FloatVector s01 = FloatVector.fromArray(F, acc, a0 + L);
    FloatVector s02 = FloatVector.fromArray(F, acc, a0 + 2 * L);
    FloatVector s03 = FloatVector.fromArray(F, acc, a0 + 3 * L);
    int step = 2 * Simd.one;
    int k = 0;
    for (; k <= count - 2; k += step) {
      FloatVector b00 = FloatVector.broadcast(F, x[x0 + k]);
      FloatVector b01 = FloatVector.broadcast(F, x[x0 + k + 1]);
      IntVector vf0 = IntVector.fromMemorySegment(I, data, w, LE);
      FloatVector f0a =
          vf0.lanewise(VectorOperators.LSHL, 16)
              .lanewise(VectorOperators.ASHR, 3)
              .and(F16Matrix.MASK)
              .reinterpretAsFloats()
              .mul(F16Matrix.RESCALE);
      s00 = f0a.fma(b00, s00);
      FloatVector f0b =
          vf0.lanewise(VectorOperators.ASHR, 3)
              .and(F16Matrix.MASK)
              .reinterpretAsFloats()
              .mul(F16Matrix.RESCALE);
      s00 = f0b.fma(b01, s00);
      IntVector vf1 = IntVector.fromMemorySegment(I, data, w + 4L * L, LE);
      FloatVector f1a =
          vf1.lanewise(VectorOperators.LSHL, 16)
              .lanewise(VectorOperators.ASHR, 3)
              .and(F16Matrix.MASK)
              .reinterpretAsFloats()
              .mul(F16Matrix.RESCALE);
      s01 = f1a.fma(b00, s01);
      FloatVector f1b =
          vf1.lanewise(VectorOperators.ASHR, 3)
              .and(F16Matrix.MASK)
              .reinterpretAsFloats()
              .mul(F16Matrix.RESCALE);
      s01 = f1b.fma(b01, s01);
      IntVector vf2 = IntVector.fromMemorySegment(I, data, w + 8L * L, LE);
      FloatVector f2a =
          vf2.lanewise(VectorOperators.LSHL, 16)
              .lanewise(VectorOperators.ASHR, 3)
              .and(F16Matrix.MASK)
              .reinterpretAsFloats()
              .mul(F16Matrix.RESCALE);
      s02 = f2a.fma(b00, s02);
      FloatVector f2b =
          vf2.lanewise(VectorOperators.ASHR, 3)
              .and(F16Matrix.MASK)
              .reinterpretAsFloats()
              .mul(F16Matrix.RESCALE);
      s02 = f2b.fma(b01, s02);
      IntVector vf3 = IntVector.fromMemorySegment(I, data, w + 12L * L, LE);
      FloatVector f3a =
          vf3.lanewise(VectorOperators.LSHL, 16)
              .lanewise(VectorOperators.ASHR, 3)
              .and(F16Matrix.MASK)
              .reinterpretAsFloats()
              .mul(F16Matrix.RESCALE);
      s03 = f3a.fma(b00, s03);
      FloatVector f3b =
          vf3.lanewise(VectorOperators.ASHR, 3)
              .and(F16Matrix.MASK)
              .reinterpretAsFloats()
              .mul(F16Matrix.RESCALE);
      s03 = f3b.fma(b01, s03);
      w += WORD_STRIDE;
    }
    // Missing inputs of the last word take no part: not even a zero is added.
    for (int i = 0; k < count; k++, i++) {
      FloatVector b0 = FloatVector.broadcast(F, x[x0 + k]);
      IntVector vf0 = IntVector.fromMemorySegment(I, data, w, LE);
      FloatVector f0 =
          vf0.lanewise(VectorOperators.LSHL, 16 - 16 * i)
              .lanewise(VectorOperators.ASHR, 3)
              .and(F16Matrix.MASK)
              .reinterpretAsFloats()
              .mul(F16Matrix.RESCALE);
      s00 = f0.fma(b0, s00);
      IntVector vf1 = IntVector.fromMemorySegment(I, data, w + 4L * L, LE);
      FloatVector f1 =
          vf1.lanewise(VectorOperators.LSHL, 16 - 16 * i)
              .lanewise(VectorOperators.ASHR, 3)
              .and(F16Matrix.MASK)
              .reinterpretAsFloats()
              .mul(F16Matrix.RESCALE);
      s01 = f1.fma(b0, s01);
      IntVector vf2 = IntVector.fromMemorySegment(I, data, w + 8L * L, LE);
      FloatVector f2 =
          vf2.lanewise(VectorOperators.LSHL, 16 - 16 * i)
              .lanewise(VectorOperators.ASHR, 3)
              .and(F16Matrix.MASK)
              .reinterpretAsFloats()
              .mul(F16Matrix.RESCALE);
      s02 = f2.fma(b0, s02);
      IntVector vf3 = IntVector.fromMemorySegment(I, data, w + 12L * L, LE);
      FloatVector f3 =
          vf3.lanewise(VectorOperators.LSHL, 16 - 16 * i)
              .lanewise(VectorOperators.ASHR, 3)
              .and(F16Matrix.MASK)
              .reinterpretAsFloats()
              .mul(F16Matrix.RESCALE);
      s03 = f3.fma(b0, s03);
    }
    s00.intoArray(acc, a0);
    s01.intoArray(acc, a0 + L);
    s02.intoArray(acc, a0 + 2 * L);
    s03.intoArray(acc, a0 + 3 * L);
  }

  private static void pair(
      MemorySegment data,
      long w,
      long panelBytes,
      int count,
      float[] x,
      int x0,
      float[] acc,
      int a0) {
    long z = w + panelBytes;
    int a1 = a0 + PANEL;
    FloatVector s00 = FloatVector.fromArray(F, acc, a0);
    FloatVector s01 = FloatVector.fromArray(F, acc, a0 + L);
    FloatVector s02 = FloatVector.fromArray(F, acc, a0 + 2 * L);
    FloatVector s03 = FloatVector.fromArray(F, acc, a0 + 3 * L);
    FloatVector s10 = FloatVector.fromArray(F, acc, a1);
    FloatVector s11 = FloatVector.fromArray(F, acc, a1 + L);
    FloatVector s12 = FloatVector.fromArray(F, acc, a1 + 2 * L);
    FloatVector s13 = FloatVector.fromArray(F, acc, a1 + 3 * L);
    int step = 2 * Simd.one;
    int k = 0;
    for (; k <= count - 2; k += step) {
      FloatVector b00 = FloatVector.broadcast(F, x[x0 + k]);
      FloatVector b01 = FloatVector.broadcast(F, x[x0 + k + 1]);
      IntVector vf0 = IntVector.fromMemorySegment(I, data, w, LE);
      FloatVector f0a =
          vf0.lanewise(VectorOperators.LSHL, 16)
              .lanewise(VectorOperators.ASHR, 3)
              .and(F16Matrix.MASK)
              .reinterpretAsFloats()
              .mul(F16Matrix.RESCALE);
      s00 = f0a.fma(b00, s00);
      FloatVector f0b =
          vf0.lanewise(VectorOperators.ASHR, 3)
              .and(F16Matrix.MASK)
              .reinterpretAsFloats()
              .mul(F16Matrix.RESCALE);
      s00 = f0b.fma(b01, s00);
      IntVector vf1 = IntVector.fromMemorySegment(I, data, w + 4L * L, LE);
      FloatVector f1a =
          vf1.lanewise(VectorOperators.LSHL, 16)
              .lanewise(VectorOperators.ASHR, 3)
              .and(F16Matrix.MASK)
              .reinterpretAsFloats()
              .mul(F16Matrix.RESCALE);
      s01 = f1a.fma(b00, s01);
      FloatVector f1b =
          vf1.lanewise(VectorOperators.ASHR, 3)
              .and(F16Matrix.MASK)
              .reinterpretAsFloats()
              .mul(F16Matrix.RESCALE);
      s01 = f1b.fma(b01, s01);
      IntVector vf2 = IntVector.fromMemorySegment(I, data, w + 8L * L, LE);
      FloatVector f2a =
          vf2.lanewise(VectorOperators.LSHL, 16)
              .lanewise(VectorOperators.ASHR, 3)
              .and(F16Matrix.MASK)
              .reinterpretAsFloats()
              .mul(F16Matrix.RESCALE);
      s02 = f2a.fma(b00, s02);
      FloatVector f2b =
          vf2.lanewise(VectorOperators.ASHR, 3)
              .and(F16Matrix.MASK)
              .reinterpretAsFloats()
              .mul(F16Matrix.RESCALE);
      s02 = f2b.fma(b01, s02);
      IntVector vf3 = IntVector.fromMemorySegment(I, data, w + 12L * L, LE);
      FloatVector f3a =
          vf3.lanewise(VectorOperators.LSHL, 16)
              .lanewise(VectorOperators.ASHR, 3)
              .and(F16Matrix.MASK)
              .reinterpretAsFloats()
              .mul(F16Matrix.RESCALE);
      s03 = f3a.fma(b00, s03);
      FloatVector f3b =
          vf3.lanewise(VectorOperators.ASHR, 3)
              .and(F16Matrix.MASK)
              .reinterpretAsFloats()
              .mul(F16Matrix.RESCALE);
      s03 = f3b.fma(b01, s03);
      IntVector vg0 = IntVector.fromMemorySegment(I, data, z, LE);
      FloatVector g0a =
          vg0.lanewise(VectorOperators.LSHL, 16)
              .lanewise(VectorOperators.ASHR, 3)
              .and(F16Matrix.MASK)
              .reinterpretAsFloats()
              .mul(F16Matrix.RESCALE);
      s10 = g0a.fma(b00, s10);
      FloatVector g0b =
          vg0.lanewise(VectorOperators.ASHR, 3)
              .and(F16Matrix.MASK)
              .reinterpretAsFloats()
              .mul(F16Matrix.RESCALE);
      s10 = g0b.fma(b01, s10);
      IntVector vg1 = IntVector.fromMemorySegment(I, data, z + 4L * L, LE);
      FloatVector g1a =
          vg1.lanewise(VectorOperators.LSHL, 16)
              .lanewise(VectorOperators.ASHR, 3)
              .and(F16Matrix.MASK)
              .reinterpretAsFloats()
              .mul(F16Matrix.RESCALE);
      s11 = g1a.fma(b00, s11);
      FloatVector g1b =
          vg1.lanewise(VectorOperators.ASHR, 3)
              .and(F16Matrix.MASK)
              .reinterpretAsFloats()
              .mul(F16Matrix.RESCALE);
      s11 = g1b.fma(b01, s11);
      IntVector vg2 = IntVector.fromMemorySegment(I, data, z + 8L * L, LE);
      FloatVector g2a =
          vg2.lanewise(VectorOperators.LSHL, 16)
              .lanewise(VectorOperators.ASHR, 3)
              .and(F16Matrix.MASK)
              .reinterpretAsFloats()
              .mul(F16Matrix.RESCALE);
      s12 = g2a.fma(b00, s12);
      FloatVector g2b =
          vg2.lanewise(VectorOperators.ASHR, 3)
              .and(F16Matrix.MASK)
              .reinterpretAsFloats()
              .mul(F16Matrix.RESCALE);
      s12 = g2b.fma(b01, s12);
      IntVector vg3 = IntVector.fromMemorySegment(I, data, z + 12L * L, LE);
      FloatVector g3a =
          vg3.lanewise(VectorOperators.LSHL, 16)
              .lanewise(VectorOperators.ASHR, 3)
              .and(F16Matrix.MASK)
              .reinterpretAsFloats()
              .mul(F16Matrix.RESCALE);
      s13 = g3a.fma(b00, s13);
      FloatVector g3b =
          vg3.lanewise(VectorOperators.ASHR, 3)
              .and(F16Matrix.MASK)
              .reinterpretAsFloats()
              .mul(F16Matrix.RESCALE);
      s13 = g3b.fma(b01, s13);
      w += WORD_STRIDE;
      z += WORD_STRIDE;
    }
    // Missing inputs of the last word take no part: not even a zero is added.
    for (int i = 0; k < count; k++, i++) {
      FloatVector b0 = FloatVector.broadcast(F, x[x0 + k]);
      IntVector vf0 = IntVector.fromMemorySegment(I, data, w, LE);
      FloatVector f0 =
          vf0.lanewise(VectorOperators.LSHL, 16 - 16 * i)
              .lanewise(VectorOperators.ASHR, 3)
              .and(F16Matrix.MASK)
              .reinterpretAsFloats()
              .mul(F16Matrix.RESCALE);
      s00 = f0.fma(b0, s00);
      IntVector vf1 = IntVector.fromMemorySegment(I, data, w + 4L * L, LE);
      FloatVector f1 =
          vf1.lanewise(VectorOperators.LSHL, 16 - 16 * i)
              .lanewise(VectorOperators.ASHR, 3)
              .and(F16Matrix.MASK)
              .reinterpretAsFloats()
              .mul(F16Matrix.RESCALE);
      s01 = f1.fma(b0, s01);
      IntVector vf2 = IntVector.fromMemorySegment(I, data, w + 8L * L, LE);
      FloatVector f2 =
          vf2.lanewise(VectorOperators.LSHL, 16 - 16 * i)
              .lanewise(VectorOperators.ASHR, 3)
              .and(F16Matrix.MASK)
              .reinterpretAsFloats()
              .mul(F16Matrix.RESCALE);
      s02 = f2.fma(b0, s02);
      IntVector vf3 = IntVector.fromMemorySegment(I, data, w + 12L * L, LE);
      FloatVector f3 =
          vf3.lanewise(VectorOperators.LSHL, 16 - 16 * i)
              .lanewise(VectorOperators.ASHR, 3)
              .and(F16Matrix.MASK)
              .reinterpretAsFloats()
              .mul(F16Matrix.RESCALE);
      s03 = f3.fma(b0, s03);
      IntVector vg0 = IntVector.fromMemorySegment(I, data, z, LE);
      FloatVector g0 =
          vg0.lanewise(VectorOperators.LSHL, 16 - 16 * i)
              .lanewise(VectorOperators.ASHR, 3)
              .and(F16Matrix.MASK)
              .reinterpretAsFloats()
              .mul(F16Matrix.RESCALE);
      s10 = g0.fma(b0, s10);
      IntVector vg1 = IntVector.fromMemorySegment(I, data, z + 4L * L, LE);
      FloatVector g1 =
          vg1.lanewise(VectorOperators.LSHL, 16 - 16 * i)
              .lanewise(VectorOperators.ASHR, 3)
              .and(F16Matrix.MASK)
              .reinterpretAsFloats()
              .mul(F16Matrix.RESCALE);
      s11 = g1.fma(b0, s11);
      IntVector vg2 = IntVector.fromMemorySegment(I, data, z + 8L * L, LE);
      FloatVector g2 =
          vg2.lanewise(VectorOperators.LSHL, 16 - 16 * i)
              .lanewise(VectorOperators.ASHR, 3)
              .and(F16Matrix.MASK)
              .reinterpretAsFloats()
              .mul(F16Matrix.RESCALE);
      s12 = g2.fma(b0, s12);
      IntVector vg3 = IntVector.fromMemorySegment(I, data, z + 12L * L, LE);
      FloatVector g3 =
          vg3.lanewise(VectorOperators.LSHL, 16 - 16 * i)
              .lanewise(VectorOperators.ASHR, 3)
              .and(F16Matrix.MASK)
              .reinterpretAsFloats()
              .mul(F16Matrix.RESCALE);
      s13 = g3.fma(b0, s13);
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

  /** Decodes {@code count} inputs of a panel to {@code target[k*64 + n]}. */
  static void decode(MemorySegment data, long w, int count, float[] target) {
    int t = 0;
    int k = 0;
    for (; k <= count - 2; k += 2) {
      for (int n = 0; n < PANEL; n += L) {
        IntVector v = IntVector.fromMemorySegment(I, data, w + 4L * n, LE);
        FloatVector fa =
            v.lanewise(VectorOperators.LSHL, 16)
                .lanewise(VectorOperators.ASHR, 3)
                .and(F16Matrix.MASK)
                .reinterpretAsFloats()
                .mul(F16Matrix.RESCALE);
        fa.intoArray(target, t + n);
        FloatVector fb =
            v.lanewise(VectorOperators.ASHR, 3)
                .and(F16Matrix.MASK)
                .reinterpretAsFloats()
                .mul(F16Matrix.RESCALE);
        fb.intoArray(target, t + n + PANEL);
      }
      w += WORD_STRIDE;
      t += 2 * PANEL;
    }
    for (int i = 0; k < count; k++, i++) {
      for (int n = 0; n < PANEL; n += L) {
        IntVector v = IntVector.fromMemorySegment(I, data, w + 4L * n, LE);
        v.lanewise(VectorOperators.LSHL, 16 - 16 * i)
            .lanewise(VectorOperators.ASHR, 3)
            .and(F16Matrix.MASK)
            .reinterpretAsFloats()
            .mul(F16Matrix.RESCALE)
            .intoArray(target, t + n);
      }
      t += PANEL;
    }
  }
}
