package dev.tyto.kernels;

import static dev.tyto.kernels.Simd.F;
import static dev.tyto.kernels.Simd.L;

import jdk.incubator.vector.FloatVector;

/**
 * Register tiles over the fp32 codes of one group: sums from zero, exact, then folded in by the
 * outputs' scales times the row's.
 */
final class VectorGroupTiles {
  private static final int PANEL = WeightMatrix.PANEL;

  private VectorGroupTiles() {}

  /** Row r of x at {@code x0 + r*xStride}, its scale at {@code s0 + r*sStride}. */
  static void rows(
      float[] panel,
      float[] scales,
      int count,
      float[] x,
      int x0,
      int xStride,
      float[] xScales,
      int s0,
      int sStride,
      int rows,
      float[] acc) {
    for (int n = 0; n < PANEL; n += 4 * L) {
      int r = 0;
      for (; r <= rows - 4; r += 4) {
        four(
            panel,
            n,
            scales,
            count,
            x,
            x0 + r * xStride,
            xStride,
            xScales,
            s0 + r * sStride,
            sStride,
            acc,
            r * PANEL + n);
      }
      for (; r < rows; r++) {
        one(
            panel,
            n,
            scales,
            count,
            x,
            x0 + r * xStride,
            xScales,
            s0 + r * sStride,
            acc,
            r * PANEL + n);
      }
    }
  }

  private static void four(
      float[] panel,
      int n,
      float[] scales,
      int count,
      float[] x,
      int x0,
      int xStride,
      float[] xScales,
      int s0,
      int sStride,
      float[] acc,
      int a0) {
    int x1 = x0 + xStride;
    int x2 = x1 + xStride;
    int x3 = x2 + xStride;
    FloatVector p00 = FloatVector.zero(F);
    FloatVector p01 = FloatVector.zero(F);
    FloatVector p02 = FloatVector.zero(F);
    FloatVector p03 = FloatVector.zero(F);
    FloatVector p10 = FloatVector.zero(F);
    FloatVector p11 = FloatVector.zero(F);
    FloatVector p12 = FloatVector.zero(F);
    FloatVector p13 = FloatVector.zero(F);
    FloatVector p20 = FloatVector.zero(F);
    FloatVector p21 = FloatVector.zero(F);
    FloatVector p22 = FloatVector.zero(F);
    FloatVector p23 = FloatVector.zero(F);
    FloatVector p30 = FloatVector.zero(F);
    FloatVector p31 = FloatVector.zero(F);
    FloatVector p32 = FloatVector.zero(F);
    FloatVector p33 = FloatVector.zero(F);
    int w = n;
    for (int k = 0; k < count; k++) {
      FloatVector w0 = FloatVector.fromArray(F, panel, w);
      FloatVector w1 = FloatVector.fromArray(F, panel, w + L);
      FloatVector w2 = FloatVector.fromArray(F, panel, w + 2 * L);
      FloatVector w3 = FloatVector.fromArray(F, panel, w + 3 * L);
      FloatVector b0 = FloatVector.broadcast(F, x[x0 + k]);
      p00 = w0.fma(b0, p00);
      p01 = w1.fma(b0, p01);
      p02 = w2.fma(b0, p02);
      p03 = w3.fma(b0, p03);
      FloatVector b1 = FloatVector.broadcast(F, x[x1 + k]);
      p10 = w0.fma(b1, p10);
      p11 = w1.fma(b1, p11);
      p12 = w2.fma(b1, p12);
      p13 = w3.fma(b1, p13);
      FloatVector b2 = FloatVector.broadcast(F, x[x2 + k]);
      p20 = w0.fma(b2, p20);
      p21 = w1.fma(b2, p21);
      p22 = w2.fma(b2, p22);
      p23 = w3.fma(b2, p23);
      FloatVector b3 = FloatVector.broadcast(F, x[x3 + k]);
      p30 = w0.fma(b3, p30);
      p31 = w1.fma(b3, p31);
      p32 = w2.fma(b3, p32);
      p33 = w3.fma(b3, p33);
      w += PANEL;
    }
    FloatVector f0 = FloatVector.fromArray(F, scales, n);
    FloatVector f1 = FloatVector.fromArray(F, scales, n + L);
    FloatVector f2 = FloatVector.fromArray(F, scales, n + 2 * L);
    FloatVector f3 = FloatVector.fromArray(F, scales, n + 3 * L);
    FloatVector m0 = FloatVector.broadcast(F, xScales[s0]);
    p00.fma(f0.mul(m0), FloatVector.fromArray(F, acc, a0)).intoArray(acc, a0);
    p01.fma(f1.mul(m0), FloatVector.fromArray(F, acc, a0 + L)).intoArray(acc, a0 + L);
    p02.fma(f2.mul(m0), FloatVector.fromArray(F, acc, a0 + 2 * L)).intoArray(acc, a0 + 2 * L);
    p03.fma(f3.mul(m0), FloatVector.fromArray(F, acc, a0 + 3 * L)).intoArray(acc, a0 + 3 * L);
    FloatVector m1 = FloatVector.broadcast(F, xScales[s0 + sStride]);
    int a1 = a0 + PANEL;
    p10.fma(f0.mul(m1), FloatVector.fromArray(F, acc, a1)).intoArray(acc, a1);
    p11.fma(f1.mul(m1), FloatVector.fromArray(F, acc, a1 + L)).intoArray(acc, a1 + L);
    p12.fma(f2.mul(m1), FloatVector.fromArray(F, acc, a1 + 2 * L)).intoArray(acc, a1 + 2 * L);
    p13.fma(f3.mul(m1), FloatVector.fromArray(F, acc, a1 + 3 * L)).intoArray(acc, a1 + 3 * L);
    FloatVector m2 = FloatVector.broadcast(F, xScales[s0 + 2 * sStride]);
    int a2 = a1 + PANEL;
    p20.fma(f0.mul(m2), FloatVector.fromArray(F, acc, a2)).intoArray(acc, a2);
    p21.fma(f1.mul(m2), FloatVector.fromArray(F, acc, a2 + L)).intoArray(acc, a2 + L);
    p22.fma(f2.mul(m2), FloatVector.fromArray(F, acc, a2 + 2 * L)).intoArray(acc, a2 + 2 * L);
    p23.fma(f3.mul(m2), FloatVector.fromArray(F, acc, a2 + 3 * L)).intoArray(acc, a2 + 3 * L);
    FloatVector m3 = FloatVector.broadcast(F, xScales[s0 + 3 * sStride]);
    int a3 = a2 + PANEL;
    p30.fma(f0.mul(m3), FloatVector.fromArray(F, acc, a3)).intoArray(acc, a3);
    p31.fma(f1.mul(m3), FloatVector.fromArray(F, acc, a3 + L)).intoArray(acc, a3 + L);
    p32.fma(f2.mul(m3), FloatVector.fromArray(F, acc, a3 + 2 * L)).intoArray(acc, a3 + 2 * L);
    p33.fma(f3.mul(m3), FloatVector.fromArray(F, acc, a3 + 3 * L)).intoArray(acc, a3 + 3 * L);
  }

  private static void one(
      float[] panel,
      int n,
      float[] scales,
      int count,
      float[] x,
      int x0,
      float[] xScales,
      int s0,
      float[] acc,
      int a0) {
    FloatVector p00 = FloatVector.zero(F);
    FloatVector p01 = FloatVector.zero(F);
    FloatVector p02 = FloatVector.zero(F);
    FloatVector p03 = FloatVector.zero(F);
    int w = n;
    for (int k = 0; k < count; k++) {
      FloatVector w0 = FloatVector.fromArray(F, panel, w);
      FloatVector w1 = FloatVector.fromArray(F, panel, w + L);
      FloatVector w2 = FloatVector.fromArray(F, panel, w + 2 * L);
      FloatVector w3 = FloatVector.fromArray(F, panel, w + 3 * L);
      FloatVector b0 = FloatVector.broadcast(F, x[x0 + k]);
      p00 = w0.fma(b0, p00);
      p01 = w1.fma(b0, p01);
      p02 = w2.fma(b0, p02);
      p03 = w3.fma(b0, p03);
      w += PANEL;
    }
    FloatVector f0 = FloatVector.fromArray(F, scales, n);
    FloatVector f1 = FloatVector.fromArray(F, scales, n + L);
    FloatVector f2 = FloatVector.fromArray(F, scales, n + 2 * L);
    FloatVector f3 = FloatVector.fromArray(F, scales, n + 3 * L);
    FloatVector m0 = FloatVector.broadcast(F, xScales[s0]);
    p00.fma(f0.mul(m0), FloatVector.fromArray(F, acc, a0)).intoArray(acc, a0);
    p01.fma(f1.mul(m0), FloatVector.fromArray(F, acc, a0 + L)).intoArray(acc, a0 + L);
    p02.fma(f2.mul(m0), FloatVector.fromArray(F, acc, a0 + 2 * L)).intoArray(acc, a0 + 2 * L);
    p03.fma(f3.mul(m0), FloatVector.fromArray(F, acc, a0 + 3 * L)).intoArray(acc, a0 + 3 * L);
  }
}
