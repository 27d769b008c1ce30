package dev.tyto.cli;

import dev.tyto.core.PassObserver;
import dev.tyto.core.Session;
import java.util.Arrays;

/**
 * A text cut into windows, as {@link Perplexity} cuts it.
 *
 * @param ids the tokens of all windows
 * @param length tokens in a window
 */
record TextWindows(int[] ids, int length) {
  private static final PassObserver NO_LOGITS =
      new PassObserver() {
        @Override
        public boolean wantsLogits() {
          return false;
        }
      };

  /** Cuts a text; what does not fill a window is left out. */
  static TextWindows of(int[] ids, int length) {
    int actual = Perplexity.plan(ids, length).windowLength();
    return new TextWindows(Arrays.copyOf(ids, ids.length / actual * actual), actual);
  }

  int count() {
    return ids.length / length;
  }

  /** Some of the windows. */
  TextWindows part(int from, int to) {
    return new TextWindows(Arrays.copyOfRange(ids, from * length, to * length), length);
  }

  /** Runs a window in a session made empty, for the sake of its routing alone: without logits. */
  void run(Session session, int window) {
    session.truncate(0);
    session.evaluate(Arrays.copyOfRange(ids, window * length, (window + 1) * length), NO_LOGITS);
  }

  /** How well the model predicts the windows. */
  Perplexity perplexity(Session session, Runnable windowDone) {
    return Perplexity.plan(ids, length).evaluate(session, windowDone);
  }
}
