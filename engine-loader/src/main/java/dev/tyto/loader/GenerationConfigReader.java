package dev.tyto.loader;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads generation_config.json, with config.json behind it for the token ids. */
final class GenerationConfigReader {
  private static final int MAX_TOP_K = Integer.MAX_VALUE;

  private final @Nullable JsonFields generation;
  private final JsonFields config;
  private final int maxTokenId;

  /**
   * Creates a reader.
   *
   * @param generation the fields of generation_config.json; null if there is none
   * @param config the fields of config.json
   */
  GenerationConfigReader(@Nullable JsonFields generation, JsonFields config, int vocabSize) {
    this.generation = generation;
    this.config = config;
    this.maxTokenId = vocabSize - 1;
  }

  GenerationConfig read() throws ConfigException {
    return new GenerationConfig(
        sourceOf("bos_token_id").nullableInt("bos_token_id", 0, maxTokenId),
        readEosTokenIds(),
        readPadTokenId(),
        generation == null ? null : generation.nullableBoolean("do_sample"),
        number("temperature", 0, 1000),
        number("top_p", 0, 1),
        generation == null ? null : generation.nullableInt("top_k", 0, MAX_TOP_K),
        number("min_p", 0, 1),
        readRepetitionPenalty());
  }

  private List<Integer> readEosTokenIds() throws ConfigException {
    String field = "eos_token_id";
    return sourceOf(field).ints(field, 0, maxTokenId).stream().distinct().toList();
  }

  private @Nullable Integer readPadTokenId() throws ConfigException {
    String field = "pad_token_id";
    // Nothing is padded here, so an id beyond the embedding does no harm; -1 is in old files.
    Integer id = sourceOf(field).nullableInt(field, -1, Integer.MAX_VALUE);
    return id == null || id < 0 || id > maxTokenId ? null : id;
  }

  private @Nullable Double readRepetitionPenalty() throws ConfigException {
    String field = "repetition_penalty";
    return generation == null || !generation.has(field)
        ? null
        : (Double) generation.requiredPositive(field);
  }

  private @Nullable Double number(String field, double min, double max) throws ConfigException {
    return generation == null ? null : generation.nullableDouble(field, min, max);
  }

  private JsonFields sourceOf(String field) {
    return generation != null && generation.has(field) ? generation : config;
  }
}
