package dev.tyto.core.spec;

import java.util.List;

/**
 * A decoder-only transformer, as data.
 *
 * @param vocabSize rows of the embedding and of the head
 * @param hiddenSize width D of the residual stream
 * @param normEpsilon of every RMSNorm
 * @param contextLength most positions the checkpoint was made for
 * @param rope rotary position embedding of all layers
 * @param layers in order
 * @param tiedHead whether the head is the embedding
 * @param names where each weight is found in the checkpoint
 */
public record DecoderSpec(
    int vocabSize,
    int hiddenSize,
    float normEpsilon,
    int contextLength,
    RopeSpec rope,
    List<LayerSpec> layers,
    boolean tiedHead,
    TensorNames names) {

  public DecoderSpec {
    layers = List.copyOf(layers);
  }

  /** Layers whose feed-forward routes to experts. */
  public int moeLayers() {
    return (int) layers.stream().filter(l -> l.feedForward() instanceof MoeSpec).count();
  }
}
