package dev.tyto.text;

import dev.tyto.core.FinishReason;
import dev.tyto.core.GenerationStats;
import dev.tyto.core.Token;
import dev.tyto.text.TokenSession.TokenGeneration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A text as it is generated, in pieces that are never empty and never end inside a character. Text
 * that may be the beginning of a stop string is held back until that is decided. Special tokens are
 * left out. One thread takes pieces; {@link #cancel} and {@link #close} may be called from any.
 * Close it, or read it to its end: until then it holds a session of the model.
 *
 * <pre>{@code
 * try (TextStream stream = model.stream("Once upon a time", model.defaultOptions())) {
 *   stream.forEachRemaining(System.out::print);
 * }
 * }</pre>
 */
public final class TextStream implements Iterator<String>, AutoCloseable {
  /** Told once, when the text has ended, what it was. */
  @FunctionalInterface
  interface Ending {
    void ended(TextStream stream, String text, FinishReason reason);
  }

  private final TokenGeneration generation;
  private final TokenDecoder decoder;
  private final StopStrings stops;
  private final Ending ending;

  /** Guards what follows; never held while a token is awaited. */
  private final Lock lock = new ReentrantLock();

  private final List<Token> tokens = new ArrayList<>();
  private final StringBuilder text = new StringBuilder();
  private @Nullable String piece;
  private @Nullable FinishReason reason;
  private @Nullable RuntimeException failure;

  TextStream(TokenGeneration generation, TokenDecoder decoder, StopStrings stops, Ending ending) {
    this.generation = generation;
    this.decoder = decoder;
    this.stops = stops;
    this.ending = ending;
  }

  /**
   * Waits until the next piece is there or the text has ended. A piece that this has announced is
   * still delivered by {@link #next} after a {@link #cancel}.
   *
   * @throws RuntimeException if the generation failed, with the cause that the core gives; thrown
   *     again by later calls
   */
  @Override
  public boolean hasNext() {
    while (true) {
      lock.lock();
      try {
        if (piece != null) {
          return true;
        }
        if (failure != null) {
          throw failure;
        }
        if (reason != null) {
          return false;
        }
      } finally {
        lock.unlock();
      }
      advance();
    }
  }

  /** Takes one token, or the end, from the generation. */
  private void advance() {
    try {
      if (!generation.hasNext()) {
        finish(generation.finishReason());
      } else if (take(generation.next())) {
        generation.cancel();
        end(FinishReason.STOP, "", null);
      }
    } catch (NoSuchElementException cancelled) {
      // Another thread has cancelled between the two calls: this is the end of the text.
      finish(generation.finishReason());
    } catch (RuntimeException e) {
      generation.cancel();
      end(FinishReason.FAILED, "", e);
    }
  }

  /** Adds a token and returns whether a stop string was met. */
  private boolean take(Token token) {
    lock.lock();
    try {
      if (reason == null) { // else cancelled meanwhile
        tokens.add(token);
        announce(stops.append(decoder.append(token.id())));
      }
      return stops.found();
    } finally {
      lock.unlock();
    }
  }

  /** Ends the text as the generation did, with what was held back unless it was cancelled. */
  private void finish(FinishReason ended) {
    if (ended == FinishReason.CANCELLED) {
      end(ended, "", null);
    } else {
      String rest = stops.append(decoder.finish()) + stops.finish();
      end(stops.found() ? FinishReason.STOP : ended, rest, null);
    }
  }

  private void announce(String fresh) {
    if (!fresh.isEmpty()) {
      piece = fresh;
      text.append(fresh);
    }
  }

  /** Ends the text once; whoever comes first says why. */
  private void end(FinishReason why, String last, @Nullable RuntimeException cause) {
    String whole;
    lock.lock();
    try {
      if (reason != null) {
        return;
      }
      announce(last);
      reason = why;
      failure = cause;
      whole = text.toString();
    } finally {
      lock.unlock();
    }
    ending.ended(this, whole, why);
  }

  /** The next piece, which is never empty. */
  @Override
  public String next() {
    if (!hasNext()) {
      throw new NoSuchElementException("the text has ended");
    }
    lock.lock();
    try {
      String taken = piece;
      if (taken == null) {
        throw new IllegalStateException("two threads take pieces of one text");
      }
      piece = null;
      return taken;
    } finally {
      lock.unlock();
    }
  }

  /** Takes all pieces that are left, as one string; see {@link #hasNext}. */
  public String readAll() {
    StringBuilder all = new StringBuilder();
    forEachRemaining(all::append);
    return all.toString();
  }

  /**
   * Ends the text: what {@link #hasNext} has not announced is dropped. Returns when the model no
   * longer works on it. Harmless when it has ended already. May be called from any thread, any
   * number of times.
   */
  public void cancel() {
    generation.cancel();
    end(FinishReason.CANCELLED, "", null);
  }

  /**
   * Why the text ended.
   *
   * @throws IllegalStateException if it has not: {@link #hasNext} must have returned false, or the
   *     stream was cancelled or closed
   */
  public FinishReason finishReason() {
    lock.lock();
    try {
      if (reason == null) {
        throw new IllegalStateException("the text has not ended: read it to its end or cancel it");
      }
      return reason;
    } finally {
      lock.unlock();
    }
  }

  /** Counts and times so far. */
  public GenerationStats stats() {
    return generation.stats();
  }

  /**
   * The tokens taken so far, in order: those that text is still held back of, and those of a stop,
   * are among them.
   */
  public List<Token> tokens() {
    lock.lock();
    try {
      return List.copyOf(tokens);
    } finally {
      lock.unlock();
    }
  }

  /** Same as {@link #cancel}. */
  @Override
  public void close() {
    cancel();
  }
}
