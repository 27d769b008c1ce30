package dev.tyto.core.sampling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tyto.core.SamplingOptions;
import dev.tyto.core.TokenLogprob;
import dev.tyto.kernels.Kernels;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class SamplerTest {
  private static final SamplingOptions WARM = SamplingOptions.GREEDY.withTemperature(1);
  private final Sampler sampler = new Sampler(Kernels.get());

  private int draw(float[] logits, SamplingOptions options) {
    return sampler.draw(logits, 0, logits.length, options, null, 7);
  }

  /** All tokens that 2000 seeds draw. */
  private Set<Integer> drawn(float[] logits, SamplingOptions options) {
    Set<Integer> ids = new TreeSet<>();
    for (int seed = 0; seed < 2000; seed++) {
      ids.add(draw(logits, options.withSeed(seed)));
    }
    return ids;
  }

  @Test
  void greedyTakesTheLowerIdOnATie() {
    assertEquals(1, draw(new float[] {0, 3, 3, 1}, SamplingOptions.GREEDY));
  }

  @Test
  void notANumberIsRefused() {
    float[] logits = {0, Float.NaN, 1};
    assertEquals(-1, draw(logits, SamplingOptions.GREEDY));
    assertEquals(-1, draw(logits, WARM));
  }

  @Test
  void topKKeepsTheKMostLikelyAndTheLowerIdsOfATie() {
    assertEquals(Set.of(1, 2), drawn(new float[] {0, 1, 1, 1, 0.5f}, WARM.withTopK(2)));
    assertEquals(Set.of(0, 1, 2), drawn(new float[] {0, 1, 1}, WARM.withTopK(9)));
  }

  @Test
  void topPKeepsTheSmallestSetThatReachesP() {
    float[] logits = logs(0.5, 0.3, 0.15, 0.05);
    assertEquals(Set.of(0), drawn(logits, WARM.withTopP(0.45)));
    assertEquals(Set.of(0, 1), drawn(logits, WARM.withTopP(0.79)));
    assertEquals(Set.of(0, 1, 2), drawn(logits, WARM.withTopP(0.81)));
    assertEquals(Set.of(0, 1, 2, 3), drawn(logits, WARM));
  }

  @Test
  void topPOfALargeVocabularyEqualsAFullSort() {
    Random random = new Random(5);
    for (int round = 0; round < 20; round++) {
      float[] logits = new float[3000];
      for (int i = 0; i < logits.length; i++) {
        logits[i] = (float) (random.nextGaussian() * 3);
      }
      double p = 0.05 + random.nextDouble() * 0.9;
      float[] cut = logits.clone();
      new Truncation().topP(Kernels.get(), cut, cut.length, p);
      float[] probabilities = logits.clone();
      Kernels.get().softmax(probabilities, 0, probabilities.length);
      Integer[] order = new Integer[logits.length];
      Arrays.setAll(order, i -> i);
      Arrays.sort(order, (a, b) -> Float.compare(logits[b], logits[a]));
      double sum = 0;
      for (Integer id : order) {
        assertEquals(sum < p, cut[id] != Float.NEGATIVE_INFINITY, "p " + p + " id " + id);
        sum += probabilities[id];
      }
    }
  }

  @Test
  void minPIsRelativeToTheBest() {
    assertEquals(Set.of(0, 1), drawn(logs(0.5, 0.3, 0.15, 0.05), WARM.withMinP(0.5)));
  }

  @Test
  void penaltiesLowerWhatOccurred() {
    TokenCounts counts = new TokenCounts(4);
    counts.addContext(3);
    counts.addGenerated(0);
    counts.addGenerated(0);
    float[] logits = {2, 1.5f, 0, 2.1f};
    SamplingOptions none = SamplingOptions.GREEDY;
    assertEquals(3, sampler.draw(logits, 0, 4, none, counts, 0));
    assertEquals(1, sampler.draw(logits, 0, 4, none.withPenalties(2, 0, 0), counts, 0));
    assertEquals(3, sampler.draw(logits, 0, 4, none.withPenalties(1, 1, 0), counts, 0));
    float[] close = {2.1f, 1.5f, 0, 1.2f};
    assertEquals(0, sampler.draw(close, 0, 4, none.withPenalties(1, 0, 0.25), counts, 0));
    assertEquals(1, sampler.draw(close, 0, 4, none.withPenalties(1, 0, 0.35), counts, 0));
    float[] negative = {-1, -1.5f, -9, -9};
    assertEquals(1, sampler.draw(negative, 0, 4, none.withPenalties(2, 0, 0), counts, 0));
  }

  @Test
  void logitBiasAddsAndForbids() {
    float[] logits = {2, 1, 0};
    SamplingOptions o = SamplingOptions.GREEDY;
    assertEquals(2, draw(logits, o.withLogitBias(Map.of(2, 5f))));
    assertEquals(1, draw(logits, o.withLogitBias(Map.of(0, Float.NEGATIVE_INFINITY))));
  }

  @Test
  void theDrawIsAPureFunctionOfSeedAndPosition() {
    float[] logits = new float[50];
    int first = draw(logits, WARM.withSeed(1));
    draw(logits, WARM.withSeed(2));
    assertEquals(first, draw(logits, WARM.withSeed(1)));
    Set<Integer> positions = new TreeSet<>();
    for (int position = 0; position < 50; position++) {
      positions.add(sampler.draw(logits, 0, 50, WARM.withSeed(1), null, position));
    }
    assertTrue(positions.size() > 10, "the position must enter the noise");
  }

  /** Chi-square against the softmax of the processed logits. */
  @Test
  void drawsFollowTheProcessedDistribution() {
    float[] logits = logs(0.4, 0.3, 0.2, 0.07, 0.03);
    int[] counts = new int[5];
    int n = 20_000;
    for (int seed = 0; seed < n; seed++) {
      counts[draw(logits, WARM.withTemperature(0.5).withSeed(seed))]++;
    }
    double[] p = {0.16, 0.09, 0.04, 0.0049, 0.0009};
    double sum = Arrays.stream(p).sum();
    double chi = 0;
    for (int i = 0; i < p.length; i++) {
      double expected = n * p[i] / sum;
      chi += (counts[i] - expected) * (counts[i] - expected) / expected;
    }
    assertTrue(chi < 18.5, "chi-square with 4 degrees of freedom is " + chi);
    assertNotEquals(0, counts[4]);
  }

  @Test
  void logprobsAreOfTheRawLogits() {
    float[] logits = logs(0.5, 0.1, 0.3, 0.1);
    float normalizer = sampler.logNormalizer(logits, 0, 4);
    List<TokenLogprob> top = sampler.top(logits, 0, 4, 3, normalizer);
    assertEquals(List.of(0, 2, 1), top.stream().map(TokenLogprob::id).toList());
    assertEquals(Math.log(0.5), top.get(0).logprob(), 1e-6);
    assertEquals(Math.log(0.3), top.get(1).logprob(), 1e-6);
  }

  private static float[] logs(double... p) {
    float[] x = new float[p.length];
    for (int i = 0; i < p.length; i++) {
      x[i] = (float) Math.log(p[i]);
    }
    return x;
  }
}
