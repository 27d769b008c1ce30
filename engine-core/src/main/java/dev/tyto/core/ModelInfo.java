package dev.tyto.core;

import java.nio.file.Path;
import java.util.Map;

/**
 * What a model folder holds, without loading its weights: {@link #of}. CONTRACT SKETCH, to be
 * refined.
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
 * @param totalParameters main model, scales and MTP not counted
 * @param activeParameters per token, one embedding row and the head included
 * @param tensors number of tensors in the files
 * @param weightBytesByFormat off-heap bytes of packed weights by format, once loaded
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

  /** Bytes of packed weights in all. */
  public long weightBytes() {
    return weightBytesByFormat.values().stream().mapToLong(Long::longValue).sum();
  }
}
