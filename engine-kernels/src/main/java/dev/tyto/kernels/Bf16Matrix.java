package dev.tyto.kernels;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * {@link WeightFormat#BF16}: a word is the weights of an even k (low half) and of k+1 (high half).
 */
final class Bf16Matrix extends PackedMatrix {
  Bf16Matrix(int outputs, int inputs, Arena arena) {
    super(outputs, inputs, panelBytes(inputs, 2), arena);
  }

  @Override
  public WeightFormat format() {
    return WeightFormat.BF16;
  }

  @Override
  ElementType elementType() {
    return ElementType.BF16;
  }

  @Override
  boolean invalid(int word) {
    return false;
  }

  @Override
  String invalidReason() {
    throw new AssertionError("every BF16 weight is valid");
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
        target[k * PANEL + n] = Float.intBitsToFloat((word << shift) & 0xFFFF0000);
      }
    }
  }
}
