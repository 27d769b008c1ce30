package dev.tyto.core.weights;

import dev.tyto.kernels.WeightMatrix;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Weights of absorbed multi-head latent attention.
 *
 * @param queryDown [queryRank, D], null for a plain query projection
 * @param queryNorm of the compressed query, null with {@code queryDown}
 * @param query [heads * (nope + rope), queryRank or D]
 * @param kvDown [latentRank + rope, D]
 * @param kvNorm of the latent
 * @param keyUp per head [latentRank, nope]: the key half of kv_b_proj, transposed, so that it
 *     applies to queries
 * @param valueUp per head [valueDim, latentRank]: the value half of kv_b_proj
 * @param output [D, heads * valueDim]
 */
public record MlaWeights(
    @Nullable WeightMatrix queryDown,
    float @Nullable [] queryNorm,
    WeightMatrix query,
    WeightMatrix kvDown,
    float[] kvNorm,
    List<WeightMatrix> keyUp,
    List<WeightMatrix> valueUp,
    WeightMatrix output) {

  public MlaWeights {
    keyUp = List.copyOf(keyUp);
    valueUp = List.copyOf(valueUp);
  }
}
