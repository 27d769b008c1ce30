package dev.tyto.loader;

import java.nio.file.Path;

/**
 * CONTRACT SKETCH: a Hugging Face model folder, parsed and checked. {@code open} reads the JSON
 * files; {@code openCheckpoint} maps the weights.
 */
public interface ModelFolder {
  static ModelFolder open(Path folder) throws LoadException {
    throw new UnsupportedOperationException("contract");
  }

  Path path();

  ModelConfig config();

  /** From generation_config.json, falling back to the token ids of config.json. */
  GenerationConfig generationConfig();

  Checkpoint openCheckpoint() throws LoadException;
}
