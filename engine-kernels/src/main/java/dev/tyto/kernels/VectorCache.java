package dev.tyto.kernels;

import static dev.tyto.kernels.Simd.F;
import static dev.tyto.kernels.Simd.I;
import static dev.tyto.kernels.Simd.L;
import static dev.tyto.kernels.Simd.LE;
import static dev.tyto.kernels.Simd.S;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** BF16 cache elements to floats and back. */
final class VectorCache {
  private VectorCache() {}

  static void loadBf16(MemorySegment cache, long byteOffset, float[] y, int yOffset, int length) {
    int i = 0;
    for (; i <= length - L; i += L) {
      ShortVector v = ShortVector.fromMemorySegment(S, cache, byteOffset + 2L * i, LE);
      ((IntVector) v.convertShape(VectorOperators.ZERO_EXTEND_S2I, I, 0))
          .lanewise(VectorOperators.LSHL, 16)
          .reinterpretAsFloats()
          .intoArray(y, yOffset + i);
    }
    for (; i < length; i++) {
      y[yOffset + i] = FloatBits.fromBf16(cache.get(Elements.SHORT, byteOffset + 2L * i));
    }
  }

  static void storeBf16(float[] x, int xOffset, int length, MemorySegment target, long byteOffset) {
    int i = 0;
    for (; i <= length - L; i += L) {
      IntVector bits = FloatVector.fromArray(F, x, xOffset + i).reinterpretAsInts();
      IntVector upper = bits.lanewise(VectorOperators.LSHR, 16);
      IntVector rounded = bits.add(0x7FFF).add(upper.and(1)).lanewise(VectorOperators.LSHR, 16);
      VectorMask<Integer> nan = bits.and(0x7FFFFFFF).compare(VectorOperators.GT, 0x7F800000);
      ((ShortVector) rounded.blend(upper.or(0x40), nan).convertShape(VectorOperators.I2S, S, 0))
          .intoMemorySegment(target, byteOffset + 2L * i, LE);
    }
    for (; i < length; i++) {
      target.set(Elements.SHORT, byteOffset + 2L * i, FloatBits.toBf16(x[xOffset + i]));
    }
  }
}
