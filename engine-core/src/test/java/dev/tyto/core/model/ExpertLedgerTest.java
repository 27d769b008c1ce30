package dev.tyto.core.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tyto.core.ExpertStatistics;
import dev.tyto.core.balance.LoadBalancer;
import dev.tyto.core.spec.DenseSpec;
import dev.tyto.core.spec.LayerSpec;
import dev.tyto.core.spec.MlaSpec;
import dev.tyto.core.spec.MoeSpec;
import dev.tyto.core.spec.RouterSpec;
import dev.tyto.core.spec.RouterSpec.GroupScore;
import dev.tyto.core.spec.RouterSpec.Score;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExpertLedgerTest {
  private static final MlaSpec ATTENTION = new MlaSpec(1, 0, 1, 1, 2, 1, 1);
  private static final LayerSpec DENSE = new LayerSpec(ATTENTION, new DenseSpec(4));
  private static final LayerSpec EXPERTS =
      new LayerSpec(
          ATTENTION,
          new MoeSpec(
              new RouterSpec(4, 2, Score.SIGMOID, true, 1, 1, GroupScore.MAX, true, 1),
              4,
              0,
              false));

  private final ExpertLedger ledger = new ExpertLedger(List.of(DENSE, EXPERTS, EXPERTS));

  /** It fails in the second layer with experts; then it runs again without the failing row. */
  @Test
  void aPassThatRunsAgainCountsOnce() {
    ledger.begin();
    ledger.record(1, 2, new int[] {0, 1, 2, 3}, new float[] {1, 2, 3, 4});
    ledger.begin();
    ledger.record(1, 1, new int[] {0, 1}, new float[] {1, 2});
    ledger.record(2, 1, new int[] {3, 1}, new float[] {5, 6});
    ledger.commit(1);
    ExpertStatistics seen = ledger.snapshot();
    assertEquals(1, seen.passes());
    assertEquals(1, seen.rows());
    assertEquals(List.of(1, 2), seen.layers().stream().map(ExpertStatistics.Layer::layer).toList());
    assertArrayEquals(new long[] {1, 1, 0, 0}, seen.layers().get(0).counts());
    assertArrayEquals(new long[] {0, 1, 0, 1}, seen.layers().get(1).counts());
    assertEquals(5, seen.layers().get(1).weightMass(3));
    assertEquals(1, seen.layers().get(1).together(1, 3));
    assertEquals(0, seen.layers().get(0).together(1, 3));
    assertEquals(4, ledger.passPairs());
  }

  @Test
  void layersThatNothingPassedAreEmpty() {
    ledger.begin();
    ledger.commit(0);
    ExpertStatistics.Layer layer = ledger.snapshot().layers().getFirst();
    assertEquals(0, layer.rows());
    assertEquals(0, layer.together(0, 3));
    assertEquals(List.of(), layer.topPairs(3));
  }

  @Test
  void aBalancerSeesThePassThatWasCommitted() {
    ledger.begin();
    ledger.record(2, 3, new int[] {0, 1, 0, 2, 0, 3}, new float[6]);
    ledger.commit(3);
    LoadBalancer balancer = LoadBalancer.constant(1, 1);
    ledger.showPass(balancer);
    LoadBalancer.Step step = balancer.endPass();
    assertArrayEquals(new int[] {2}, step.layers());
    assertArrayEquals(new long[][] {{3, 1, 1, 1}}, step.loads());
  }
}
