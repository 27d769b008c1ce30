package dev.tyto.core.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tyto.core.spec.RouterSpec;
import dev.tyto.core.spec.RouterSpec.GroupScore;
import dev.tyto.core.spec.RouterSpec.Score;
import dev.tyto.kernels.Kernels;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class RouterTest {
  private final int[] ids = new int[8];
  private final float[] weights = new float[8];

  private boolean route(RouterSpec spec, float[] logits, float[] bias) {
    return new Router().route(Kernels.get(), spec, logits.clone(), 0, bias, ids, weights, 0);
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
    assertTrue(new Router().route(Kernels.get(), spec, new float[4], 0, null, ids, weights, 0));
    assertEquals(4f, weights[0]);
    assertEquals(4f, weights[1]);
  }

  @Test
  void aScoreThatIsNotANumberIsRefused() {
    assertFalse(route(sigmoid(4, 2, 1, 1), new float[] {0, Float.NaN, 0, 0}, new float[4]));
  }
}
