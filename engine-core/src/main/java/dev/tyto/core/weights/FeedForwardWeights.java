package dev.tyto.core.weights;

/** The weights of a feed-forward half. */
public sealed interface FeedForwardWeights permits MlpWeights, MoeWeights {}
