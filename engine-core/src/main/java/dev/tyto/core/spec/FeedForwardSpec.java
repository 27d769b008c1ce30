package dev.tyto.core.spec;

/** The second half of a layer. */
public sealed interface FeedForwardSpec permits DenseSpec, MoeSpec {}
