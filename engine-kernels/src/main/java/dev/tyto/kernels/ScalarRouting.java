package dev.tyto.kernels;

import org.jspecify.annotations.Nullable;

/** The choice of experts, in plain loops. */
final class ScalarRouting {
  private ScalarRouting() {}

  static boolean choose(
      float[] scores,
      int offset,
      float @Nullable [] bias,
      int experts,
      int groups,
      int topGroups,
      boolean pairSum,
      int k,
      int[] ids,
      int idsOffset,
      KernelScratch scratch) {
    int[] keys = scratch.choiceKeys(experts + groups);
    for (int i = 0; i < experts; i++) {
      float choice = bias == null ? scores[offset + i] : scores[offset + i] + bias[i];
      if (Float.isNaN(choice)) {
        return false;
      }
      keys[i] = ExpertChoice.key(choice);
    }
    if (topGroups < groups) {
      int size = experts / groups;
      for (int g = 0; g < groups; g++) {
        keys[experts + g] = groupKey(keys, g * size, size, pairSum);
      }
      ExpertChoice.limitGroups(keys, size, keys, experts, groups, topGroups);
    }
    for (int j = 0; j < k; j++) {
      int best = 0;
      for (int i = 1; i < experts; i++) {
        if (keys[i] > keys[best]) {
          best = i;
        }
      }
      keys[best] = ExpertChoice.OUT;
      ids[idsOffset + j] = best;
    }
    return true;
  }

  /** The score of a group that begins at {@code from}. */
  static int groupKey(int[] keys, int from, int size, boolean pairSum) {
    int first = ExpertChoice.OUT;
    int second = ExpertChoice.OUT;
    for (int i = from; i < from + size; i++) {
      second = Math.max(second, Math.min(first, keys[i]));
      first = Math.max(first, keys[i]);
    }
    return ExpertChoice.groupKey(first, second, pairSum);
  }
}
