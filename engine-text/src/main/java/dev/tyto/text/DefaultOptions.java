package dev.tyto.text;

import dev.tyto.core.SamplingOptions;
import dev.tyto.loader.GenerationConfig;
import org.jspecify.annotations.Nullable;

/** The recommendation of a generation_config.json. */
final class DefaultOptions {
  private DefaultOptions() {}

  /**
   * As transformers reads it, except that a top_k that is not named is off (its own default of 50
   * is no recommendation of the model's makers).
   *
   * @throws IllegalArgumentException if a value is out of its range
   */
  static TextOptions of(GenerationConfig config) {
    SamplingOptions sampling =
        SamplingOptions.GREEDY.withPenalties(orElse(config.repetitionPenalty(), 1), 0, 0);
    if (Boolean.TRUE.equals(config.doSample())) {
      sampling =
          sampling
              .withTemperature(orElse(config.temperature(), 1))
              .withTopP(orElse(config.topP(), 1))
              .withMinP(orElse(config.minP(), 0))
              .withTopK(config.topK() == null ? 0 : config.topK());
    }
    return TextOptions.GREEDY.withSampling(sampling);
  }

  private static double orElse(@Nullable Double value, double fallback) {
    return value == null ? fallback : value;
  }
}
