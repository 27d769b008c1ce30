package dev.tyto.core;

import java.util.Set;

/**
 * A sequence of tokens and its KV cache, kept over turns. One generation or evaluation at a time;
 * sessions are independent of each other and run side by side in shared passes.
 */
public interface Session extends AutoCloseable {
  /** Tokens held (prompt and generated). */
  int length();

  /** A copy of the tokens held. */
  int[] tokens();

  /**
   * Appends {@code prompt} and generates until {@code maxTokens} tokens were drawn, an id of {@code
   * stopIds} was drawn, or the context is full. Returns at once; the tokens arrive at the {@link
   * Generation}.
   *
   * @throws IllegalArgumentException if the session would be empty, an id is not in the vocabulary,
   *     or maxTokens is below 1
   * @throws ContextOverflowException if the prompt does not fit; the session is unchanged
   * @throws IllegalStateException if closed or busy
   */
  Generation generate(int[] prompt, SamplingOptions sampling, int maxTokens, Set<Integer> stopIds);

  /**
   * Appends tokens and runs the model over them without drawing any; blocks until done. The
   * observer sees every new position.
   */
  void evaluate(int[] tokens, PassObserver observer);

  /**
   * Whether the session's tokens are drafted, as the model's {@link LoadOptions#draft} says; on at
   * first. The tokens are the same either way. Takes effect with the next generation.
   */
  void drafting(boolean on);

  /** Forgets all tokens from index {@code length} on. */
  void truncate(int length);

  /** Ends what runs and frees the cache. Closing twice is harmless. */
  @Override
  void close();
}
