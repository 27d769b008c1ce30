package dev.tyto.core.weights;

import dev.tyto.kernels.WeightMatrix;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All weights of a decoder; views of memory that the model's arena owns. */
public record DecoderWeights(
    EmbeddingTable embedding,
    List<LayerWeights> layers,
    float[] finalNorm,
    WeightMatrix head,
    @Nullable MtpWeights mtp) {

  public DecoderWeights {
    layers = List.copyOf(layers);
  }
}
