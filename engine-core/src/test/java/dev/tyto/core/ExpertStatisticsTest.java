package dev.tyto.core;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tyto.core.balance.LoadMetrics;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** The live statistics are what an observer counts by hand. */
class ExpertStatisticsTest {
  static final Iterable<String> FIXTURES = Golden.ALL;

  /** Counts in the plainest way. */
  private static final class Counting implements PassObserver {
    final long[][] counts = new long[8][32];
    final double[][] mass = new double[8][32];
    final long[][][] together = new long[8][32][32];

    @Override
    public void route(int layer, int position, int[] ids, float[] weights, int offset, int k) {
      for (int i = offset; i < offset + k; i++) {
        counts[layer][ids[i]]++;
        mass[layer][ids[i]] += weights[i];
        for (int j = offset; j < offset + k; j++) {
          together[layer][ids[i]][ids[j]]++;
        }
      }
    }
  }

  @ParameterizedTest
  @FieldSource("FIXTURES")
  void countsMassAndPairsAreThoseOfEachRoute(String name) throws IOException {
    Golden golden = new Golden(name);
    Counting seen = new Counting();
    try (Model model = GoldenTest.load(golden, LoadOptions.defaults().withPrefillChunk(40));
        Session session = model.newSession()) {
      session.evaluate(golden.prompts().get(2), seen);
      session.evaluate(golden.prompts().get(1), seen);
      ExpertStatistics statistics = model.expertStatistics();
      assertEquals(96 + 17, statistics.rows());
      assertEquals(4, statistics.passes());
      assertEquals(model.info().moeLayers(), statistics.layers().size());
      for (ExpertStatistics.Layer layer : statistics.layers()) {
        int l = layer.layer();
        assertEquals(96 + 17, layer.rows());
        for (int a = 0; a < layer.experts(); a++) {
          assertEquals(seen.counts[l][a], layer.count(a));
          assertEquals(seen.mass[l][a], layer.weightMass(a), 1e-9);
          for (int b = 0; b < a; b++) {
            assertEquals(seen.together[l][a][b], layer.together(a, b));
            assertEquals(seen.together[l][a][b], layer.together(b, a));
          }
        }
        assertEquals(LoadMetrics.maxVio(layer.counts()), layer.maxVio());
      }
    }
  }

  @Test
  void aSnapshotDoesNotChangeAndAResetStartsAnew() throws IOException {
    Golden golden = new Golden("v3-tiny-bf16");
    try (Model model = GoldenTest.load(golden, LoadOptions.defaults());
        Session session = model.newSession()) {
      session.evaluate(golden.prompts().get(1), new PassObserver() {});
      ExpertStatistics before = model.expertStatistics();
      long[] counts = before.layers().getFirst().counts();
      model.resetExpertStatistics();
      assertEquals(0, model.expertStatistics().rows());
      session.generate(new int[] {5}, SamplingOptions.GREEDY, 3, Set.of()).finishReason();
      assertEquals(3, model.expertStatistics().rows());
      assertEquals(3, model.expertStatistics().layers().getFirst().rows());
      assertArrayEquals(counts, before.layers().getFirst().counts());
    }
  }

  @Test
  void theTopPairsAreTheMostFrequentWithTheirLift() {
    // 10 rows, top-2 of 4: 0 and 1 together six times, 2 and 3 four times.
    long[] pairs = new long[6];
    pairs[ExpertStatistics.Layer.pairIndex(0, 1)] = 6;
    pairs[ExpertStatistics.Layer.pairIndex(2, 3)] = 4;
    ExpertStatistics.Layer layer =
        new ExpertStatistics.Layer(1, 10, new long[] {6, 6, 4, 4}, new double[4], pairs);
    assertEquals(
        List.of(
            new ExpertStatistics.Pair(0, 1, 6, 10 / 6.0),
            new ExpertStatistics.Pair(2, 3, 4, 10 / 4.0)),
        layer.topPairs(5));
    assertEquals(1, layer.topPairs(1).size());
  }

  @Test
  void everyPairHasItsOwnPlace() {
    Set<Integer> seen = new java.util.HashSet<>();
    for (int b = 1; b < 40; b++) {
      for (int a = 0; a < b; a++) {
        assertTrue(seen.add(ExpertStatistics.Layer.pairIndex(a, b)));
      }
    }
    assertEquals(40 * 39 / 2 - 1, seen.stream().mapToInt(i -> i).max().orElseThrow());
  }
}
