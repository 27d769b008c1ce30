package dev.tyto.core;

import dev.tyto.core.runtime.LocalModel;
import dev.tyto.loader.GenerationConfig;
import dev.tyto.loader.LoadException;
import java.nio.file.Path;

/**
 * A loaded model: weights, worker threads and scheduler. Safe for use by many threads at once. Owns
 * off-heap memory and threads: close it.
 */
public interface Model extends AutoCloseable {
  /** Loads a Hugging Face model folder with default options. */
  static Model load(Path folder) throws LoadException {
    return load(folder, LoadOptions.defaults());
  }

  /**
   * Loads a Hugging Face model folder: {@code config.json} and safetensors files.
   *
   * @throws LoadException if a file is missing, damaged, unsupported, or the weights cannot fit
   * @throws IllegalArgumentException if the options ask for a longer context than the checkpoint's
   */
  static Model load(Path folder, LoadOptions options) throws LoadException {
    return LocalModel.load(folder, options);
  }

  /** What was loaded: architecture, parameters, memory. */
  ModelInfo info();

  /** The checkpoint's generation_config.json. */
  GenerationConfig generationConfig();

  /** Most tokens a session may hold. */
  int contextLength();

  int vocabSize();

  /** A new, empty session. */
  Session newSession();

  /** Ends all sessions, joins the threads, frees the memory. Closing twice is harmless. */
  @Override
  void close();
}
