package dev.tyto.cli;

import dev.tyto.core.PassObserver;
import dev.tyto.core.Session;
import java.util.Arrays;

/**
 * Perplexity over consecutive windows: each starts with an empty cache, and in it every token but
 * the first is predicted from those before. Natural logarithms, in double, the same on every
 * machine.
 *
 * @param windows number of windows
 * @param windowLength tokens in each
 * @param nllSum sum of the negative log-likelihoods
 */
record Perplexity(int windows, int windowLength, double nllSum) {

  /** Cuts ids into full windows; a text shorter than one window is a window of its own. */
  static Plan plan(int[] ids, int windowLength) {
    int length = Math.min(windowLength, ids.length);
    if (length < 2) {
      throw new Failure("the text has " + Formats.tokens(ids.length) + ", but needs at least 2");
    }
    return new Plan(ids, length);
  }

  /** Tokens that were run. */
  long tokens() {
    return (long) windows * windowLength;
  }

  /** Tokens that were predicted. */
  long predictions() {
    return (long) windows * (windowLength - 1);
  }

  /** The perplexity: e to the mean negative log-likelihood. */
  double value() {
    return StrictMath.exp(nllSum / predictions());
  }

  /** The negative log-likelihood of a token under the softmax of logits. */
  static double nll(float[] logits, int offset, int length, int target) {
    double max = Double.NEGATIVE_INFINITY;
    for (int i = offset; i < offset + length; i++) {
      max = Math.max(max, logits[i]);
    }
    double sum = 0;
    for (int i = offset; i < offset + length; i++) {
      sum += StrictMath.exp(logits[i] - max);
    }
    return StrictMath.log(sum) + (max - logits[offset + target]);
  }

  /** What to evaluate. */
  static final class Plan {
    private final int[] ids;
    private final int windowLength;
    private final int windows;

    /** Ids that do not fill a window are not used. */
    private Plan(int[] ids, int windowLength) {
      this.ids = ids;
      this.windowLength = windowLength;
      this.windows = ids.length / windowLength;
    }

    int windowLength() {
      return windowLength;
    }

    int windows() {
      return windows;
    }

    /** Evaluates all windows in an empty session. */
    Perplexity evaluate(Session session, Runnable windowDone) {
      double sum = 0;
      for (int w = 0; w < windows; w++) {
        int[] window = Arrays.copyOfRange(ids, w * windowLength, (w + 1) * windowLength);
        WindowNll nll = new WindowNll(window);
        session.truncate(0);
        session.evaluate(window, nll);
        sum += nll.sum;
        windowDone.run();
      }
      return new Perplexity(windows, windowLength, sum);
    }
  }

  private static final class WindowNll implements PassObserver {
    private final int[] window;
    private double sum;

    WindowNll(int[] window) {
      this.window = window;
    }

    @Override
    public void logits(int position, float[] data, int offset, int length) {
      if (position + 1 < window.length) {
        sum += nll(data, offset, length, window[position + 1]);
      }
    }
  }
}
