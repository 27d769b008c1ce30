package dev.tyto.kernels;

import static dev.tyto.kernels.Simd.F;
import static dev.tyto.kernels.Simd.I;
import static dev.tyto.kernels.Simd.L;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import org.jspecify.annotations.Nullable;

/** The choice of experts in vectors: k rounds of the largest key, each over all experts. */
final class VectorRouting {
  private static final int INFINITY_BITS = 0x7F800000;
  private static final int MAGNITUDE = 0x7FFFFFFF;

  /** Groups of fewer experts are cheaper one by one. */
  private static final int SMALLEST_VECTOR_GROUP = 8;

  private VectorRouting() {}

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
    // Whole vectors may be read from the start of any group.
    int padded = (experts + 2 * L - 1) / L * L;
    int[] keys = scratch.choiceKeys(padded + groups);
    if (!fillKeys(scores, offset, bias, experts, keys, padded)) {
      return false;
    }
    if (topGroups < groups) {
      int size = experts / groups;
      if (size < SMALLEST_VECTOR_GROUP) {
        for (int g = 0; g < groups; g++) {
          keys[padded + g] = ScalarRouting.groupKey(keys, g * size, size, pairSum);
        }
      } else {
        for (int g = 0; g < groups; g++) {
          keys[padded + g] = groupKey(keys, g * size, size, pairSum);
        }
      }
      ExpertChoice.limitGroups(keys, size, keys, padded, groups, topGroups);
    }
    for (int j = 0; j < k; j++) {
      int best = indexOfLargest(keys, experts);
      keys[best] = ExpertChoice.OUT;
      ids[idsOffset + j] = best;
    }
    return true;
  }

  /** False if a choice is NaN. */
  private static boolean fillKeys(
      float[] scores, int offset, float @Nullable [] bias, int experts, int[] keys, int padded) {
    IntVector largest = IntVector.zero(I);
    int i = 0;
    for (; i <= experts - L; i += L) {
      FloatVector choice = FloatVector.fromArray(F, scores, offset + i);
      if (bias != null) {
        choice = choice.add(FloatVector.fromArray(F, bias, i));
      }
      IntVector bits = choice.add(0f).reinterpretAsInts();
      largest = largest.max(bits.and(MAGNITUDE));
      bits.lanewise(VectorOperators.XOR, bits.lanewise(VectorOperators.ASHR, 31).and(MAGNITUDE))
          .intoArray(keys, i);
    }
    if (largest.reduceLanes(VectorOperators.MAX) > INFINITY_BITS) {
      return false;
    }
    for (; i < experts; i++) {
      float choice = bias == null ? scores[offset + i] : scores[offset + i] + bias[i];
      if (Float.isNaN(choice)) {
        return false;
      }
      keys[i] = ExpertChoice.key(choice);
    }
    Arrays.fill(keys, experts, padded, ExpertChoice.OUT);
    return true;
  }

  private static int groupKey(int[] keys, int from, int size, boolean pairSum) {
    IntVector first = IntVector.broadcast(I, ExpertChoice.OUT);
    IntVector second = first;
    int i = 0;
    for (; i <= size - L; i += L) {
      IntVector v = IntVector.fromArray(I, keys, from + i);
      second = second.max(first.min(v));
      first = first.max(v);
    }
    if (i < size) {
      IntVector v =
          IntVector.broadcast(I, ExpertChoice.OUT)
              .blend(IntVector.fromArray(I, keys, from + i), I.indexInRange(i, size));
      second = second.max(first.min(v));
      first = first.max(v);
    }
    int best = first.reduceLanes(VectorOperators.MAX);
    if (!pairSum || size == 1) {
      return best;
    }
    // The second best is the runner-up of the lane that holds the best, or another lane's best.
    VectorMask<Integer> holders = first.compare(VectorOperators.EQ, best);
    int next =
        holders.trueCount() > 1
            ? best
            : first.blend(second, holders).reduceLanes(VectorOperators.MAX);
    return ExpertChoice.groupKey(best, next, true);
  }

  /** The lowest index among equals. */
  private static int indexOfLargest(int[] keys, int experts) {
    IntVector a = IntVector.broadcast(I, ExpertChoice.OUT);
    IntVector b = a;
    int i = 0;
    for (; i + L < experts; i += 2 * L) {
      a = a.max(IntVector.fromArray(I, keys, i));
      b = b.max(IntVector.fromArray(I, keys, i + L));
    }
    if (i < experts) {
      a = a.max(IntVector.fromArray(I, keys, i));
    }
    int largest = a.max(b).reduceLanes(VectorOperators.MAX);
    for (i = 0; i < experts; i += L) {
      VectorMask<Integer> found =
          IntVector.fromArray(I, keys, i).compare(VectorOperators.EQ, largest);
      if (found.anyTrue()) {
        return i + found.firstTrue();
      }
    }
    throw new AssertionError("the largest key is not there");
  }
}
