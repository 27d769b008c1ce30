package dev.tyto.kernels;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A weight matrix of {@code outputs} x {@code inputs} (N x K), off-heap, read-only once packed.
 *
 * <p>Layout: panels of 64 outputs; within a panel, 32-bit words of consecutive k, {@code
 * word[q][n]} at byte {@code (q*64 + n) * 4} of the panel: one word holds 1 (F32), 2 (F16, BF16) or
 * 4 (FP8) consecutive inputs of one output, the lowest k in the lowest bits. So a SIMD lane is an
 * output, and no kernel needs a sum across lanes. The last panel's missing outputs and the last
 * word's missing inputs are zero.
 *
 * <p>Memory belongs to the arena given to {@link #allocate}; using a matrix after that arena has
 * closed throws {@link IllegalStateException}. Distinct panels may be packed by distinct threads; a
 * panel must be packed (with a happens-before edge) before a kernel reads it.
 */
public sealed interface WeightMatrix permits PackedMatrix {
  /** Outputs per panel. */
  int PANEL = 64;

  /** Edge of a scale block of {@link WeightFormat#FP8_E4M3}. */
  int BLOCK = 128;

  /** Inputs that share a scale in {@link WeightFormat#INT8} and {@link WeightFormat#INT4}. */
  int GROUP = 32;

  /**
   * Allocates an unpacked, zeroed matrix in {@code arena}.
   *
   * @throws IllegalArgumentException if a dimension is negative or the size overflows
   */
  static WeightMatrix allocate(WeightFormat format, int outputs, int inputs, Arena arena) {
    if (outputs < 0 || inputs < 0) {
      throw new IllegalArgumentException(
          "a weight matrix cannot be " + outputs + " x " + inputs + ": dimensions must be >= 0");
    }
    return switch (format) {
      case F32 -> new F32Matrix(outputs, inputs, arena);
      case F16 -> new F16Matrix(outputs, inputs, arena);
      case BF16 -> new Bf16Matrix(outputs, inputs, arena);
      case FP8_E4M3 -> new Fp8Matrix(outputs, inputs, arena);
      case INT8 -> new Int8Matrix(outputs, inputs, arena);
      case INT4 -> new Int4Matrix(outputs, inputs, arena);
    };
  }

  /** How the weights are stored. */
  WeightFormat format();

  /** N. */
  int outputs();

  /** K. */
  int inputs();

  /** ceil(outputs / 64). */
  default int panels() {
    return (int) (((long) outputs() + PANEL - 1) / PANEL);
  }

  /** Bytes of off-heap memory held. */
  long byteSize();

  /**
   * Packs one panel from its row-major rows (rows panel*64 .. min(outputs, panel*64+64) - 1, {@code
   * inputs} little-endian elements each, contiguous from the segment's start). {@code type} must be
   * the format's own element type; INT8 and INT4 are quantised from F32.
   *
   * @throws InvalidWeightException if a weight is one that the kernels cannot multiply with: a NaN
   *     code of FP8, an infinity or NaN of F16, INT8 and INT4; carries row and column within the
   *     matrix
   * @throws IndexOutOfBoundsException if there is no such panel
   * @throws IllegalArgumentException if {@code type} does not fit or {@code rows} is too short
   */
  void packPanel(int panel, MemorySegment rows, ElementType type);

  /**
   * Sets the block scales of an FP8 matrix, row-major [ceil(outputs/128)][ceil(inputs/128)]. The
   * array is copied. Kernels refuse an FP8 matrix whose scales were never set.
   *
   * @throws IllegalStateException for other formats
   * @throws IllegalArgumentException if the number of scales is not the number of blocks
   */
  void blockScales(float[] scales);
}
