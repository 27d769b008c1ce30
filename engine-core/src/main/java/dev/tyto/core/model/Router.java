package dev.tyto.core.model;

import dev.tyto.core.spec.RouterSpec;
import dev.tyto.core.spec.RouterSpec.GroupScore;
import dev.tyto.core.spec.RouterSpec.Score;
import dev.tyto.kernels.Kernels;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the experts of one token (DeepSeek-V3 technical report, section 2.1.2, and {@code Gate}
 * of the official inference code). Holds scratch: one per worker.
 */
final class Router {
  private float[] choice = new float[0];
  private float[] groupScore = new float[0];

  /**
   * From gate logits to expert ids, best choice first (the lower id on a tie), and routing weights.
   *
   * @param logits E gate logits from {@code at}; overwritten with the scores
   * @param bias the selection bias, or null
   * @param ids receives k ids from {@code out}
   * @param weights receives k weights from {@code out}
   * @return false if a choice is not a number; nothing is written then
   */
  boolean route(
      Kernels kernels,
      RouterSpec spec,
      float[] logits,
      int at,
      float @Nullable [] bias,
      int[] ids,
      float[] weights,
      int out) {
    int experts = spec.experts();
    if (choice.length < experts) {
      choice = new float[experts];
      groupScore = new float[experts];
    }
    if (spec.score() == Score.SIGMOID) {
      kernels.sigmoid(logits, at, experts);
    } else {
      kernels.softmax(logits, at, experts);
    }
    for (int e = 0; e < experts; e++) {
      float c = bias == null ? logits[at + e] : logits[at + e] + bias[e];
      if (Float.isNaN(c)) {
        return false;
      }
      choice[e] = c;
    }
    if (spec.groups() > 1) {
      limitGroups(spec);
    }
    float sum = 0;
    for (int j = 0; j < spec.topK(); j++) {
      int best = best(choice, experts);
      choice[best] = Float.NEGATIVE_INFINITY;
      ids[out + j] = best;
      weights[out + j] = logits[at + best];
      sum += logits[at + best];
    }
    for (int j = 0; j < spec.topK(); j++) {
      float w = weights[out + j];
      if (spec.normalize()) {
        w = w / (sum + 1e-20f);
      }
      weights[out + j] = w * spec.scale();
    }
    return true;
  }

  /** Sets the choices of all groups but the best to -inf. */
  private void limitGroups(RouterSpec spec) {
    int groups = spec.groups();
    int size = spec.experts() / groups;
    for (int g = 0; g < groups; g++) {
      float first = Float.NEGATIVE_INFINITY;
      float second = Float.NEGATIVE_INFINITY;
      for (int e = g * size; e < (g + 1) * size; e++) {
        if (choice[e] > first) {
          second = first;
          first = choice[e];
        } else if (choice[e] > second) {
          second = choice[e];
        }
      }
      boolean pair = spec.groupScore() == GroupScore.TOP2_SUM && size > 1;
      groupScore[g] = pair ? first + second : first;
    }
    for (int n = groups; n > spec.topGroups(); n--) {
      int worst = worst(groupScore, groups);
      groupScore[worst] = Float.NaN;
      Arrays.fill(choice, worst * size, (worst + 1) * size, Float.NEGATIVE_INFINITY);
    }
  }

  private static int best(float[] values, int length) {
    int best = 0;
    for (int i = 1; i < length; i++) {
      if (values[i] > values[best]) {
        best = i;
      }
    }
    return best;
  }

  /** The smallest value that is a number; the higher index on a tie, so that the lower stays. */
  private static int worst(float[] values, int length) {
    int worst = -1;
    for (int i = 0; i < length; i++) {
      if (!Float.isNaN(values[i]) && (worst < 0 || values[i] <= values[worst])) {
        worst = i;
      }
    }
    return worst;
  }
}
