package dev.tyto.core;

import java.util.Map;

/**
 * How the next token is drawn. Processing order: logit bias, repetition, presence and frequency
 * penalties, temperature, top-k, top-p, min-p; then the Gumbel-max draw, whose noise is a pure
 * function of (seed, position, token id): the same seed gives the same text whatever else runs.
 *
 * @param temperature 0 for greedy (the rest of the truncation then has no effect)
 * @param topK keep the k most likely, 0 for all
 * @param topP keep the smallest set whose probability reaches p, 1 for all
 * @param minP keep tokens at least p times as likely as the most likely, 0 for all
 * @param repetitionPenalty divides positive and multiplies negative logits of tokens that occurred
 *     in the session, prompt included (Keskar et al. 2019); 1 for none
 * @param presencePenalty subtracted from the logit of each token generated before, once
 * @param frequencyPenalty subtracted once per earlier generation of the token
 * @param logitBias added to the logits of these ids
 * @param seed of the noise
 * @param topLogprobs how many alternatives to report per token, -1 for no logprobs at all
 */
public record SamplingOptions(
    double temperature,
    int topK,
    double topP,
    double minP,
    double repetitionPenalty,
    double presencePenalty,
    double frequencyPenalty,
    Map<Integer, Float> logitBias,
    long seed,
    int topLogprobs) {

  /** Greedy: the most likely token each time, the lower id on a tie. */
  public static final SamplingOptions GREEDY =
      new SamplingOptions(0, 0, 1, 0, 1, 0, 0, Map.of(), 0, -1);

  /** Checks the ranges. */
  public SamplingOptions {
    logitBias = Map.copyOf(logitBias);
    require(temperature >= 0 && temperature <= 100, "temperature", temperature, "0..100");
    require(topK >= 0, "topK", topK, "0 or more");
    require(topP > 0 && topP <= 1, "topP", topP, "in (0, 1]");
    require(minP >= 0 && minP <= 1, "minP", minP, "in [0, 1]");
    require(
        repetitionPenalty > 0 && repetitionPenalty <= 100,
        "repetitionPenalty",
        repetitionPenalty,
        "in (0, 100]");
    require(Math.abs(presencePenalty) <= 100, "presencePenalty", presencePenalty, "-100..100");
    require(Math.abs(frequencyPenalty) <= 100, "frequencyPenalty", frequencyPenalty, "-100..100");
    require(topLogprobs >= -1, "topLogprobs", topLogprobs, "-1 or more");
    for (Map.Entry<Integer, Float> e : logitBias.entrySet()) {
      require(!Float.isNaN(e.getValue()), "logitBias", Double.NaN, "a number");
    }
  }

  private static void require(boolean condition, String name, double value, String range) {
    if (!condition) {
      throw new IllegalArgumentException(name + " is " + value + ", but must be " + range);
    }
  }

  /** These options with another temperature. */
  public SamplingOptions withTemperature(double value) {
    return new SamplingOptions(
        value,
        topK,
        topP,
        minP,
        repetitionPenalty,
        presencePenalty,
        frequencyPenalty,
        logitBias,
        seed,
        topLogprobs);
  }

  /** These options with another top-k. */
  public SamplingOptions withTopK(int value) {
    return new SamplingOptions(
        temperature,
        value,
        topP,
        minP,
        repetitionPenalty,
        presencePenalty,
        frequencyPenalty,
        logitBias,
        seed,
        topLogprobs);
  }

  /** These options with another top-p. */
  public SamplingOptions withTopP(double value) {
    return new SamplingOptions(
        temperature,
        topK,
        value,
        minP,
        repetitionPenalty,
        presencePenalty,
        frequencyPenalty,
        logitBias,
        seed,
        topLogprobs);
  }

  /** These options with another min-p. */
  public SamplingOptions withMinP(double value) {
    return new SamplingOptions(
        temperature,
        topK,
        topP,
        value,
        repetitionPenalty,
        presencePenalty,
        frequencyPenalty,
        logitBias,
        seed,
        topLogprobs);
  }

  /** These options with other penalties. */
  public SamplingOptions withPenalties(double repetition, double presence, double frequency) {
    return new SamplingOptions(
        temperature,
        topK,
        topP,
        minP,
        repetition,
        presence,
        frequency,
        logitBias,
        seed,
        topLogprobs);
  }

  /** These options with another logit bias. */
  public SamplingOptions withLogitBias(Map<Integer, Float> value) {
    return new SamplingOptions(
        temperature,
        topK,
        topP,
        minP,
        repetitionPenalty,
        presencePenalty,
        frequencyPenalty,
        value,
        seed,
        topLogprobs);
  }

  /** These options with another seed. */
  public SamplingOptions withSeed(long value) {
    return new SamplingOptions(
        temperature,
        topK,
        topP,
        minP,
        repetitionPenalty,
        presencePenalty,
        frequencyPenalty,
        logitBias,
        value,
        topLogprobs);
  }

  /** These options with logprobs of the n best alternatives per token. */
  public SamplingOptions withTopLogprobs(int value) {
    return new SamplingOptions(
        temperature,
        topK,
        topP,
        minP,
        repetitionPenalty,
        presencePenalty,
        frequencyPenalty,
        logitBias,
        seed,
        value);
  }
}
