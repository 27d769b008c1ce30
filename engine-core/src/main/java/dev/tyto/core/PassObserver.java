package dev.tyto.core;

/**
 * Sees what a pass computes, for checking the engine against a reference. All methods are called
 * from one thread, positions ascending within a layer and chunk; arrays are the engine's own: read,
 * copy, do not keep.
 */
public interface PassObserver {
  /**
   * Whether the logits are wanted; asked once per evaluation. The head is a good part of the work.
   */
  default boolean wantsLogits() {
    return true;
  }

  /** The residual stream after a layer (0-based): {@code data[offset .. offset+length-1]}. */
  default void hidden(int layer, int position, float[] data, int offset, int length) {}

  /**
   * The routing of a MoE layer: k expert ids in descending order of choice score, and their final
   * (normalised and scaled) weights.
   */
  default void route(int layer, int position, int[] ids, float[] weights, int offset, int k) {}

  /** The logits of a position: {@code vocabSize} values from {@code offset}. */
  default void logits(int position, float[] data, int offset, int length) {}
}
