package dev.tyto.core.balance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExpertPlacementTest {
  /** The worked example of the EPLB README. */
  private static final long[][] LOAD = {
    {90, 132, 40, 61, 104, 165, 39, 4, 73, 56, 183, 86},
    {20, 107, 104, 64, 19, 197, 187, 157, 172, 86, 16, 27}
  };

  private static final int[][] PUBLISHED = {
    {5, 6, 5, 7, 8, 4, 3, 4, 10, 9, 10, 2, 0, 1, 11, 1},
    {7, 10, 6, 8, 6, 11, 8, 9, 2, 4, 5, 1, 5, 0, 3, 1}
  };

  private static double[] sortedDeviceLoads(long[] load, int[] expertOf, int devices) {
    double[] replicas = new double[load.length];
    for (int e : expertOf) {
      replicas[e]++;
    }
    double[] device = new double[devices];
    for (int s = 0; s < expertOf.length; s++) {
      device[s * devices / expertOf.length] += load[expertOf[s]] / replicas[expertOf[s]];
    }
    Arrays.sort(device);
    return device;
  }

  @Test
  void theWorkedExampleHasThePublishedDeviceLoads() {
    ExpertPlacement plan = ExpertPlacement.plan(LOAD, 16, 4, 2, 8);
    assertEquals(ExpertPlacement.Policy.HIERARCHICAL, plan.policy());
    for (int l = 0; l < LOAD.length; l++) {
      double[] got = sortedDeviceLoads(LOAD[l], plan.physicalToLogical()[l], 8);
      double[] reported = plan.deviceLoads()[l].clone();
      Arrays.sort(reported);
      assertArrayEquals(sortedDeviceLoads(LOAD[l], PUBLISHED[l], 8), got, 1e-9, "layer " + l);
      assertArrayEquals(got, reported, 1e-9);
      assertEquals(
          got[7] / Arrays.stream(got).average().orElseThrow() - 1, plan.imbalance(l), 1e-9);
    }
  }

  @Test
  void hierarchicalKeepsEachGroupOnOneNode() {
    int[][] slots = ExpertPlacement.plan(LOAD, 16, 4, 2, 8).physicalToLogical();
    for (int[] layer : slots) {
      for (int group = 0; group < 4; group++) {
        int g = group;
        long onFirst = Arrays.stream(layer, 0, 8).filter(e -> e / 3 == g).distinct().count();
        long onSecond = Arrays.stream(layer, 8, 16).filter(e -> e / 3 == g).distinct().count();
        assertEquals(3, Math.max(onFirst, onSecond));
        assertEquals(0, Math.min(onFirst, onSecond));
      }
    }
  }

  @Test
  void nodesThatDoNotDivideTheGroupsGiveTheGlobalPolicy() {
    ExpertPlacement global = ExpertPlacement.plan(LOAD, 24, 4, 3, 6);
    assertEquals(ExpertPlacement.Policy.GLOBAL, global.policy());
    assertArrayEquals(
        ExpertPlacement.plan(LOAD, 24, 1, 1, 6).physicalToLogical(), global.physicalToLogical());
  }

  @Test
  void roundRobinIsTakenWhereItIsBetter() {
    ExpertPlacement plan = ExpertPlacement.plan(new long[][] {{3, 2, 3, 2, 0, 2}}, 6, 1, 1, 2);
    assertTrue(plan.roundRobin(0));
    assertArrayEquals(new double[] {6, 6}, plan.deviceLoads()[0]);
    assertEquals(0, plan.imbalance(0));
    assertFalse(ExpertPlacement.plan(LOAD, 16, 4, 2, 8).roundRobin(0));
  }

  @Test
  void theHeaviestExpertGetsTheSpareReplicas() {
    ExpertPlacement plan = ExpertPlacement.plan(new long[][] {{100, 1, 1, 1}}, 8, 1, 1, 4);
    assertArrayEquals(new int[] {5, 1, 1, 1}, plan.replicaCounts()[0]);
  }

  @Test
  void noLoadAtAllIsPlannedToo() {
    ExpertPlacement plan = ExpertPlacement.plan(new long[1][8], 8, 2, 2, 4);
    assertEquals(0, plan.imbalance(0));
  }

  @ParameterizedTest
  @CsvSource({
    "16, 5, 2, 8, 12 experts cannot be divided into 5 groups",
    "16, 4, 3, 8, 8 devices cannot be divided among 3 nodes",
    "8, 4, 2, 8, 8 replicas are too few",
    "15, 4, 2, 8, 15 replicas cannot be divided among 8 devices",
    "16, 0, 2, 8, groups"
  })
  void numbersThatDoNotFitAreNamed(int replicas, int groups, int nodes, int devices, String says) {
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> ExpertPlacement.plan(LOAD, replicas, groups, nodes, devices))
            .getMessage();
    assertTrue(message.contains(says), message);
  }

  @Test
  void loadsThatAreNoLoadsAreNamed() {
    for (double bad : new double[] {-1, Double.NaN, Double.POSITIVE_INFINITY}) {
      double[][] load = {{1, 1}, {1, bad}};
      String message =
          assertThrows(IllegalArgumentException.class, () -> ExpertPlacement.plan(load, 2, 1, 1, 2))
              .getMessage();
      assertTrue(message.contains("expert 1 of layer 1"), message);
    }
    assertThrows(
        IllegalArgumentException.class,
        () -> ExpertPlacement.plan(new double[][] {{1, 1}, {1}}, 2, 1, 1, 2));
    assertThrows(
        IllegalArgumentException.class, () -> ExpertPlacement.plan(new double[0][], 2, 1, 1, 2));
  }
}
