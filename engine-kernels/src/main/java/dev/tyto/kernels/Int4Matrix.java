package dev.tyto.kernels;

import java.lang.foreign.Arena;

/** {@link WeightFormat#INT4}: a word is 8 codes. */
final class Int4Matrix extends GroupedMatrix {
  Int4Matrix(int outputs, int inputs, Arena arena) {
    super(outputs, inputs, 4, arena);
  }

  @Override
  public WeightFormat format() {
    return WeightFormat.INT4;
  }

  @Override
  float limit() {
    return 7f;
  }
}
