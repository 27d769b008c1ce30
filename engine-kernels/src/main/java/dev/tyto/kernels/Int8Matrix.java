package dev.tyto.kernels;

import java.lang.foreign.Arena;

/** {@link WeightFormat#INT8}: a word is 4 codes. */
final class Int8Matrix extends GroupedMatrix {
  Int8Matrix(int outputs, int inputs, Arena arena) {
    super(outputs, inputs, 8, arena);
  }

  @Override
  public WeightFormat format() {
    return WeightFormat.INT8;
  }

  @Override
  float limit() {
    return 127f;
  }
}
