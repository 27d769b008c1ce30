package dev.tyto.core.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class DispatchPlanTest {
  private final DispatchPlan plan = new DispatchPlan();

  /** Every token-expert pair is there once, under its expert, in order of row. */
  @Property(tries = 300, seed = "20261125")
  void noTokenIsDropped(
      @ForAll @IntRange(min = 1, max = 40) int experts,
      @ForAll @IntRange(min = 1, max = 8) int k,
      @ForAll @IntRange(min = 1, max = 20) int rows,
      @ForAll long seed) {
    int topK = Math.min(k, experts);
    Random random = new Random(seed);
    int[] ids = new int[rows * topK];
    float[] weights = new float[rows * topK];
    List<Integer> all = new ArrayList<>();
    for (int e = 0; e < experts; e++) {
      all.add(e);
    }
    for (int r = 0; r < rows; r++) {
      Collections.shuffle(all, random);
      for (int j = 0; j < topK; j++) {
        ids[r * topK + j] = all.get(j);
        weights[r * topK + j] = r + all.get(j) / 100f;
      }
    }
    plan.build(experts, topK, rows, ids, weights);
    int total = 0;
    for (int i = 0; i < plan.active(); i++) {
      int e = plan.expert(i);
      assertTrue(i == 0 || e > plan.expert(i - 1), "experts ascend");
      assertTrue(plan.load(i) > 0, "an expert without rows takes no part");
      int previous = -1;
      for (int p = plan.start(i); p < plan.start(i) + plan.load(i); p++) {
        int row = plan.row(p);
        assertTrue(row > previous);
        assertEquals(row + e / 100f, plan.weight(p));
        previous = row;
        total++;
      }
    }
    assertEquals(rows * topK, total);
    for (int r = 0; r < rows; r++) {
      for (int j = 0; j < topK; j++) {
        assertEquals(r, plan.row(plan.pair(r, j)));
        assertTrue(j == 0 || plan.pair(r, j) > plan.pair(r, j - 1));
      }
    }
  }
}
