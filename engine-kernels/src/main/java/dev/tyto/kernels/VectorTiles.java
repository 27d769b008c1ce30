package dev.tyto.kernels;

import static dev.tyto.kernels.Simd.F;
import static dev.tyto.kernels.Simd.L;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * Register tiles over an fp32 panel: {@code acc[r][n] += sum_k x[r][k] * panel[k][n]} for a few
 * rows and four vectors of n, every element one chain of fma in ascending k. With {@code fold} the
 * chain starts from zero and is folded in with one fma by the scale.
 *
 * <p>Arguments: panel row k at {@code panelOffset + k*panelStride}, x row r at {@code xOffset +
 * r*xStride}, acc row r at {@code accOffset + r*accStride}.
 */
final class VectorTiles {
  private VectorTiles() {}

  /** All rows, for outputs 0..width-1 of the panel; width is a multiple of {@code 4 * L}. */
  static void rows(
      float[] panel,
      int panelOffset,
      int panelStride,
      int width,
      int count,
      float[] x,
      int xOffset,
      int xStride,
      int rows,
      float[] acc,
      int accOffset,
      int accStride,
      boolean fold,
      float scale) {
    for (int n = 0; n < width; n += 4 * L) {
      int w = panelOffset + n;
      int r = 0;
      for (; r <= rows - 6; r += 6) {
        six(
            panel,
            w,
            panelStride,
            count,
            x,
            xOffset + r * xStride,
            xStride,
            acc,
            accOffset + r * accStride + n,
            accStride,
            fold,
            scale);
      }
      for (; r <= rows - 2; r += 2) {
        two(
            panel,
            w,
            panelStride,
            count,
            x,
            xOffset + r * xStride,
            xStride,
            acc,
            accOffset + r * accStride + n,
            accStride,
            fold,
            scale);
      }
      if (r < rows) {
        one(
            panel,
            w,
            panelStride,
            count,
            x,
            xOffset + r * xStride,
            acc,
            accOffset + r * accStride + n,
            fold,
            scale);
      }
    }
  }

  private static void six(
      float[] panel,
      int w,
      int panelStride,
      int count,
      float[] x,
      int x0,
      int xStride,
      float[] acc,
      int a0,
      int accStride,
      boolean fold,
      float scale) {
    int x1 = x0 + xStride;
    int x2 = x1 + xStride;
    int x3 = x2 + xStride;
    int x4 = x3 + xStride;
    int x5 = x4 + xStride;
    int a1 = a0 + accStride;
    int a2 = a1 + accStride;
    int a3 = a2 + accStride;
    int a4 = a3 + accStride;
    int a5 = a4 + accStride;
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
    FloatVector s40 = FloatVector.zero(F);
    FloatVector s41 = FloatVector.zero(F);
    FloatVector s42 = FloatVector.zero(F);
    FloatVector s43 = FloatVector.zero(F);
    FloatVector s50 = FloatVector.zero(F);
    FloatVector s51 = FloatVector.zero(F);
    FloatVector s52 = FloatVector.zero(F);
    FloatVector s53 = FloatVector.zero(F);
    if (!fold) {
      s00 = FloatVector.fromArray(F, acc, a0);
      s01 = FloatVector.fromArray(F, acc, a0 + 1 * L);
      s02 = FloatVector.fromArray(F, acc, a0 + 2 * L);
      s03 = FloatVector.fromArray(F, acc, a0 + 3 * L);
      s10 = FloatVector.fromArray(F, acc, a1);
      s11 = FloatVector.fromArray(F, acc, a1 + 1 * L);
      s12 = FloatVector.fromArray(F, acc, a1 + 2 * L);
      s13 = FloatVector.fromArray(F, acc, a1 + 3 * L);
      s20 = FloatVector.fromArray(F, acc, a2);
      s21 = FloatVector.fromArray(F, acc, a2 + 1 * L);
      s22 = FloatVector.fromArray(F, acc, a2 + 2 * L);
      s23 = FloatVector.fromArray(F, acc, a2 + 3 * L);
      s30 = FloatVector.fromArray(F, acc, a3);
      s31 = FloatVector.fromArray(F, acc, a3 + 1 * L);
      s32 = FloatVector.fromArray(F, acc, a3 + 2 * L);
      s33 = FloatVector.fromArray(F, acc, a3 + 3 * L);
      s40 = FloatVector.fromArray(F, acc, a4);
      s41 = FloatVector.fromArray(F, acc, a4 + 1 * L);
      s42 = FloatVector.fromArray(F, acc, a4 + 2 * L);
      s43 = FloatVector.fromArray(F, acc, a4 + 3 * L);
      s50 = FloatVector.fromArray(F, acc, a5);
      s51 = FloatVector.fromArray(F, acc, a5 + 1 * L);
      s52 = FloatVector.fromArray(F, acc, a5 + 2 * L);
      s53 = FloatVector.fromArray(F, acc, a5 + 3 * L);
    }
    for (int k = 0; k < count; k++) {
      FloatVector w0 = FloatVector.fromArray(F, panel, w);
      FloatVector w1 = FloatVector.fromArray(F, panel, w + 1 * L);
      FloatVector w2 = FloatVector.fromArray(F, panel, w + 2 * L);
      FloatVector w3 = FloatVector.fromArray(F, panel, w + 3 * L);
      FloatVector b0 = FloatVector.broadcast(F, x[x0 + k]);
      s00 = w0.fma(b0, s00);
      s01 = w1.fma(b0, s01);
      s02 = w2.fma(b0, s02);
      s03 = w3.fma(b0, s03);
      FloatVector b1 = FloatVector.broadcast(F, x[x1 + k]);
      s10 = w0.fma(b1, s10);
      s11 = w1.fma(b1, s11);
      s12 = w2.fma(b1, s12);
      s13 = w3.fma(b1, s13);
      FloatVector b2 = FloatVector.broadcast(F, x[x2 + k]);
      s20 = w0.fma(b2, s20);
      s21 = w1.fma(b2, s21);
      s22 = w2.fma(b2, s22);
      s23 = w3.fma(b2, s23);
      FloatVector b3 = FloatVector.broadcast(F, x[x3 + k]);
      s30 = w0.fma(b3, s30);
      s31 = w1.fma(b3, s31);
      s32 = w2.fma(b3, s32);
      s33 = w3.fma(b3, s33);
      FloatVector b4 = FloatVector.broadcast(F, x[x4 + k]);
      s40 = w0.fma(b4, s40);
      s41 = w1.fma(b4, s41);
      s42 = w2.fma(b4, s42);
      s43 = w3.fma(b4, s43);
      FloatVector b5 = FloatVector.broadcast(F, x[x5 + k]);
      s50 = w0.fma(b5, s50);
      s51 = w1.fma(b5, s51);
      s52 = w2.fma(b5, s52);
      s53 = w3.fma(b5, s53);
      w += panelStride;
    }
    if (fold) {
      FloatVector f = FloatVector.broadcast(F, scale);
      s00 = s00.fma(f, FloatVector.fromArray(F, acc, a0));
      s01 = s01.fma(f, FloatVector.fromArray(F, acc, a0 + 1 * L));
      s02 = s02.fma(f, FloatVector.fromArray(F, acc, a0 + 2 * L));
      s03 = s03.fma(f, FloatVector.fromArray(F, acc, a0 + 3 * L));
      s10 = s10.fma(f, FloatVector.fromArray(F, acc, a1));
      s11 = s11.fma(f, FloatVector.fromArray(F, acc, a1 + 1 * L));
      s12 = s12.fma(f, FloatVector.fromArray(F, acc, a1 + 2 * L));
      s13 = s13.fma(f, FloatVector.fromArray(F, acc, a1 + 3 * L));
      s20 = s20.fma(f, FloatVector.fromArray(F, acc, a2));
      s21 = s21.fma(f, FloatVector.fromArray(F, acc, a2 + 1 * L));
      s22 = s22.fma(f, FloatVector.fromArray(F, acc, a2 + 2 * L));
      s23 = s23.fma(f, FloatVector.fromArray(F, acc, a2 + 3 * L));
      s30 = s30.fma(f, FloatVector.fromArray(F, acc, a3));
      s31 = s31.fma(f, FloatVector.fromArray(F, acc, a3 + 1 * L));
      s32 = s32.fma(f, FloatVector.fromArray(F, acc, a3 + 2 * L));
      s33 = s33.fma(f, FloatVector.fromArray(F, acc, a3 + 3 * L));
      s40 = s40.fma(f, FloatVector.fromArray(F, acc, a4));
      s41 = s41.fma(f, FloatVector.fromArray(F, acc, a4 + 1 * L));
      s42 = s42.fma(f, FloatVector.fromArray(F, acc, a4 + 2 * L));
      s43 = s43.fma(f, FloatVector.fromArray(F, acc, a4 + 3 * L));
      s50 = s50.fma(f, FloatVector.fromArray(F, acc, a5));
      s51 = s51.fma(f, FloatVector.fromArray(F, acc, a5 + 1 * L));
      s52 = s52.fma(f, FloatVector.fromArray(F, acc, a5 + 2 * L));
      s53 = s53.fma(f, FloatVector.fromArray(F, acc, a5 + 3 * L));
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
    s40.intoArray(acc, a4);
    s41.intoArray(acc, a4 + 1 * L);
    s42.intoArray(acc, a4 + 2 * L);
    s43.intoArray(acc, a4 + 3 * L);
    s50.intoArray(acc, a5);
    s51.intoArray(acc, a5 + 1 * L);
    s52.intoArray(acc, a5 + 2 * L);
    s53.intoArray(acc, a5 + 3 * L);
  }

  private static void two(
      float[] panel,
      int w,
      int panelStride,
      int count,
      float[] x,
      int x0,
      int xStride,
      float[] acc,
      int a0,
      int accStride,
      boolean fold,
      float scale) {
    int x1 = x0 + xStride;
    int a1 = a0 + accStride;
    FloatVector s00 = FloatVector.zero(F);
    FloatVector s01 = FloatVector.zero(F);
    FloatVector s02 = FloatVector.zero(F);
    FloatVector s03 = FloatVector.zero(F);
    FloatVector s10 = FloatVector.zero(F);
    FloatVector s11 = FloatVector.zero(F);
    FloatVector s12 = FloatVector.zero(F);
    FloatVector s13 = FloatVector.zero(F);
    if (!fold) {
      s00 = FloatVector.fromArray(F, acc, a0);
      s01 = FloatVector.fromArray(F, acc, a0 + 1 * L);
      s02 = FloatVector.fromArray(F, acc, a0 + 2 * L);
      s03 = FloatVector.fromArray(F, acc, a0 + 3 * L);
      s10 = FloatVector.fromArray(F, acc, a1);
      s11 = FloatVector.fromArray(F, acc, a1 + 1 * L);
      s12 = FloatVector.fromArray(F, acc, a1 + 2 * L);
      s13 = FloatVector.fromArray(F, acc, a1 + 3 * L);
    }
    for (int k = 0; k < count; k++) {
      FloatVector w0 = FloatVector.fromArray(F, panel, w);
      FloatVector w1 = FloatVector.fromArray(F, panel, w + 1 * L);
      FloatVector w2 = FloatVector.fromArray(F, panel, w + 2 * L);
      FloatVector w3 = FloatVector.fromArray(F, panel, w + 3 * L);
      FloatVector b0 = FloatVector.broadcast(F, x[x0 + k]);
      s00 = w0.fma(b0, s00);
      s01 = w1.fma(b0, s01);
      s02 = w2.fma(b0, s02);
      s03 = w3.fma(b0, s03);
      FloatVector b1 = FloatVector.broadcast(F, x[x1 + k]);
      s10 = w0.fma(b1, s10);
      s11 = w1.fma(b1, s11);
      s12 = w2.fma(b1, s12);
      s13 = w3.fma(b1, s13);
      w += panelStride;
    }
    if (fold) {
      FloatVector f = FloatVector.broadcast(F, scale);
      s00 = s00.fma(f, FloatVector.fromArray(F, acc, a0));
      s01 = s01.fma(f, FloatVector.fromArray(F, acc, a0 + 1 * L));
      s02 = s02.fma(f, FloatVector.fromArray(F, acc, a0 + 2 * L));
      s03 = s03.fma(f, FloatVector.fromArray(F, acc, a0 + 3 * L));
      s10 = s10.fma(f, FloatVector.fromArray(F, acc, a1));
      s11 = s11.fma(f, FloatVector.fromArray(F, acc, a1 + 1 * L));
      s12 = s12.fma(f, FloatVector.fromArray(F, acc, a1 + 2 * L));
      s13 = s13.fma(f, FloatVector.fromArray(F, acc, a1 + 3 * L));
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
      float[] panel,
      int w,
      int panelStride,
      int count,
      float[] x,
      int x0,
      float[] acc,
      int a0,
      boolean fold,
      float scale) {
    FloatVector s00 = FloatVector.zero(F);
    FloatVector s01 = FloatVector.zero(F);
    FloatVector s02 = FloatVector.zero(F);
    FloatVector s03 = FloatVector.zero(F);
    if (!fold) {
      s00 = FloatVector.fromArray(F, acc, a0);
      s01 = FloatVector.fromArray(F, acc, a0 + 1 * L);
      s02 = FloatVector.fromArray(F, acc, a0 + 2 * L);
      s03 = FloatVector.fromArray(F, acc, a0 + 3 * L);
    }
    for (int k = 0; k < count; k++) {
      FloatVector w0 = FloatVector.fromArray(F, panel, w);
      FloatVector w1 = FloatVector.fromArray(F, panel, w + 1 * L);
      FloatVector w2 = FloatVector.fromArray(F, panel, w + 2 * L);
      FloatVector w3 = FloatVector.fromArray(F, panel, w + 3 * L);
      FloatVector b0 = FloatVector.broadcast(F, x[x0 + k]);
      s00 = w0.fma(b0, s00);
      s01 = w1.fma(b0, s01);
      s02 = w2.fma(b0, s02);
      s03 = w3.fma(b0, s03);
      w += panelStride;
    }
    if (fold) {
      FloatVector f = FloatVector.broadcast(F, scale);
      s00 = s00.fma(f, FloatVector.fromArray(F, acc, a0));
      s01 = s01.fma(f, FloatVector.fromArray(F, acc, a0 + 1 * L));
      s02 = s02.fma(f, FloatVector.fromArray(F, acc, a0 + 2 * L));
      s03 = s03.fma(f, FloatVector.fromArray(F, acc, a0 + 3 * L));
    }
    s00.intoArray(acc, a0);
    s01.intoArray(acc, a0 + 1 * L);
    s02.intoArray(acc, a0 + 2 * L);
    s03.intoArray(acc, a0 + 3 * L);
  }

  /** One row and one vector, of which only the lanes in {@code mask} are read and written. */
  static void column(
      float[] panel,
      int w,
      int panelStride,
      int count,
      float[] x,
      int xOffset,
      float[] acc,
      int a,
      VectorMask<Float> mask) {
    FloatVector sum = FloatVector.fromArray(F, acc, a, mask);
    for (int k = 0; k < count; k++) {
      sum =
          FloatVector.fromArray(F, panel, w, mask)
              .fma(FloatVector.broadcast(F, x[xOffset + k]), sum);
      w += panelStride;
    }
    sum.intoArray(acc, a, mask);
  }
}
