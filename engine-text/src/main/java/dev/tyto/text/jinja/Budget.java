package dev.tyto.text.jinja;

/**
 * What one rendering may cost. Counted, not timed, so that a template works or fails alike on every
 * machine: what a small conversation may cost is spent in well under a second.
 */
final class Budget {
  /** Longest string or output, in UTF-16 units, and most items of a list. */
  static final int MAX_LENGTH = 32 << 20;

  static final int MAX_ITEMS = 1 << 20;

  /** Deepest nesting of statements, expressions and macro calls together. */
  static final int MAX_DEPTH = 250;

  private static final long FREE_STEPS = 3_000_000;

  /** Enough for some twenty copies of the input. */
  private static final long STEPS_PER_CHARACTER = 5;

  private final long steps;
  private long left;
  private int depth;

  /**
   * @param inputLength characters that the template is given
   */
  Budget(long inputLength) {
    steps = FREE_STEPS + STEPS_PER_CHARACTER * inputLength;
    left = steps;
  }

  /** One evaluation. */
  void step() {
    spend(1);
  }

  /** A scope: an iteration of a loop, a call of a macro. */
  void scope() {
    spend(10);
  }

  /** Looking at this many characters or items. */
  void scan(long length) {
    spend(1 + (length >> 5));
  }

  /** Making a string of this length. Called before it is made. */
  void string(long length) {
    if (length > MAX_LENGTH) {
      throw new TemplateException("a text grew over the limit of " + MAX_LENGTH + " characters");
    }
    spend(1 + (length >> 2));
  }

  /** Making a list of this many items. Called before it is made. */
  void items(long count) {
    if (count > MAX_ITEMS) {
      throw new TemplateException("a list grew over the limit of " + MAX_ITEMS + " items");
    }
    spend(1 + count);
  }

  void enter() {
    if (++depth > MAX_DEPTH) {
      throw new TemplateException("nested over the limit of " + MAX_DEPTH + " levels");
    }
  }

  void leave() {
    depth--;
  }

  private void spend(long cost) {
    left -= cost;
    if (left < 0) {
      throw new TemplateException("took more than the limit of " + steps + " steps");
    }
  }
}
