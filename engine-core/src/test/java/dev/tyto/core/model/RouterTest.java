package dev.tyto.core.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tyto.core.spec.RouterSpec;
import dev.tyto.core.spec.RouterSpec.GroupScore;
import dev.tyto.core.spec.RouterSpec.Score;
import dev.tyto.kernels.KernelScratch;
import dev.tyto.kernels.Kernels;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class RouterTest {
  private final int[] ids = new int[8];
  private final float[] weights = new float[8];

  private boolean route(RouterSpec spec, float[] logits, float[] bias) {
    return Router.route(
        Kernels.get(), spec, logits.clone(), 0, bias, ids, weights, 0, new KernelScratch());
  }

  private int[] chosen(int k) {
    return Arrays.copyOf(ids, k);
  }

  private static RouterSpec sigmoid(int experts, int k, int groups, int topGroups) {
    return new RouterSpec(
        experts, k, Score.SIGMOID, true, groups, topGroups, GroupScore.TOP2_SUM, true, 2.5f);
  }

  @Test
  void tiesGoToTheLowerIndex() {
    assertTrue(route(sigmoid(6, 3, 1, 1), new float[] {1, 1, 1, 1, 1, 1}, new float[6]));
    assertArrayEquals(new int[] {0, 1, 2}, chosen(3));
  }

  @Test
  void tiedGroupsGoToTheLowerIndex() {
    assertTrue(route(sigmoid(8, 2, 4, 1), new float[8], new float[8]));
    assertArrayEquals(new int[] {0, 1}, chosen(2));
  }

  @Test
  void theBiasChoosesButDoesNotWeigh() {
    float[] bias = {0, 0, 0, 10};
    assertTrue(route(sigmoid(4, 2, 1, 1), new float[] {3, 1, 2, -4}, bias));
    assertArrayEquals(new int[] {3, 0}, chosen(2));
    float low = Kernels.get().exp(4f);
    float s3 = 1 / (1 + low);
    float s0 = 1 / (1 + Kernels.get().exp(-3f));
    assertEquals(2.5f * s3 / (s3 + s0), weights[0], 1e-6f);
    assertEquals(2.5f, weights[0] + weights[1], 1e-6f);
  }

  /** Early Hugging Face code masked with 0, which beats negative choices. */
  @Test
  void expertsOfOtherGroupsAreNeverChosenWhateverTheBias() {
    float[] bias = {-3, -3, -9, -9};
    assertTrue(route(sigmoid(4, 2, 2, 1), new float[4], bias));
    assertArrayEquals(new int[] {0, 1}, chosen(2));
  }

  @Test
  void theScoreOfAGroupIsTheSumOfItsTwoBest() {
    float[] bias = {1f, 0f, 0.6f, 0.6f};
    assertTrue(route(sigmoid(4, 2, 2, 1), new float[4], bias));
    assertArrayEquals(new int[] {2, 3}, chosen(2));
    RouterSpec max = new RouterSpec(4, 2, Score.SIGMOID, true, 2, 1, GroupScore.MAX, true, 1);
    assertTrue(route(max, new float[4], bias));
    assertArrayEquals(new int[] {0, 1}, chosen(2));
  }

  @Test
  void softmaxWeightsAreNotNormalisedUnlessAsked() {
    RouterSpec spec = new RouterSpec(4, 2, Score.SOFTMAX, false, 1, 1, GroupScore.MAX, false, 16);
    assertTrue(route(spec, new float[4], null));
    assertEquals(4f, weights[0]);
    assertEquals(4f, weights[1]);
  }

  /** Top-k of the logits, softmax over those (GPT-OSS, Mixtral up to rounding). */
  @Test
  void softmaxOfTheChosenSumsToOne() {
    RouterSpec spec =
        new RouterSpec(4, 2, Score.SOFTMAX_OF_CHOSEN, true, 1, 1, GroupScore.MAX, false, 3);
    assertTrue(route(spec, new float[] {-1, 2, 1, 0}, new float[] {9, 0, 0, 0}));
    assertArrayEquals(new int[] {0, 1}, chosen(2));
    float e = Kernels.get().exp(-3);
    assertEquals(3 * e / (1 + e), weights[0], 1e-6f);
    assertEquals(3 / (1 + e), weights[1], 1e-6f);
    assertThrows(
        IllegalArgumentException.class,
        () -> new RouterSpec(4, 2, Score.SOFTMAX_OF_CHOSEN, false, 1, 1, GroupScore.MAX, true, 1));
  }

  @Test
  void softmaxWithNormalisationIsTheSoftmaxOfTheChosen() {
    float[] logits = {0.5f, -2, 3, 1};
    RouterSpec before = new RouterSpec(4, 3, Score.SOFTMAX, false, 1, 1, GroupScore.MAX, true, 1);
    assertTrue(route(before, logits, null));
    float[] normalised = weights.clone();
    int[] same = chosen(3);
    RouterSpec after =
        new RouterSpec(4, 3, Score.SOFTMAX_OF_CHOSEN, false, 1, 1, GroupScore.MAX, false, 1);
    assertTrue(route(after, logits, null));
    assertArrayEquals(same, chosen(3));
    assertArrayEquals(Arrays.copyOf(normalised, 3), Arrays.copyOf(weights, 3), 1e-6f);
  }

  @Test
  void aScoreThatIsNotANumberIsRefused() {
    float[] nan = {0, Float.NaN, 0, 0};
    Arrays.fill(ids, -1);
    assertFalse(route(sigmoid(4, 2, 1, 1), nan, new float[4]));
    for (Score score : Score.values()) {
      RouterSpec spec = new RouterSpec(4, 2, score, false, 1, 1, GroupScore.MAX, false, 1);
      assertFalse(route(spec, nan, null), score.name());
    }
    assertEquals(-1, ids[0]);
  }
}
