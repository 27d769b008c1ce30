package dev.tyto.kernels;

/**
 * What the two forms of {@link Kernels#chooseExperts} share. Choices are compared as integers that
 * sort alike ({@link #key}), with one integer below them all for what cannot be chosen.
 */
final class ExpertChoice {
  /** Below the key of every float: taken already, or in a group that is out. */
  static final int OUT = Integer.MIN_VALUE;

  private static final int MAGNITUDE = 0x7FFFFFFF;

  private ExpertChoice() {}

  /** An integer that sorts as the float does, -0 equal to 0; meaningless for NaN. */
  static int key(float x) {
    int bits = Float.floatToRawIntBits(x + 0f);
    return bits ^ ((bits >> 31) & MAGNITUDE);
  }

  /** The float of a key. */
  static float value(int key) {
    return Float.intBitsToFloat(key ^ ((key >> 31) & MAGNITUDE));
  }

  /**
   * Takes all groups out but the best, of equal ones those that come first.
   *
   * @param keys of the experts, group after group
   * @param groupKeys of the groups' scores, from {@code at}; overwritten
   */
  static void limitGroups(int[] keys, int size, int[] groupKeys, int at, int groups, int stay) {
    for (int n = 0; n < stay; n++) {
      int best = -1;
      for (int g = 0; g < groups; g++) {
        if (groupKeys[at + g] != OUT && (best < 0 || groupKeys[at + g] > groupKeys[at + best])) {
          best = g;
        }
      }
      groupKeys[at + best] = OUT;
    }
    // What has not been taken is out.
    for (int g = 0; g < groups; g++) {
      if (groupKeys[at + g] != OUT) {
        java.util.Arrays.fill(keys, g * size, (g + 1) * size, OUT);
      }
    }
  }

  /** The score of a group from its best two choices; {@code second} is OUT in a group of one. */
  static int groupKey(int first, int second, boolean pairSum) {
    return pairSum && second != OUT ? key(value(first) + value(second)) : first;
  }
}
