package dev.tyto.core.weights;

import dev.tyto.kernels.WeightMatrix;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Weights of a Mixture-of-Experts layer.
 *
 * @param router [E, D]
 * @param selectionBias E values, null if the family has none
 * @param experts E experts
 * @param shared the shared experts as one MLP, null if none
 * @param sharedGate [1, D], null if the shared experts count in full
 */
public record MoeWeights(
    WeightMatrix router,
    float @Nullable [] selectionBias,
    List<MlpWeights> experts,
    @Nullable MlpWeights shared,
    @Nullable WeightMatrix sharedGate)
    implements FeedForwardWeights {

  public MoeWeights {
    experts = List.copyOf(experts);
  }
}
