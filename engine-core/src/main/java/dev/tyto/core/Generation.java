package dev.tyto.core;

import java.util.Iterator;

/**
 * Tokens as they are drawn. {@link #hasNext} waits for the next one; passes go on meanwhile. One
 * consumer thread; {@link #cancel} from any.
 */
public interface Generation extends Iterator<Token>, AutoCloseable {
  /** Waits until a token is there or the generation has ended. Failures are thrown here. */
  @Override
  boolean hasNext();

  @Override
  Token next();

  /**
   * Ends the generation: tokens not yet taken by {@link #next} are dropped, and the session then
   * holds exactly the prompt and the tokens taken. Returns when the session is at rest. Harmless
   * when ended already. May be called from any thread, any number of times.
   */
  void cancel();

  /** Why it ended; waits for the end. */
  FinishReason finishReason();

  /** Counts and times so far. */
  GenerationStats stats();

  /** Same as {@link #cancel}. */
  @Override
  void close();
}
