package dev.tyto.core.model;

import dev.tyto.core.spec.RopeSpec;
import java.util.Arrays;

/**
 * Cosines and sines of every position, computed in double by StrictMath and rounded once, block by
 * block of positions when first needed. {@link #reserve} belongs to one thread, between passes;
 * reading to all.
 */
final class RopeTable {
  private static final int BLOCK = 256;

  private final double[] frequencies;
  private final double factor;
  private float[][] cos = new float[0][];
  private float[][] sin = new float[0][];

  RopeTable(RopeSpec spec) {
    this.frequencies = spec.frequencies();
    this.factor = spec.tableFactor();
  }

  int pairs() {
    return frequencies.length;
  }

  /** Makes the table cover positions 0..position. */
  void reserve(int position) {
    int needed = position / BLOCK + 1;
    if (needed > cos.length) {
      float[][] newCos = Arrays.copyOf(cos, needed);
      float[][] newSin = Arrays.copyOf(sin, needed);
      for (int b = cos.length; b < needed; b++) {
        newCos[b] = new float[BLOCK * pairs()];
        newSin[b] = new float[BLOCK * pairs()];
        fill(b, newCos[b], newSin[b]);
      }
      cos = newCos;
      sin = newSin;
    }
  }

  private void fill(int block, float[] c, float[] s) {
    for (int i = 0; i < BLOCK; i++) {
      for (int j = 0; j < pairs(); j++) {
        double angle = (block * BLOCK + i) * frequencies[j];
        c[i * pairs() + j] = (float) (StrictMath.cos(angle) * factor);
        s[i * pairs() + j] = (float) (StrictMath.sin(angle) * factor);
      }
    }
  }

  float[] cos(int position) {
    return cos[position / BLOCK];
  }

  float[] sin(int position) {
    return sin[position / BLOCK];
  }

  int offset(int position) {
    return position % BLOCK * pairs();
  }
}
