package dev.tyto.core.sampling;

import dev.tyto.kernels.Kernels;
import java.util.Arrays;

/**
 * Top-k, top-p and min-p: sets the logits of all tokens that are cut to -inf. Ties at a border keep
 * the lower ids. Holds scratch: one per worker.
 */
final class Truncation {
  private long[] keys = new long[0];
  private float[] probabilities = new float[0];

  void topK(float[] x, int vocab, int k) {
    if (k >= vocab) {
      return;
    }
    long border = TopList.kthKey(x, 0, vocab, k, heap(k));
    for (int i = 0; i < vocab; i++) {
      if (TopList.key(x[i], i) < border) {
        x[i] = Float.NEGATIVE_INFINITY;
      }
    }
  }

  /** Keeps the smallest set of most likely tokens whose probability reaches p. */
  void topP(Kernels kernels, float[] x, int vocab, double p) {
    if (probabilities.length < vocab) {
      probabilities = new float[vocab];
      keys = Arrays.copyOf(keys, vocab);
    }
    System.arraycopy(x, 0, probabilities, 0, vocab);
    kernels.softmax(probabilities, 0, vocab);
    // All tokens below this floor together weigh less than 1 - p, so the set never needs one.
    float floor = (float) ((1 - p) / vocab);
    int candidates = 0;
    for (int i = 0; i < vocab; i++) {
      if (probabilities[i] >= floor && probabilities[i] > 0) {
        keys[candidates++] = TopList.key(x[i], i);
      }
    }
    Arrays.sort(keys, 0, candidates);
    double sum = 0;
    int border = candidates;
    while (border > 0 && sum < p) {
      sum += probabilities[TopList.index(keys[--border])];
    }
    if (border == 0) {
      cutBelow(x, vocab, candidates == 0 ? Long.MIN_VALUE : keys[0]);
    } else {
      cutBelow(x, vocab, keys[border]);
    }
  }

  /** Keeps the tokens that are at least {@code p} times as likely as the most likely one. */
  void minP(float[] x, int vocab, double p) {
    float best = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < vocab; i++) {
      best = Math.max(best, x[i]);
    }
    double border = best + StrictMath.log(p);
    for (int i = 0; i < vocab; i++) {
      if (x[i] < border) {
        x[i] = Float.NEGATIVE_INFINITY;
      }
    }
  }

  private static void cutBelow(float[] x, int vocab, long border) {
    for (int i = 0; i < vocab; i++) {
      if (TopList.key(x[i], i) < border) {
        x[i] = Float.NEGATIVE_INFINITY;
      }
    }
  }

  private long[] heap(int k) {
    if (keys.length < k) {
      keys = new long[k];
    }
    return keys;
  }
}
