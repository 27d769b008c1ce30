package dev.tyto.kernels;

import static dev.tyto.kernels.Simd.F;
import static dev.tyto.kernels.Simd.L;
import static dev.tyto.kernels.Simd.LE;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/**
 * {@link WeightFormat#F32} in vectors.
 *
 * <p>Methods take a run of {@code count} inputs of a panel, whose first word of output 0 is at byte
 * {@code w}, and do {@code acc[r*64 + n] += sum_k w[n][k] * x[r][k]}, row r of x at {@code x0 +
 * r*xStride}. The loops over one row, which memory feeds, step by a number that C2 does not know
 * (see {@link Simd#one}).
 */
final class VectorF32 {
  private static final int WORD_STRIDE = PackedMatrix.WORD_STRIDE;
  private static final int PANEL = WeightMatrix.PANEL;

  private VectorF32() {}

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
        VectorF32Tiles.four(data, v, count, x, x0 + r * xStride, xStride, acc, r * PANEL + n);
      }
      if (r < even) {
        VectorF32Tiles.two(data, v, count, x, x0 + r * xStride, xStride, acc, r * PANEL + n);
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
    int step = Simd.one;
    for (int k = 0; k < count; k += step) {
      FloatVector b00 = FloatVector.broadcast(F, x[x0 + k]);
      FloatVector f0 = FloatVector.fromMemorySegment(F, data, w, LE);
      s00 = f0.fma(b00, s00);
      FloatVector f1 = FloatVector.fromMemorySegment(F, data, w + 4L * L, LE);
      s01 = f1.fma(b00, s01);
      FloatVector f2 = FloatVector.fromMemorySegment(F, data, w + 8L * L, LE);
      s02 = f2.fma(b00, s02);
      FloatVector f3 = FloatVector.fromMemorySegment(F, data, w + 12L * L, LE);
      s03 = f3.fma(b00, s03);
      w += WORD_STRIDE;
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
    int step = Simd.one;
    for (int k = 0; k < count; k += step) {
      FloatVector b00 = FloatVector.broadcast(F, x[x0 + k]);
      FloatVector f0 = FloatVector.fromMemorySegment(F, data, w, LE);
      s00 = f0.fma(b00, s00);
      FloatVector f1 = FloatVector.fromMemorySegment(F, data, w + 4L * L, LE);
      s01 = f1.fma(b00, s01);
      FloatVector f2 = FloatVector.fromMemorySegment(F, data, w + 8L * L, LE);
      s02 = f2.fma(b00, s02);
      FloatVector f3 = FloatVector.fromMemorySegment(F, data, w + 12L * L, LE);
      s03 = f3.fma(b00, s03);
      FloatVector g0 = FloatVector.fromMemorySegment(F, data, z, LE);
      s10 = g0.fma(b00, s10);
      FloatVector g1 = FloatVector.fromMemorySegment(F, data, z + 4L * L, LE);
      s11 = g1.fma(b00, s11);
      FloatVector g2 = FloatVector.fromMemorySegment(F, data, z + 8L * L, LE);
      s12 = g2.fma(b00, s12);
      FloatVector g3 = FloatVector.fromMemorySegment(F, data, z + 12L * L, LE);
      s13 = g3.fma(b00, s13);
      w += WORD_STRIDE;
      z += WORD_STRIDE;
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
