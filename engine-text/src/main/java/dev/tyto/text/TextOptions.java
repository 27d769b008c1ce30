package dev.tyto.text;

import dev.tyto.core.SamplingOptions;
import java.util.List;
import java.util.Objects;

/**
 * How a text is generated. {@link TextModel#defaultOptions} has the model's own recommendation.
 *
 * @param sampling how each token is drawn
 * @param maxTokens most tokens to generate, at least 1
 * @param stop texts that end the generation when they appear; they are not part of the result
 * @param ignoreEos whether to go on past the model's end-of-text tokens
 */
public record TextOptions(
    SamplingOptions sampling, int maxTokens, List<String> stop, boolean ignoreEos) {
  /** The number of tokens after which a text ends unless said otherwise. */
  public static final int DEFAULT_MAX_TOKENS = 1024;

  /** The most likely token each time, at most {@link #DEFAULT_MAX_TOKENS}, no stop strings. */
  public static final TextOptions GREEDY =
      new TextOptions(SamplingOptions.GREEDY, DEFAULT_MAX_TOKENS, List.of(), false);

  /** Checks the ranges. */
  public TextOptions {
    Objects.requireNonNull(sampling, "sampling");
    if (maxTokens < 1) {
      throw new IllegalArgumentException("maxTokens is " + maxTokens + ", but must be at least 1");
    }
    stop = List.copyOf(stop);
    if (stop.contains("")) {
      throw new IllegalArgumentException("a stop string is empty, but must have a character");
    }
  }

  /** These options with other sampling. */
  public TextOptions withSampling(SamplingOptions value) {
    return new TextOptions(value, maxTokens, stop, ignoreEos);
  }

  /** These options with another limit of tokens. */
  public TextOptions withMaxTokens(int value) {
    return new TextOptions(sampling, value, stop, ignoreEos);
  }

  /** These options with other stop strings. */
  public TextOptions withStop(String... value) {
    return withStop(List.of(value));
  }

  /** These options with other stop strings. */
  public TextOptions withStop(List<String> value) {
    return new TextOptions(sampling, maxTokens, value, ignoreEos);
  }

  /** These options, going on past the end-of-text tokens or not. */
  public TextOptions withIgnoreEos(boolean value) {
    return new TextOptions(sampling, maxTokens, stop, value);
  }
}
