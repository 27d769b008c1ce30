package dev.tyto.core.spec;

/** One decoder layer: norm, attention, residual, norm, feed-forward, residual. */
public record LayerSpec(MlaSpec attention, FeedForwardSpec feedForward) {}
