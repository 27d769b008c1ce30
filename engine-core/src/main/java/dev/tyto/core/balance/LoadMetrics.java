package dev.tyto.core.balance;

import java.util.Arrays;

/** How evenly a layer's tokens are spread over its experts. */
public final class LoadMetrics {
  private LoadMetrics() {}

  /**
   * Maximal violation (Wang et al., Auxiliary-Loss-Free Load Balancing, arXiv 2408.15664): max load
   * / mean load - 1. 0 is perfect balance, E - 1 the worst of E experts; 0 for no load.
   */
  public static double maxVio(long[] load) {
    long max = 0;
    long total = 0;
    for (long l : load) {
      max = Math.max(max, l);
      total = Math.addExact(total, l);
    }
    return total == 0 ? 0 : (double) max * load.length / total - 1;
  }

  /**
   * Gini coefficient: mean absolute difference of two experts' loads over twice the mean load. 0 is
   * perfect balance, 1 - 1/E all load on one of E experts; 0 for no load.
   */
  public static double gini(long[] load) {
    long[] ascending = load.clone();
    Arrays.sort(ascending);
    double weighted = 0;
    double total = 0;
    int n = ascending.length;
    for (int i = 0; i < n; i++) {
      weighted += (2.0 * i + 1 - n) * ascending[i];
      total += ascending[i];
    }
    return total == 0 ? 0 : weighted / (n * total);
  }

  /**
   * Shannon entropy of the load's distribution, in bits: log2 E is perfect balance, 0 all load on
   * one expert; 0 for no load. Two to its power is the number of experts that are effectively used.
   */
  public static double entropy(long[] load) {
    double total = 0;
    for (long l : load) {
      total += l;
    }
    double bits = 0;
    for (long l : load) {
      if (l > 0) {
        double p = l / total;
        bits -= p * StrictMath.log(p);
      }
    }
    // -0.0 from a single expert would print as such.
    return bits / StrictMath.log(2) + 0.0;
  }
}
