package dev.tyto.text;

import dev.tyto.core.FinishReason;
import dev.tyto.core.Generation;
import dev.tyto.core.GenerationStats;
import dev.tyto.core.SamplingOptions;
import dev.tyto.core.Session;
import dev.tyto.core.Token;
import java.util.Set;

/** What this layer needs of a {@link Session}, so that its own work is tested without a model. */
interface TokenSession {
  int[] tokens();

  void truncate(int length);

  TokenGeneration generate(
      int[] prompt, SamplingOptions sampling, int maxTokens, Set<Integer> stopIds);

  void close();

  /** What this layer needs of a {@link Generation}; the same contract. */
  interface TokenGeneration {
    boolean hasNext();

    Token next();

    void cancel();

    FinishReason finishReason();

    GenerationStats stats();
  }

  /** A session of the core. */
  static TokenSession of(Session session) {
    return new TokenSession() {
      @Override
      public int[] tokens() {
        return session.tokens();
      }

      @Override
      public void truncate(int length) {
        session.truncate(length);
      }

      @Override
      public TokenGeneration generate(
          int[] prompt, SamplingOptions sampling, int maxTokens, Set<Integer> stopIds) {
        return of(session.generate(prompt, sampling, maxTokens, stopIds));
      }

      @Override
      public void close() {
        session.close();
      }
    };
  }

  private static TokenGeneration of(Generation generation) {
    return new TokenGeneration() {
      @Override
      public boolean hasNext() {
        return generation.hasNext();
      }

      @Override
      public Token next() {
        return generation.next();
      }

      @Override
      public void cancel() {
        generation.cancel();
      }

      @Override
      public FinishReason finishReason() {
        return generation.finishReason();
      }

      @Override
      public GenerationStats stats() {
        return generation.stats();
      }
    };
  }
}
