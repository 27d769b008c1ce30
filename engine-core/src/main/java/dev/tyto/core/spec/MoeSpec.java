package dev.tyto.core.spec;

/**
 * Routed experts, and shared experts that see every token as one MLP.
 *
 * @param router how experts are chosen
 * @param expertIntermediateSize width of a routed expert
 * @param sharedIntermediateSize width of all shared experts together, 0 for none
 */
public record MoeSpec(RouterSpec router, int expertIntermediateSize, int sharedIntermediateSize)
    implements FeedForwardSpec {}
