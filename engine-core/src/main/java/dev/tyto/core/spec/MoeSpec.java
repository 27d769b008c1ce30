package dev.tyto.core.spec;

/**
 * Routed experts, and shared experts that see every token as one MLP.
 *
 * @param router how experts are chosen
 * @param expertIntermediateSize width of a routed expert
 * @param sharedIntermediateSize width of all shared experts together, 0 for none
 * @param sharedGate whether the shared experts' output is weighted by the sigmoid of a gate of its
 *     own, instead of by 1
 */
public record MoeSpec(
    RouterSpec router, int expertIntermediateSize, int sharedIntermediateSize, boolean sharedGate)
    implements FeedForwardSpec {

  /** Checks that a gate has something to weigh. */
  public MoeSpec {
    if (sharedGate && sharedIntermediateSize == 0) {
      throw new IllegalArgumentException("a gate of shared experts, but no shared experts");
    }
  }
}
