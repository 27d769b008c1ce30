package dev.tyto.loader;

/** A config.json, typed. */
public sealed interface ModelConfig permits DeepSeekConfig {
  String modelType();

  int vocabSize();

  int maxPositionEmbeddings();
}
