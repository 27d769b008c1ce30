package dev.tyto.core;

/** A prompt that does not fit the context of its session. */
public final class ContextOverflowException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  public ContextOverflowException(int held, int added, int limit) {
    super(
        "the session holds %d tokens and %d more do not fit the context of %d tokens: shorten the prompt, truncate the session or load with a larger contextLength"
            .formatted(held, added, limit));
  }
}
