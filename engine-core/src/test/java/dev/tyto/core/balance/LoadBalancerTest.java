package dev.tyto.core.balance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class LoadBalancerTest {
  @Test
  void theBusyGoDownTheIdleUpAndTheMeanStay() {
    float[] bias = {1, 1, 1};
    LoadBalancer.update(bias, new long[] {6, 2, 4}, 0.25);
    assertArrayEquals(new float[] {0.75f, 1.25f, 1}, bias);
  }

  @Test
  void noLoadMovesNothing() {
    float[] bias = {1, -2};
    LoadBalancer.update(bias, new long[2], 0.25);
    assertArrayEquals(new float[] {1, -2}, bias);
  }

  @Test
  void aStepSeesTheLoadOfItsWindow() {
    LoadBalancer balancer = LoadBalancer.constant(0.01, 2);
    balancer.count(3, 4, new int[] {9, 0, 1, 9}, 1, 2);
    balancer.count(5, 4, new int[] {3, 3}, 0, 2);
    assertNull(balancer.endPass());
    balancer.count(3, 4, new int[] {1, 2}, 0, 2);
    LoadBalancer.Step step = balancer.endPass();
    assertNotNull(step);
    assertEquals(1, step.number());
    assertEquals(0.01, step.gamma());
    assertArrayEquals(new int[] {3, 5}, step.layers());
    assertArrayEquals(new long[][] {{1, 2, 1, 0}, {0, 0, 0, 2}}, step.loads());
    assertEquals((1.0 + 3.0) / 2, step.meanMaxVio());
    assertEquals(step, balancer.lastStep());
    // The next window starts from nothing; passes without experts do not fill it.
    assertNull(balancer.endPass());
    balancer.count(3, 4, new int[] {2}, 0, 1);
    assertNull(balancer.endPass());
    balancer.count(3, 4, new int[] {2}, 0, 1);
    assertArrayEquals(new long[][] {{0, 0, 2, 0}}, balancer.endPass().loads());
  }

  @Test
  void aDecayingBalancerComesToRest() {
    LoadBalancer balancer = LoadBalancer.decaying(0.8, 4, 1);
    double[] gammas = new double[4];
    for (int i = 0; i < 4; i++) {
      balancer.count(0, 2, new int[] {1}, 0, 1);
      gammas[i] = balancer.endPass().gamma();
    }
    assertArrayEquals(new double[] {0.8, 0.6, 0.4, 0.2}, gammas, 1e-12);
    assertTrue(balancer.finished());
    balancer.count(0, 2, new int[] {1}, 0, 1);
    assertNull(balancer.endPass());
    assertEquals(4, balancer.steps());
  }

  @Test
  void badNumbersAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> LoadBalancer.constant(0, 1));
    assertThrows(IllegalArgumentException.class, () -> LoadBalancer.constant(Double.NaN, 1));
    assertThrows(IllegalArgumentException.class, () -> LoadBalancer.constant(0.1, 0));
    assertThrows(IllegalArgumentException.class, () -> LoadBalancer.decaying(0.1, 0, 1));
  }

  /** A router whose scores favour low experts: balancing evens them out. */
  @Test
  void aSkewedRouterBecomesEven() {
    Random random = new Random(7);
    LoadBalancer balancer = LoadBalancer.decaying(0.02, 150, 1);
    float[] bias = new float[8];
    double first = 0;
    LoadBalancer.Step step = null;
    while (!balancer.finished()) {
      int[] ids = new int[256];
      for (int t = 0; t < ids.length; t++) {
        double best = Double.NEGATIVE_INFINITY;
        for (int e = 0; e < bias.length; e++) {
          double score = 0.15 * (8 - e) + random.nextDouble() + bias[e];
          if (score > best) {
            best = score;
            ids[t] = e;
          }
        }
      }
      balancer.count(0, 8, ids, 0, ids.length);
      step = balancer.endPass();
      LoadBalancer.update(bias, step.loads()[0], step.gamma());
      first = step.number() == 1 ? step.meanMaxVio() : first;
    }
    assertTrue(first > 2, "skewed at first: " + first);
    assertTrue(step.meanMaxVio() < 0.35, "even in the end: " + step.meanMaxVio());
  }
}
