package dev.tyto.core.spec;

/** down(silu(gate x) * up x). */
public record DenseSpec(int intermediateSize) implements FeedForwardSpec {}
