package dev.tyto.core.weights;

import dev.tyto.kernels.WeightMatrix;

/**
 * Weights of a multi-token-prediction module; embedding and head are the main model's.
 *
 * @param tokenNorm of the embedding of the next token (enorm)
 * @param hiddenNorm of the main model's state (hnorm)
 * @param projection [D, 2D], embedding first (eh_proj)
 * @param block the layer
 * @param finalNorm before the head (shared_head.norm)
 */
public record MtpWeights(
    float[] tokenNorm,
    float[] hiddenNorm,
    WeightMatrix projection,
    LayerWeights block,
    float[] finalNorm) {}
