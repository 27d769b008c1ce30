package dev.tyto.core;

/** What the weights of projections and experts become when they are loaded. */
public enum WeightType {
  /** As the checkpoint has them. */
  ORIGINAL,
  /**
   * 8-bit codes with a scale per output and group of 32 inputs, and activations quantised likewise
   * on the fly. Embedding, router, norms and the key and value halves of latent attention stay as
   * they are.
   */
  INT8,
  /** As {@link #INT8} with 4-bit codes. */
  INT4
}
