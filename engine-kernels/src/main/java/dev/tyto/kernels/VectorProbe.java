package dev.tyto.kernels;

import jdk.incubator.vector.FloatVector;

/** The one question to the Vector API that is asked before it is chosen. */
final class VectorProbe {
  private VectorProbe() {}

  static int preferredBits() {
    return FloatVector.SPECIES_PREFERRED.vectorBitSize();
  }
}
