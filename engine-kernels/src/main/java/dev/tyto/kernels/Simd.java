package dev.tyto.kernels;

import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * The machine's vectors, and {@link VirtualLanes} in them. Like every class named Vector… or Simd
 * it is loaded by the vector provider only, since jdk.incubator.vector may be absent.
 */
final class Simd {
  /** Species must be static and final, or C2 does not see through them. */
  static final VectorSpecies<Float> F = preferred();

  static final VectorSpecies<Integer> I = VectorSpecies.of(int.class, F.vectorShape());

  /** As many shorts as floats: half as wide. */
  static final VectorSpecies<Short> S =
      F.length() == 4
          ? ShortVector.SPECIES_64
          : F.length() == 8 ? ShortVector.SPECIES_128 : ShortVector.SPECIES_256;

  /** Lanes of a vector: 4, 8 or 16. */
  static final int L = F.length();

  /** Vectors that hold the 16 virtual lanes: 4, 2 or 1. */
  static final int PARTS = VirtualLanes.COUNT / L;

  static final ByteOrder LE = ByteOrder.LITTLE_ENDIAN;

  /**
   * 1, but not to C2: a loop that steps by it is not unrolled. An unrolled loop over memory spreads
   * its loads over many instructions with long strides, and hardware prefetchers, which watch
   * instructions, then deliver half the bandwidth (measured on Zen 4).
   */
  static int one = 1;

  private static final VectorShuffle<Float> ROTATE_8 = VectorShuffle.iota(F, 8 % L, 1, true);
  private static final VectorShuffle<Float> ROTATE_4 = VectorShuffle.iota(F, 4 % L, 1, true);
  private static final VectorShuffle<Float> ROTATE_2 = VectorShuffle.iota(F, 2, 1, true);
  private static final VectorShuffle<Float> ROTATE_1 = VectorShuffle.iota(F, 1, 1, true);

  private Simd() {}

  private static VectorSpecies<Float> preferred() {
    VectorSpecies<Float> species = FloatVector.SPECIES_PREFERRED;
    // Wider than 16 virtual lanes (ARM SVE could be) gains nothing: the order has 16.
    return species.vectorBitSize() > 512
        ? VectorSpecies.of(float.class, VectorShape.S_512_BIT)
        : species;
  }

  /** The fixed tree over 16 virtual lanes; parts that the width does not need are ignored. */
  static float foldSum(FloatVector a, FloatVector b, FloatVector c, FloatVector d) {
    FloatVector v = PARTS == 1 ? a : PARTS == 2 ? a.add(b) : a.add(c).add(b.add(d));
    if (PARTS == 1) {
      v = v.add(v.rearrange(ROTATE_8));
    }
    if (PARTS <= 2) {
      v = v.add(v.rearrange(ROTATE_4));
    }
    v = v.add(v.rearrange(ROTATE_2));
    v = v.add(v.rearrange(ROTATE_1));
    return v.lane(0);
  }

  static float foldMax(FloatVector v) {
    if (PARTS == 1) {
      v = v.max(v.rearrange(ROTATE_8));
    }
    if (PARTS <= 2) {
      v = v.max(v.rearrange(ROTATE_4));
    }
    v = v.max(v.rearrange(ROTATE_2));
    v = v.max(v.rearrange(ROTATE_1));
    return v.lane(0);
  }
}
