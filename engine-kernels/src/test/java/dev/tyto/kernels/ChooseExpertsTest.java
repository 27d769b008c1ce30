package dev.tyto.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Both providers against sorting, over every size that routers have. */
@Tag("width")
class ChooseExpertsTest {
  private final Kernels[] providers = {new ScalarKernels("scalar"), new VectorKernels()};
  private final KernelScratch scratch = new KernelScratch();

  /** The definition: sort groups by score, then experts by choice; stable, so ties keep order. */
  private static int[] expected(float[] choice, int groups, int topGroups, boolean pairSum, int k) {
    int size = choice.length / groups;
    Integer[] order = IntStream.range(0, groups).boxed().toArray(Integer[]::new);
    float[] score = new float[groups];
    for (int g = 0; g < groups; g++) {
      float[] own = Arrays.copyOfRange(choice, g * size, (g + 1) * size);
      Arrays.sort(own);
      score[g] = own[size - 1];
      if (pairSum && size > 1) {
        score[g] += own[size - 2];
      }
    }
    Arrays.sort(order, (a, b) -> falling(score[a], score[b]));
    boolean[] stays = new boolean[groups];
    for (int n = 0; n < topGroups; n++) {
      stays[order[n]] = true;
    }
    return IntStream.range(0, choice.length)
        .filter(e -> stays[e / size])
        .boxed()
        .sorted((a, b) -> falling(choice[a], choice[b]))
        .mapToInt(e -> e)
        .limit(k)
        .toArray();
  }

  private static int falling(float a, float b) {
    return a == b ? 0 : Float.compare(b, a);
  }

  private void check(
      float[] scores, float @Nullable [] bias, int groups, int topGroups, boolean pairSum, int k) {
    float[] choice = scores.clone();
    for (int e = 0; e < choice.length && bias != null; e++) {
      choice[e] += bias[e];
    }
    int[] wanted = expected(choice, groups, topGroups, pairSum, k);
    float[] moved = new float[scores.length + 3];
    System.arraycopy(scores, 0, moved, 3, scores.length);
    for (Kernels kernels : providers) {
      int[] ids = new int[k + 4];
      Arrays.fill(ids, -7);
      assertTrue(
          kernels.chooseExperts(
              moved, 3, bias, scores.length, groups, topGroups, pairSum, k, ids, 2, scratch));
      String what =
          "%s: %d of %d experts, %d of %d groups, %s, pairs %s"
              .formatted(
                  kernels.description(), k, scores.length, topGroups, groups, "choices", pairSum);
      assertArrayEquals(wanted, Arrays.copyOfRange(ids, 2, 2 + k), what);
      assertEquals(-7, ids[1], what);
      assertEquals(-7, ids[2 + k], what);
    }
  }

  @Test
  void allSizesGroupsAndTies() {
    Random random = new Random(4);
    int[] sizes = {1, 2, 3, 4, 5, 7, 8, 9, 12, 16, 17, 31, 32, 33, 48, 64, 65};
    for (int groups : new int[] {1, 2, 3, 4, 8}) {
      for (int size : sizes) {
        int experts = groups * size;
        for (int turn = 0; turn < 12; turn++) {
          // Few different values, so that ties are everywhere, in every other turn.
          float[] scores = new float[experts];
          for (int e = 0; e < experts; e++) {
            scores[e] = turn % 2 == 0 ? random.nextFloat() : random.nextInt(4) * 0.25f - 0.25f;
          }
          float[] bias = null;
          if (turn % 3 > 0) {
            bias = new float[experts];
            for (int e = 0; e < experts; e++) {
              bias[e] = turn % 2 == 0 ? random.nextFloat() - 2 : random.nextInt(3) * 0.25f;
            }
          }
          int topGroups = 1 + random.nextInt(groups);
          int k = Math.min(1 + random.nextInt(10), size * topGroups);
          check(scores, bias, groups, topGroups, turn % 4 < 2, k);
          check(scores, bias, groups, topGroups, turn % 4 < 2, size * topGroups);
        }
      }
    }
  }

  @Test
  void theLargestRouters() {
    Random random = new Random(5);
    for (int experts : new int[] {160, 256, 384, 512}) {
      for (int turn = 0; turn < 20; turn++) {
        float[] scores = new float[experts];
        for (int e = 0; e < experts; e++) {
          scores[e] = random.nextFloat();
        }
        check(scores, null, 8, 4, true, 8);
        check(scores, null, 1, 1, true, 8);
      }
    }
  }

  @Test
  void zerosOfBothSignsAreEqual() {
    check(new float[] {-0f, 0f, -0f, 0f}, null, 1, 1, false, 4);
    check(new float[] {-1f, -0f, 0f, -1f}, null, 2, 1, false, 2);
  }

  /** An expert that can never be wanted is still chosen before one twice. */
  @Test
  void infinitiesAreOrdinaryChoices() {
    float low = Float.NEGATIVE_INFINITY;
    check(new float[] {low, low, 1, low}, null, 1, 1, false, 3);
    check(new float[] {low, low, low, Float.POSITIVE_INFINITY}, null, 2, 1, false, 2);
  }

  @Test
  void aChoiceThatIsNaNIsRefusedWhereverItIs() {
    for (Kernels kernels : providers) {
      for (int experts : new int[] {1, 8, 16, 31, 64}) {
        for (int at = 0; at < experts; at++) {
          float[] scores = new float[experts];
          float[] bias = new float[experts];
          int[] ids = {42};
          scores[at] = Float.NaN;
          assertFalse(
              kernels.chooseExperts(scores, 0, null, experts, 1, 1, true, 1, ids, 0, scratch));
          scores[at] = 0;
          bias[at] = -Float.NaN;
          assertFalse(
              kernels.chooseExperts(scores, 0, bias, experts, 1, 1, true, 1, ids, 0, scratch));
          assertEquals(42, ids[0]);
        }
      }
    }
  }

  @Test
  void whatCannotBeChosenIsRefused() {
    float[] scores = new float[8];
    int[] ids = new int[8];
    for (Kernels kernels : providers) {
      assertThrows(
          IllegalArgumentException.class,
          () -> kernels.chooseExperts(scores, 0, null, 8, 3, 1, true, 1, ids, 0, scratch));
      assertThrows(
          IllegalArgumentException.class,
          () -> kernels.chooseExperts(scores, 0, null, 8, 2, 3, true, 1, ids, 0, scratch));
      assertThrows(
          IllegalArgumentException.class,
          () -> kernels.chooseExperts(scores, 0, null, 8, 2, 1, true, 5, ids, 0, scratch));
      assertThrows(
          IndexOutOfBoundsException.class,
          () -> kernels.chooseExperts(scores, 1, null, 8, 1, 1, true, 1, ids, 0, scratch));
      assertThrows(
          IndexOutOfBoundsException.class,
          () -> kernels.chooseExperts(scores, 0, null, 8, 1, 1, true, 2, ids, 7, scratch));
      assertThrows(
          IndexOutOfBoundsException.class,
          () -> kernels.chooseExperts(scores, 0, new float[7], 8, 1, 1, true, 2, ids, 0, scratch));
    }
  }
}
