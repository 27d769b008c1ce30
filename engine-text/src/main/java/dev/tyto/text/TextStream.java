package dev.tyto.text;

import dev.tyto.core.FinishReason;
import dev.tyto.core.GenerationStats;
import dev.tyto.core.Token;
import java.util.Iterator;
import java.util.List;

/**
 * A text as it is generated, in pieces that are never empty and never end inside a character. Text
 * that may be the beginning of a stop string is held back until that is decided. One thread takes
 * pieces; {@link #cancel} and {@link #close} may be called from any.
 *
 * <pre>{@code
 * try (TextStream stream = model.stream("Once upon a time", model.defaultOptions())) {
 *   stream.forEachRemaining(System.out::print);
 * }
 * }</pre>
 */
public final class TextStream implements Iterator<String>, AutoCloseable {
  TextStream() {}

  /** Waits until the next piece is there or the text has ended. Failures are thrown here. */
  @Override
  public boolean hasNext() {
    throw new UnsupportedOperationException("contract");
  }

  @Override
  public String next() {
    throw new UnsupportedOperationException("contract");
  }

  /** Takes all pieces that are left, as one string. */
  public String readAll() {
    throw new UnsupportedOperationException("contract");
  }

  /**
   * Ends the text: what was not taken by {@link #next} is dropped. Harmless when it has ended
   * already. May be called from any thread, any number of times.
   */
  public void cancel() {
    throw new UnsupportedOperationException("contract");
  }

  /**
   * Why the text ended.
   *
   * @throws IllegalStateException if it has not: {@link #hasNext} must have returned false, or the
   *     stream was cancelled or closed
   */
  public FinishReason finishReason() {
    throw new UnsupportedOperationException("contract");
  }

  /** Counts and times so far. */
  public GenerationStats stats() {
    throw new UnsupportedOperationException("contract");
  }

  /** The tokens that the text so far was made from, those of held-back text and stops included. */
  public List<Token> tokens() {
    throw new UnsupportedOperationException("contract");
  }

  /** Same as {@link #cancel}. */
  @Override
  public void close() {
    cancel();
  }
}
