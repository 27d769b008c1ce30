package dev.tyto.core.weights;

import dev.tyto.kernels.WeightMatrix;

/** gate and up [I, D], down [D, I]. */
public record MlpWeights(WeightMatrix gate, WeightMatrix up, WeightMatrix down)
    implements FeedForwardWeights {}
