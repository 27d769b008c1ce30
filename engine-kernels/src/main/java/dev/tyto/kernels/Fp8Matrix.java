package dev.tyto.kernels;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * {@link WeightFormat#FP8_E4M3}: a word is the codes of four consecutive k; one fp32 scale per
 * 128x128 block.
 *
 * <p>Kernels see a code's value times 2^-120: sign, exponent and fraction moved to their places in
 * a binary32, which is right for subnormals too. They multiply activations by 2^64 and scales by
 * 2^56 to make up for it; all three are exact short of overflow (activations below 2^63, scales
 * below 2^71), and products stay clear of the subnormal range. A NaN code would come out as 480, so
 * it is refused when packing.
 */
final class Fp8Matrix extends PackedMatrix {
  /** Sign, 4 bits of exponent and 3 of fraction after an arithmetic shift right by 4. */
  static final int MASK = 0x87F00000;

  static final float ACTIVATION_SCALE = 0x1p64f;
  private static final float SCALE_SCALE = 0x1p56f;

  private final int blockColumns;
  private float @Nullable [] scales;

  Fp8Matrix(int outputs, int inputs, Arena arena) {
    super(outputs, inputs, panelBytes(inputs, 4), arena);
    this.blockColumns = blocks(inputs);
  }

  private static int blocks(int length) {
    return (int) (((long) length + BLOCK - 1) / BLOCK);
  }

  @Override
  public WeightFormat format() {
    return WeightFormat.FP8_E4M3;
  }

  @Override
  ElementType elementType() {
    return ElementType.F8_E4M3;
  }

  @Override
  boolean invalid(int word) {
    return (((word & 0x7F7F7F7F) + 0x01010101) & 0x80808080) != 0;
  }

  @Override
  String invalidReason() {
    return "FP8 weight is NaN";
  }

  @Override
  public void blockScales(float[] scales) {
    int expected = Math.multiplyExact(blocks(outputs()), blockColumns);
    if (scales.length != expected) {
      throw new IllegalArgumentException(
          "an FP8 matrix of "
              + outputs()
              + " x "
              + inputs()
              + " has "
              + expected
              + " block scales, not "
              + scales.length);
    }
    float[] own = Arrays.copyOf(scales, expected);
    for (int i = 0; i < expected; i++) {
      own[i] *= SCALE_SCALE;
    }
    this.scales = own;
  }

  /** Scales times 2^56; the row of a panel starts at {@link #scaleOffset}. */
  float[] scales() {
    float[] own = scales;
    if (own == null) {
      throw new IllegalStateException("FP8 matrix used before its block scales were set");
    }
    return own;
  }

  /** Index of the scale of a panel's first block of 128 inputs; the others follow it. */
  int scaleOffset(int panel) {
    return panel * PANEL / BLOCK * blockColumns;
  }

  @Override
  void decode(int panel, int firstInput, int count, float[] target) {
    int[] words = new int[PANEL];
    for (int k = 0; k < count; k++) {
      long base = panelOffset(panel) + (long) ((firstInput + k) >> 2) * WORD_STRIDE;
      int shift = 24 - 8 * ((firstInput + k) & 3);
      MemorySegment.copy(data(), WORD, base, words, 0, PANEL);
      for (int n = 0; n < PANEL; n++) {
        int word = words[n];
        target[k * PANEL + n] = Float.intBitsToFloat(((word << shift) >> 4) & MASK);
      }
    }
  }
}
