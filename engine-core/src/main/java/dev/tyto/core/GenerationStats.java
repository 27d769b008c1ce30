package dev.tyto.core;

/**
 * Counts and times of one generation.
 *
 * @param promptTokens tokens that were prefilled (tokens already in the cache not counted)
 * @param generatedTokens tokens drawn
 * @param prefillNanos from the start until the first token was drawn
 * @param decodeNanos from the first token until the last
 */
public record GenerationStats(
    int promptTokens, int generatedTokens, long prefillNanos, long decodeNanos) {

  /** Prompt tokens per second. */
  public double prefillTokensPerSecond() {
    return promptTokens * 1e9 / Math.max(1, prefillNanos);
  }

  /** Generated tokens per second after the first. */
  public double decodeTokensPerSecond() {
    return Math.max(0, generatedTokens - 1) * 1e9 / Math.max(1, decodeNanos);
  }
}
