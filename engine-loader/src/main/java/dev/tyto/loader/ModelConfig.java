package dev.tyto.loader;

/**
 * A config.json, typed and checked: one record for each group of families that share their fields.
 * A model's {@link ModelFolder} gives it.
 */
public sealed interface ModelConfig permits DeepSeekConfig {
  /** The {@code model_type} as written in the file, such as {@code deepseek_v3}. */
  String modelType();

  /** Number of token ids, hence of rows of the embedding. */
  int vocabSize();

  /** The longest sequence the model is made for, in tokens. */
  int maxPositionEmbeddings();
}
