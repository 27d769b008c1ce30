package dev.tyto.cli;

import dev.tyto.core.SamplingOptions;
import dev.tyto.text.TextOptions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How the next token is drawn. What is not given comes from generation_config.json. */
final class SamplingArguments {
  @Option(
      names = {"-n", "--max-tokens"},
      paramLabel = "N",
      description =
          "Most tokens to generate. Default: 1024; in a chat, as many as fit the context.")
  @Nullable Integer maxTokens;

  @Option(
      names = "--temperature",
      paramLabel = "T",
      description =
          "0 takes the most likely token each time; 1 draws from the model's distribution.")
  @Nullable Double temperature;

  @Option(
      names = "--top-p",
      paramLabel = "P",
      description = "Keep the smallest set of tokens whose probability reaches P; 1 for all.")
  @Nullable Double topP;

  @Option(
      names = "--top-k",
      paramLabel = "K",
      description = "Keep the K most likely tokens; 0 for all.")
  @Nullable Integer topK;

  @Option(
      names = "--min-p",
      paramLabel = "P",
      description = "Keep tokens at least P times as likely as the most likely; 0 for all.")
  @Nullable Double minP;

  @Option(
      names = "--repetition-penalty",
      paramLabel = "X",
      description = "Divides the logits of tokens that occurred; 1 for none.")
  @Nullable Double repetitionPenalty;

  @Option(
      names = "--presence-penalty",
      paramLabel = "X",
      description = "Subtracted from the logits of tokens generated before; 0 for none.")
  @Nullable Double presencePenalty;

  @Option(
      names = "--frequency-penalty",
      paramLabel = "X",
      description = "Subtracted once per earlier generation of the token; 0 for none.")
  @Nullable Double frequencyPenalty;

  @Option(
      names = "--logit-bias",
      paramLabel = "ID=X",
      description = "Added to the logit of token ID; may be given several times.")
  Map<Integer, Float> logitBias = new HashMap<>();

  @Option(
      names = "--seed",
      paramLabel = "S",
      description =
          "Same seed, same text. Default: a random one, printed so that you can repeat it.")
  @Nullable Long seed;

  @Option(
      names = "--stop",
      paramLabel = "TEXT",
      description = "End before this text; may be given several times.")
  List<String> stop = List.of();

  @Option(names = "--ignore-eos", description = "Go on past the model's end-of-text token.")
  boolean ignoreEos;

  /** These arguments on top of the model's defaults; a seed is drawn if none was given. */
  TextOptions applyTo(TextOptions defaults) {
    SamplingOptions sampling = applyTo(defaults.sampling());
    return Usage.check(
        "generation options",
        () ->
            new TextOptions(
                sampling, maxTokens == null ? defaults.maxTokens() : maxTokens, stop, ignoreEos));
  }

  private SamplingOptions applyTo(SamplingOptions defaults) {
    return Usage.check(
        "sampling options",
        () ->
            new SamplingOptions(
                or(temperature, defaults.temperature()),
                or(topK, defaults.topK()),
                or(topP, defaults.topP()),
                or(minP, defaults.minP()),
                or(repetitionPenalty, defaults.repetitionPenalty()),
                or(presencePenalty, defaults.presencePenalty()),
                or(frequencyPenalty, defaults.frequencyPenalty()),
                logitBias,
                seed == null ? randomSeed() : seed,
                defaults.topLogprobs()));
  }

  /** Whether a seed was drawn that matters, so that it must be told. */
  boolean drewSeed(TextOptions options) {
    return seed == null && options.sampling().temperature() > 0;
  }

  /** Short enough to type again. */
  static long randomSeed() {
    return new SplittableRandom().nextLong(1_000_000_000);
  }

  private static <T> T or(@Nullable T given, T otherwise) {
    return given == null ? otherwise : given;
  }
}
