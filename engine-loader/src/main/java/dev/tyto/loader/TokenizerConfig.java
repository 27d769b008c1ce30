package dev.tyto.loader;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What tokenizer_config.json says beside tokenizer.json, and the chat templates, which newer models
 * have in files of their own. Absent fields are null.
 *
 * @param tokenizerClass the class in transformers, such as {@code LlamaTokenizerFast}
 * @param bosToken text of the token that begins a text
 * @param eosToken text of the token that ends a text
 * @param padToken text of the token for padding
 * @param unkToken text of the token for what the vocabulary does not have
 * @param addBosToken whether encoding puts the bos token first
 * @param addEosToken whether encoding puts the eos token last
 * @param modelMaxLength longest input in tokens; null also for the huge number that means unlimited
 * @param chatTemplates Jinja templates by name; {@code default} is the usual one, and models for
 *     tools or retrieval have others
 */
public record TokenizerConfig(
    @Nullable String tokenizerClass,
    @Nullable String bosToken,
    @Nullable String eosToken,
    @Nullable String padToken,
    @Nullable String unkToken,
    @Nullable Boolean addBosToken,
    @Nullable Boolean addEosToken,
    @Nullable Long modelMaxLength,
    Map<String, String> chatTemplates) {

  /** The name of the template that is used when none is asked for. */
  public static final String DEFAULT_TEMPLATE = "default";

  /** Copies the map, in its order. */
  public TokenizerConfig {
    chatTemplates = Collections.unmodifiableMap(new LinkedHashMap<>(chatTemplates));
  }

  /** The chat template for when none is asked for by name, if the model has one. */
  public Optional<String> chatTemplate() {
    return Optional.ofNullable(chatTemplates.get(DEFAULT_TEMPLATE));
  }
}
