package dev.tyto.kernels;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * {@link WeightFormat#F16}: a word is the weights of an even k (low half) and of k+1 (high half).
 *
 * <p>Decoding moves sign, exponent and fraction to their places in a binary32, which gives the
 * value times 2^-112 (subnormals too), and multiplies by 2^112, which is exact. Infinities and NaNs
 * would come out finite, so they are refused when packing.
 */
final class F16Matrix extends PackedMatrix {
  /** Sign, 5 bits of exponent and 10 of fraction after an arithmetic shift right by 3. */
  static final int MASK = 0x8FFFE000;

  static final float RESCALE = 0x1p112f;

  F16Matrix(int outputs, int inputs, Arena arena) {
    super(outputs, inputs, panelBytes(inputs, 2), arena);
  }

  @Override
  public WeightFormat format() {
    return WeightFormat.F16;
  }

  @Override
  ElementType elementType() {
    return ElementType.F16;
  }

  @Override
  boolean invalid(int word) {
    return (word & 0x7C00) == 0x7C00 || (word & 0x7C000000) == 0x7C000000;
  }

  @Override
  String invalidReason() {
    return "F16 weight is infinite or NaN";
  }

  @Override
  void decode(int panel, int firstInput, int count, float[] target) {
    int[] words = new int[PANEL];
    for (int k = 0; k < count; k++) {
      long base = panelOffset(panel) + (long) ((firstInput + k) >> 1) * WORD_STRIDE;
      int shift = 16 - 16 * ((firstInput + k) & 1);
      MemorySegment.copy(data(), WORD, base, words, 0, PANEL);
      for (int n = 0; n < PANEL; n++) {
        int word = words[n];
        target[k * PANEL + n] = Float.intBitsToFloat(((word << shift) >> 3) & MASK) * RESCALE;
      }
    }
  }
}
