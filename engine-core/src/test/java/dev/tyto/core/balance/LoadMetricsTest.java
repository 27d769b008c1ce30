package dev.tyto.core.balance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class LoadMetricsTest {
  private static final long[] EVEN = {7, 7, 7, 7};
  private static final long[] ONE = {0, 12, 0, 0};
  private static final long[] MIXED = {1, 2, 3, 10};

  @Test
  void maxVioIsTheLargestLoadOverTheMean() {
    assertEquals(0, LoadMetrics.maxVio(EVEN));
    assertEquals(3, LoadMetrics.maxVio(ONE));
    assertEquals(1.5, LoadMetrics.maxVio(MIXED));
  }

  @Test
  void giniIsTheMeanDifferenceOfPairs() {
    assertEquals(0, LoadMetrics.gini(EVEN));
    assertEquals(0.75, LoadMetrics.gini(ONE));
    double differences = 0;
    for (long a : MIXED) {
      for (long b : MIXED) {
        differences += Math.abs(a - b);
      }
    }
    assertEquals(differences / 16 / (2 * 4), LoadMetrics.gini(MIXED), 1e-15);
  }

  @Test
  void entropyIsInBits() {
    assertEquals(2, LoadMetrics.entropy(EVEN), 1e-15);
    assertEquals("0.0", Double.toString(LoadMetrics.entropy(ONE)));
    assertEquals(1.5, LoadMetrics.entropy(new long[] {2, 1, 1}), 1e-15);
  }

  @Test
  void noLoadIsEven() {
    assertEquals(0, LoadMetrics.maxVio(new long[4]));
    assertEquals(0, LoadMetrics.gini(new long[4]));
    assertEquals(0, LoadMetrics.entropy(new long[4]));
  }
}
