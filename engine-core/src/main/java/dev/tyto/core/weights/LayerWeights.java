package dev.tyto.core.weights;

/** The weights of one decoder layer. */
public record LayerWeights(
    float[] attentionNorm,
    MlaWeights attention,
    float[] feedForwardNorm,
    FeedForwardWeights feedForward) {}
