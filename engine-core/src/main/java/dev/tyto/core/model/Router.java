package dev.tyto.core.model;

import dev.tyto.core.spec.RouterSpec;
import dev.tyto.core.spec.RouterSpec.GroupScore;
import dev.tyto.kernels.KernelScratch;
import dev.tyto.kernels.Kernels;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the experts of one token as a spec says (for DeepSeek: V3 technical report, section
 * 2.1.2, and {@code Gate} of the official inference code).
 */
final class Router {
  private Router() {}

  /**
   * From gate logits to expert ids, best choice first (the lower id on a tie), and routing weights.
   *
   * @param logits E gate logits from {@code at}; overwritten with the scores
   * @param bias the selection bias, or null
   * @param ids receives k ids from {@code out}
   * @param weights receives k weights from {@code out}
   * @return false if a choice is not a number; nothing is written then
   */
  static boolean route(
      Kernels kernels,
      RouterSpec spec,
      float[] logits,
      int at,
      float @Nullable [] bias,
      int[] ids,
      float[] weights,
      int out,
      KernelScratch scratch) {
    int k = spec.topK();
    switch (spec.score()) {
      case SIGMOID -> kernels.sigmoid(logits, at, spec.experts());
      case SOFTMAX -> kernels.softmax(logits, at, spec.experts());
      case SOFTMAX_OF_CHOSEN -> {} // After the choice.
    }
    boolean chosen =
        kernels.chooseExperts(
            logits,
            at,
            bias,
            spec.experts(),
            spec.groups(),
            spec.topGroups(),
            spec.groupScore() == GroupScore.TOP2_SUM,
            k,
            ids,
            out,
            scratch);
    if (!chosen) {
      return false;
    }
    float sum = 0;
    for (int j = 0; j < k; j++) {
      float score = logits[at + ids[out + j]];
      weights[out + j] = score;
      sum += score;
    }
    if (spec.score() == RouterSpec.Score.SOFTMAX_OF_CHOSEN) {
      kernels.softmax(weights, out, k);
    }
    for (int j = 0; j < k; j++) {
      float w = weights[out + j];
      if (spec.normalize()) {
        w = w / (sum + 1e-20f);
      }
      weights[out + j] = w * spec.scale();
    }
    return true;
  }
}
