package dev.tyto.core;

/**
 * Counts and times of one generation.
 *
 * @param promptTokens tokens that were prefilled (tokens already in the cache not counted)
 * @param generatedTokens tokens drawn
 * @param prefillNanos from the start until the first token was drawn
 * @param decodeNanos from the first token until the last
 * @param decodePasses passes of the model after the prefill
 * @param draftedTokens tokens drafted for speculative decoding
 * @param acceptedTokens of which kept
 */
public record GenerationStats(
    int promptTokens,
    int generatedTokens,
    long prefillNanos,
    long decodeNanos,
    int decodePasses,
    int draftedTokens,
    int acceptedTokens) {

  /** Prompt tokens per second. */
  public double prefillTokensPerSecond() {
    return promptTokens * 1e9 / Math.max(1, prefillNanos);
  }

  /** Generated tokens per second after the first. */
  public double decodeTokensPerSecond() {
    return Math.max(0, generatedTokens - 1) * 1e9 / Math.max(1, decodeNanos);
  }

  /** Share of drafted tokens that were kept, 0 if none were drafted. */
  public double acceptance() {
    return draftedTokens == 0 ? 0 : (double) acceptedTokens / draftedTokens;
  }

  /** Tokens per pass after the prefill, 0 if there was no pass. */
  public double tokensPerPass() {
    return decodePasses == 0 ? 0 : (double) Math.max(0, generatedTokens - 1) / decodePasses;
  }
}
