package dev.tyto.kernels;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A weight matrix of {@code outputs} x {@code inputs} in panels of 64 outputs, off-heap, read-only
 * once packed. CONTRACT SKETCH: to be made a sealed type with one class per format.
 */
public interface WeightMatrix {
  /** Outputs per panel. */
  int PANEL = 64;

  /** Edge of a scale block of {@link WeightFormat#FP8_E4M3}. */
  int BLOCK = 128;

  /** Allocates an unpacked matrix in {@code arena}. Thread-safe packing: one panel, one thread. */
  static WeightMatrix allocate(WeightFormat format, int outputs, int inputs, Arena arena) {
    throw new UnsupportedOperationException("contract");
  }

  WeightFormat format();

  /** N. */
  int outputs();

  /** K. */
  int inputs();

  /** ceil(outputs / 64). */
  default int panels() {
    return (outputs() + PANEL - 1) / PANEL;
  }

  /** Bytes of off-heap memory held. */
  long byteSize();

  /**
   * Packs one panel from its row-major rows (rows panel*64 .. min(outputs, panel*64+64) - 1, {@code
   * inputs} elements each, contiguous from the segment's start). {@code type} must be the format's
   * own element type.
   *
   * @throws InvalidWeightException if an FP8 code is NaN; carries row and column within the matrix
   */
  void packPanel(int panel, MemorySegment rows, ElementType type);

  /**
   * Sets the block scales of an FP8 matrix, row-major [ceil(outputs/128)][ceil(inputs/128)].
   *
   * @throws IllegalStateException for other formats
   */
  void blockScales(float[] scales);
}
