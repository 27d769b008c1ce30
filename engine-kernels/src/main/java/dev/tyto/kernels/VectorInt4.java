package dev.tyto.kernels;

import static dev.tyto.kernels.Simd.F;
import static dev.tyto.kernels.Simd.I;
import static dev.tyto.kernels.Simd.L;
import static dev.tyto.kernels.Simd.LE;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** {@link WeightFormat#INT4} in vectors; see {@link GroupedMatrix} for the layout. */
final class VectorInt4 {
  private static final int WORD_STRIDE = PackedMatrix.WORD_STRIDE;
  private static final int PANEL = WeightMatrix.PANEL;
  private static final int GROUP = WeightMatrix.GROUP;

  private VectorInt4() {}

  /** One row of codes x, all whole groups of a panel, and what is left: {@code acc[n]}. */
  static void row(
      MemorySegment data,
      long panel,
      int inputs,
      float[] x,
      int x0,
      float[] scales,
      int s0,
      float[] acc) {
    int left = inputs % GROUP;
    for (int n = 0; n < PANEL; n += 4 * L) {
      long w = panel + n * 4L;
      groups(data, w, inputs - left, x, x0, scales, s0, acc, n);
      if (left > 0) {
        int g = inputs / GROUP;
        last(data, w + g * 5L * WORD_STRIDE, left, x, x0 + inputs - left, scales[s0 + g], acc, n);
      }
    }
  }

  private static void groups(
      MemorySegment data,
      long w,
      int count,
      float[] x,
      int x0,
      float[] scales,
      int s0,
      float[] acc,
      int a0) {
    FloatVector t0 = FloatVector.fromArray(F, acc, a0);
    FloatVector t1 = FloatVector.fromArray(F, acc, a0 + L);
    FloatVector t2 = FloatVector.fromArray(F, acc, a0 + 2 * L);
    FloatVector t3 = FloatVector.fromArray(F, acc, a0 + 3 * L);
    int step = 8 * Simd.one;
    for (int k = 0; k < count; k += GROUP) {
      FloatVector p0 = FloatVector.zero(F);
      FloatVector p1 = FloatVector.zero(F);
      FloatVector p2 = FloatVector.zero(F);
      FloatVector p3 = FloatVector.zero(F);
      long scaleOffset = w;
      w += WORD_STRIDE;
      for (int i = k; i < k + GROUP; i += step) {
        IntVector v0 = IntVector.fromMemorySegment(I, data, w, LE);
        IntVector v1 = IntVector.fromMemorySegment(I, data, w + 4L * L, LE);
        IntVector v2 = IntVector.fromMemorySegment(I, data, w + 8L * L, LE);
        IntVector v3 = IntVector.fromMemorySegment(I, data, w + 12L * L, LE);
        FloatVector b0 = FloatVector.broadcast(F, x[x0 + i]);
        p0 =
            ((FloatVector)
                    v0.lanewise(VectorOperators.LSHL, 28)
                        .lanewise(VectorOperators.ASHR, 28)
                        .convert(VectorOperators.I2F, 0))
                .fma(b0, p0);
        p1 =
            ((FloatVector)
                    v1.lanewise(VectorOperators.LSHL, 28)
                        .lanewise(VectorOperators.ASHR, 28)
                        .convert(VectorOperators.I2F, 0))
                .fma(b0, p1);
        p2 =
            ((FloatVector)
                    v2.lanewise(VectorOperators.LSHL, 28)
                        .lanewise(VectorOperators.ASHR, 28)
                        .convert(VectorOperators.I2F, 0))
                .fma(b0, p2);
        p3 =
            ((FloatVector)
                    v3.lanewise(VectorOperators.LSHL, 28)
                        .lanewise(VectorOperators.ASHR, 28)
                        .convert(VectorOperators.I2F, 0))
                .fma(b0, p3);
        FloatVector b1 = FloatVector.broadcast(F, x[x0 + i + 1]);
        p0 =
            ((FloatVector)
                    v0.lanewise(VectorOperators.LSHL, 24)
                        .lanewise(VectorOperators.ASHR, 28)
                        .convert(VectorOperators.I2F, 0))
                .fma(b1, p0);
        p1 =
            ((FloatVector)
                    v1.lanewise(VectorOperators.LSHL, 24)
                        .lanewise(VectorOperators.ASHR, 28)
                        .convert(VectorOperators.I2F, 0))
                .fma(b1, p1);
        p2 =
            ((FloatVector)
                    v2.lanewise(VectorOperators.LSHL, 24)
                        .lanewise(VectorOperators.ASHR, 28)
                        .convert(VectorOperators.I2F, 0))
                .fma(b1, p2);
        p3 =
            ((FloatVector)
                    v3.lanewise(VectorOperators.LSHL, 24)
                        .lanewise(VectorOperators.ASHR, 28)
                        .convert(VectorOperators.I2F, 0))
                .fma(b1, p3);
        FloatVector b2 = FloatVector.broadcast(F, x[x0 + i + 2]);
        p0 =
            ((FloatVector)
                    v0.lanewise(VectorOperators.LSHL, 20)
                        .lanewise(VectorOperators.ASHR, 28)
                        .convert(VectorOperators.I2F, 0))
                .fma(b2, p0);
        p1 =
            ((FloatVector)
                    v1.lanewise(VectorOperators.LSHL, 20)
                        .lanewise(VectorOperators.ASHR, 28)
                        .convert(VectorOperators.I2F, 0))
                .fma(b2, p1);
        p2 =
            ((FloatVector)
                    v2.lanewise(VectorOperators.LSHL, 20)
                        .lanewise(VectorOperators.ASHR, 28)
                        .convert(VectorOperators.I2F, 0))
                .fma(b2, p2);
        p3 =
            ((FloatVector)
                    v3.lanewise(VectorOperators.LSHL, 20)
                        .lanewise(VectorOperators.ASHR, 28)
                        .convert(VectorOperators.I2F, 0))
                .fma(b2, p3);
        FloatVector b3 = FloatVector.broadcast(F, x[x0 + i + 3]);
        p0 =
            ((FloatVector)
                    v0.lanewise(VectorOperators.LSHL, 16)
                        .lanewise(VectorOperators.ASHR, 28)
                        .convert(VectorOperators.I2F, 0))
                .fma(b3, p0);
        p1 =
            ((FloatVector)
                    v1.lanewise(VectorOperators.LSHL, 16)
                        .lanewise(VectorOperators.ASHR, 28)
                        .convert(VectorOperators.I2F, 0))
                .fma(b3, p1);
        p2 =
            ((FloatVector)
                    v2.lanewise(VectorOperators.LSHL, 16)
                        .lanewise(VectorOperators.ASHR, 28)
                        .convert(VectorOperators.I2F, 0))
                .fma(b3, p2);
        p3 =
            ((FloatVector)
                    v3.lanewise(VectorOperators.LSHL, 16)
                        .lanewise(VectorOperators.ASHR, 28)
                        .convert(VectorOperators.I2F, 0))
                .fma(b3, p3);
        FloatVector b4 = FloatVector.broadcast(F, x[x0 + i + 4]);
        p0 =
            ((FloatVector)
                    v0.lanewise(VectorOperators.LSHL, 12)
                        .lanewise(VectorOperators.ASHR, 28)
                        .convert(VectorOperators.I2F, 0))
                .fma(b4, p0);
        p1 =
            ((FloatVector)
                    v1.lanewise(VectorOperators.LSHL, 12)
                        .lanewise(VectorOperators.ASHR, 28)
                        .convert(VectorOperators.I2F, 0))
                .fma(b4, p1);
        p2 =
            ((FloatVector)
                    v2.lanewise(VectorOperators.LSHL, 12)
                        .lanewise(VectorOperators.ASHR, 28)
                        .convert(VectorOperators.I2F, 0))
                .fma(b4, p2);
        p3 =
            ((FloatVector)
                    v3.lanewise(VectorOperators.LSHL, 12)
                        .lanewise(VectorOperators.ASHR, 28)
                        .convert(VectorOperators.I2F, 0))
                .fma(b4, p3);
        FloatVector b5 = FloatVector.broadcast(F, x[x0 + i + 5]);
        p0 =
            ((FloatVector)
                    v0.lanewise(VectorOperators.LSHL, 8)
                        .lanewise(VectorOperators.ASHR, 28)
                        .convert(VectorOperators.I2F, 0))
                .fma(b5, p0);
        p1 =
            ((FloatVector)
                    v1.lanewise(VectorOperators.LSHL, 8)
                        .lanewise(VectorOperators.ASHR, 28)
                        .convert(VectorOperators.I2F, 0))
                .fma(b5, p1);
        p2 =
            ((FloatVector)
                    v2.lanewise(VectorOperators.LSHL, 8)
                        .lanewise(VectorOperators.ASHR, 28)
                        .convert(VectorOperators.I2F, 0))
                .fma(b5, p2);
        p3 =
            ((FloatVector)
                    v3.lanewise(VectorOperators.LSHL, 8)
                        .lanewise(VectorOperators.ASHR, 28)
                        .convert(VectorOperators.I2F, 0))
                .fma(b5, p3);
        FloatVector b6 = FloatVector.broadcast(F, x[x0 + i + 6]);
        p0 =
            ((FloatVector)
                    v0.lanewise(VectorOperators.LSHL, 4)
                        .lanewise(VectorOperators.ASHR, 28)
                        .convert(VectorOperators.I2F, 0))
                .fma(b6, p0);
        p1 =
            ((FloatVector)
                    v1.lanewise(VectorOperators.LSHL, 4)
                        .lanewise(VectorOperators.ASHR, 28)
                        .convert(VectorOperators.I2F, 0))
                .fma(b6, p1);
        p2 =
            ((FloatVector)
                    v2.lanewise(VectorOperators.LSHL, 4)
                        .lanewise(VectorOperators.ASHR, 28)
                        .convert(VectorOperators.I2F, 0))
                .fma(b6, p2);
        p3 =
            ((FloatVector)
                    v3.lanewise(VectorOperators.LSHL, 4)
                        .lanewise(VectorOperators.ASHR, 28)
                        .convert(VectorOperators.I2F, 0))
                .fma(b6, p3);
        FloatVector b7 = FloatVector.broadcast(F, x[x0 + i + 7]);
        p0 =
            ((FloatVector) v0.lanewise(VectorOperators.ASHR, 28).convert(VectorOperators.I2F, 0))
                .fma(b7, p0);
        p1 =
            ((FloatVector) v1.lanewise(VectorOperators.ASHR, 28).convert(VectorOperators.I2F, 0))
                .fma(b7, p1);
        p2 =
            ((FloatVector) v2.lanewise(VectorOperators.ASHR, 28).convert(VectorOperators.I2F, 0))
                .fma(b7, p2);
        p3 =
            ((FloatVector) v3.lanewise(VectorOperators.ASHR, 28).convert(VectorOperators.I2F, 0))
                .fma(b7, p3);
        w += WORD_STRIDE;
      }
      FloatVector m = FloatVector.broadcast(F, scales[s0 + k / GROUP]);
      t0 = p0.fma(FloatVector.fromMemorySegment(F, data, scaleOffset, LE).mul(m), t0);
      t1 = p1.fma(FloatVector.fromMemorySegment(F, data, scaleOffset + 4L * L, LE).mul(m), t1);
      t2 = p2.fma(FloatVector.fromMemorySegment(F, data, scaleOffset + 8L * L, LE).mul(m), t2);
      t3 = p3.fma(FloatVector.fromMemorySegment(F, data, scaleOffset + 12L * L, LE).mul(m), t3);
    }
    t0.intoArray(acc, a0);
    t1.intoArray(acc, a0 + L);
    t2.intoArray(acc, a0 + 2 * L);
    t3.intoArray(acc, a0 + 3 * L);
  }

  /** The incomplete last group. */
  private static void last(
      MemorySegment data, long w, int count, float[] x, int x0, float scale, float[] acc, int a0) {
    for (int n = 0; n < 4 * L; n += L) {
      FloatVector p = FloatVector.zero(F);
      for (int k = 0; k < count; k++) {
        int i = k % 8;
        IntVector v =
            IntVector.fromMemorySegment(I, data, w + 4L * n + (k / 8 + 1) * (long) WORD_STRIDE, LE);
        p =
            ((FloatVector)
                    v.lanewise(VectorOperators.LSHL, 28 - 4 * i)
                        .lanewise(VectorOperators.ASHR, 28)
                        .convert(VectorOperators.I2F, 0))
                .fma(FloatVector.broadcast(F, x[x0 + k]), p);
      }
      FloatVector.fromMemorySegment(F, data, w + 4L * n, LE)
          .mul(scale)
          .lanewise(VectorOperators.FMA, p, FloatVector.fromArray(F, acc, a0 + n))
          .intoArray(acc, a0 + n);
    }
  }

  /** Decodes {@code count} codes of one group to {@code target[k*64 + n]}; w is its first word. */
  static void decode(MemorySegment data, long w, int count, float[] target) {
    for (int k = 0; k < count; k += 8) {
      for (int n = 0; n < PANEL; n += L) {
        IntVector v = IntVector.fromMemorySegment(I, data, w + 4L * n, LE);
        int t = k * PANEL + n;
        ((FloatVector)
                v.lanewise(VectorOperators.LSHL, 28)
                    .lanewise(VectorOperators.ASHR, 28)
                    .convert(VectorOperators.I2F, 0))
            .intoArray(target, t);
        ((FloatVector)
                v.lanewise(VectorOperators.LSHL, 24)
                    .lanewise(VectorOperators.ASHR, 28)
                    .convert(VectorOperators.I2F, 0))
            .intoArray(target, t + PANEL);
        ((FloatVector)
                v.lanewise(VectorOperators.LSHL, 20)
                    .lanewise(VectorOperators.ASHR, 28)
                    .convert(VectorOperators.I2F, 0))
            .intoArray(target, t + 2 * PANEL);
        ((FloatVector)
                v.lanewise(VectorOperators.LSHL, 16)
                    .lanewise(VectorOperators.ASHR, 28)
                    .convert(VectorOperators.I2F, 0))
            .intoArray(target, t + 3 * PANEL);
        ((FloatVector)
                v.lanewise(VectorOperators.LSHL, 12)
                    .lanewise(VectorOperators.ASHR, 28)
                    .convert(VectorOperators.I2F, 0))
            .intoArray(target, t + 4 * PANEL);
        ((FloatVector)
                v.lanewise(VectorOperators.LSHL, 8)
                    .lanewise(VectorOperators.ASHR, 28)
                    .convert(VectorOperators.I2F, 0))
            .intoArray(target, t + 5 * PANEL);
        ((FloatVector)
                v.lanewise(VectorOperators.LSHL, 4)
                    .lanewise(VectorOperators.ASHR, 28)
                    .convert(VectorOperators.I2F, 0))
            .intoArray(target, t + 6 * PANEL);
        ((FloatVector) v.lanewise(VectorOperators.ASHR, 28).convert(VectorOperators.I2F, 0))
            .intoArray(target, t + 7 * PANEL);
      }
      w += WORD_STRIDE;
    }
  }
}
