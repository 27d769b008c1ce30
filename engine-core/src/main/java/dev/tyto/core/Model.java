package dev.tyto.core;

import dev.tyto.loader.GenerationConfig;
import dev.tyto.loader.LoadException;
import java.nio.file.Path;

/**
 * A loaded model: weights, worker threads and scheduler. Safe for use by many threads at once.
 * CONTRACT SKETCH.
 */
public interface Model extends AutoCloseable {
  /** Loads a Hugging Face model folder with default options. */
  static Model load(Path folder) throws LoadException {
    return load(folder, LoadOptions.defaults());
  }

  /** Loads a Hugging Face model folder. */
  static Model load(Path folder, LoadOptions options) throws LoadException {
    throw new UnsupportedOperationException("contract");
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
