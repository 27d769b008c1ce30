package dev.tyto.core;

import dev.tyto.core.runtime.ModelInfos;
import dev.tyto.loader.LoadException;
import java.nio.file.Path;
import java.util.Map;

/**
 * What a model folder holds, read from its headers alone.
 *
 * @param folder the model folder
 * @param modelType as in config.json
 * @param layers decoder layers
 * @param moeLayers of which with routed experts
 * @param hiddenSize width of the residual stream
 * @param heads attention heads
 * @param vocabSize vocabulary
 * @param contextLength of the checkpoint
 * @param routedExperts per MoE layer
 * @param expertsPerToken chosen per token
 * @param sharedExperts per MoE layer
 * @param mtpLayers multi-token-prediction modules in the checkpoint
 * @param totalParameters of the main model; selection biases, quantisation scales and MTP not
 *     counted
 * @param activeParameters per token, one embedding row and the head included
 * @param tensors number of tensors in the files
 * @param weightBytesByFormat bytes of the main model's weights by dtype
 * @param cacheBytesPerToken KV cache bytes per token (all layers) for BF16
 */
public record ModelInfo(
    Path folder,
    String modelType,
    int layers,
    int moeLayers,
    int hiddenSize,
    int heads,
    int vocabSize,
    int contextLength,
    int routedExperts,
    int expertsPerToken,
    int sharedExperts,
    int mtpLayers,
    long totalParameters,
    long activeParameters,
    int tensors,
    Map<String, Long> weightBytesByFormat,
    long cacheBytesPerToken) {

  /**
   * Describes a model folder without loading its weights.
   *
   * @throws LoadException if a file is missing, damaged or unsupported
   */
  public static ModelInfo read(Path folder) throws LoadException {
    return ModelInfos.read(folder);
  }

  /** Bytes of the main model's weights. */
  public long weightBytes() {
    return weightBytesByFormat.values().stream().mapToLong(Long::longValue).sum();
  }
}
