package dev.tyto.core;

import dev.tyto.core.balance.LoadBalancer;
import dev.tyto.core.runtime.LocalModel;
import dev.tyto.loader.GenerationConfig;
import dev.tyto.loader.LoadException;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

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

  /**
   * How tokens were spread over experts since the model was loaded or {@link
   * #resetExpertStatistics} was called; no layers if it has no experts. A copy, of the size of one
   * long per pair of experts and layer.
   */
  ExpertStatistics expertStatistics();

  /** Starts the expert statistics anew. */
  void resetExpertStatistics();

  /**
   * A copy of the selection bias of each expert of a layer, as the next pass will use it.
   *
   * @throws IllegalArgumentException if the layer does not exist or has no selection bias
   */
  float[] selectionBias(int layer);

  /**
   * Sets the selection bias of each expert of a layer, for all sessions from the next pass on. The
   * checkpoint's files do not change. A session whose cache was filled under other biases goes on
   * with it.
   *
   * @throws IllegalArgumentException if the layer does not exist or has no selection bias, or if
   *     {@code bias} has another length than there are experts, or a value that is not finite
   */
  void setSelectionBias(int layer, float[] bias);

  /**
   * Writes a model folder that differs from the one loaded in its selection biases only, which are
   * those in use now (as F32). All other files are hard-linked: it takes hardly any space, and the
   * files must not be changed in place.
   *
   * @param folder does not exist yet, or is empty
   * @throws IOException if it cannot be written; nothing is left behind then
   * @throws IllegalStateException if no layer has a selection bias
   */
  void saveSelectionBiases(Path folder) throws IOException;

  /**
   * Lets a balancer adapt the selection biases to the load of the passes; null, as at first, leaves
   * them as they are. While one is set, results depend on the load before.
   *
   * @throws IllegalStateException if no layer has a selection bias
   */
  void setLoadBalancer(@Nullable LoadBalancer balancer);

  /** Ends all sessions, joins the threads, frees the memory. Closing twice is harmless. */
  @Override
  void close();
}
