package dev.tyto.core.sampling;

import java.util.Arrays;

/** Which tokens occurred in a session and how often they were generated; for the penalties. */
public final class TokenCounts {
  private final boolean[] seen;
  private final int[] generated;
  private int[] distinct = new int[64];
  private int distinctCount;

  /** No occurrences, for a vocabulary of that size. */
  public TokenCounts(int vocabSize) {
    this.seen = new boolean[vocabSize];
    this.generated = new int[vocabSize];
  }

  /** A token of the prompt or of earlier turns. */
  public void addContext(int token) {
    if (!seen[token]) {
      seen[token] = true;
      if (distinctCount == distinct.length) {
        distinct = Arrays.copyOf(distinct, distinctCount * 2);
      }
      distinct[distinctCount++] = token;
    }
  }

  /** A token that was drawn. */
  public void addGenerated(int token) {
    addContext(token);
    generated[token]++;
  }

  int distinct() {
    return distinctCount;
  }

  int token(int i) {
    return distinct[i];
  }

  int generated(int token) {
    return generated[token];
  }
}
