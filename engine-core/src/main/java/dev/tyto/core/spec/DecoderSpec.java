package dev.tyto.core.spec;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A decoder-only transformer, as data.
 *
 * @param vocabSize rows of the embedding and of the head
 * @param hiddenSize width D of the residual stream
 * @param normEpsilon of every RMSNorm
 * @param contextLength most positions the checkpoint was made for
 * @param rope rotary position embedding of all layers
 * @param layers in order
 * @param mtp the multi-token-prediction module, or null
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
    @Nullable MtpSpec mtp,
    boolean tiedHead,
    TensorNames names) {

  public DecoderSpec {
    layers = List.copyOf(layers);
  }

  /** This decoder without its multi-token-prediction module. */
  public DecoderSpec withoutMtp() {
    return new DecoderSpec(
        vocabSize, hiddenSize, normEpsilon, contextLength, rope, layers, null, tiedHead, names);
  }

  /** Every layer that keeps keys, in order of its index in the cache: the MTP module's last. */
  public List<LayerSpec> cachedLayers() {
    if (mtp == null) {
      return layers;
    }
    List<LayerSpec> all = new ArrayList<>(layers);
    all.add(mtp.block());
    return List.copyOf(all);
  }

  /** Layers whose feed-forward routes to experts. */
  public int moeLayers() {
    return (int) layers.stream().filter(l -> l.feedForward() instanceof MoeSpec).count();
  }
}
