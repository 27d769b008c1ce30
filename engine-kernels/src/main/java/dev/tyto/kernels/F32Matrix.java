package dev.tyto.kernels;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** {@link WeightFormat#F32}: a word is one weight. */
final class F32Matrix extends PackedMatrix {
  F32Matrix(int outputs, int inputs, Arena arena) {
    super(outputs, inputs, panelBytes(inputs, 1), arena);
  }

  @Override
  public WeightFormat format() {
    return WeightFormat.F32;
  }

  @Override
  ElementType elementType() {
    return ElementType.F32;
  }

  @Override
  boolean invalid(int word) {
    return false;
  }

  @Override
  String invalidReason() {
    throw new AssertionError("every F32 weight is valid");
  }

  @Override
  void decode(int panel, int firstInput, int count, float[] target) {
    long base = panelOffset(panel) + (long) firstInput * WORD_STRIDE;
    MemorySegment.copy(data(), Elements.FLOAT, base, target, 0, count * PANEL);
  }
}
