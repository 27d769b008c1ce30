package dev.tyto.kernels;

import static dev.tyto.kernels.Polynomials.*;
import static dev.tyto.kernels.Simd.F;
import static dev.tyto.kernels.Simd.I;
import static dev.tyto.kernels.Simd.L;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * Arg max, plain and with Gumbel noise. Floats are compared as integers that sort alike, because
 * the final reduction over lanes may be of integers only.
 */
final class VectorSampling {
  private static final int INFINITY_BITS = 0x7F800000;

  /** Noises made at a time: few, since their buffer is garbage of every draw. */
  private static final int BLOCK = 128;

  private static final int MAGNITUDE = 0x7FFFFFFF;

  /** Sort key of -inf. */
  private static final int LOWEST = key(Float.NEGATIVE_INFINITY);

  private static final IntVector IOTA = IntVector.zero(I).addIndex(1);

  private VectorSampling() {}

  /** Integers that sort as the floats do, -0 equal to 0; meaningless for NaN. */
  private static int key(float x) {
    int bits = Float.floatToRawIntBits(x + 0f);
    return bits ^ ((bits >> 31) & MAGNITUDE);
  }

  /** The maximum first, then where it stands: two plain loops beat one that carries indices. */
  static int argMax(float[] x, int offset, int length) {
    float max = VectorReductions.max(x, offset, length);
    if (Float.isNaN(max)) {
      return -1;
    }
    int i = 0;
    for (; i <= length - L; i += L) {
      if (FloatVector.fromArray(F, x, offset + i).compare(VectorOperators.EQ, max).anyTrue()) {
        break;
      }
    }
    for (; i < length; i++) {
      if (x[offset + i] == max) {
        return i;
      }
    }
    return -1;
  }

  /** The lowest index among the lanes that hold the best key. */
  private static int lowestOf(IntVector where, IntVector best, int bestKey) {
    return IntVector.broadcast(I, Integer.MAX_VALUE)
        .blend(where, best.compare(VectorOperators.EQ, bestKey))
        .reduceLanes(VectorOperators.MIN);
  }

  static int gumbelArgMax(float[] x, int offset, int length, long key) {
    IntVector best = IntVector.broadcast(I, LOWEST);
    IntVector where = IntVector.broadcast(I, -1);
    IntVector largest = IntVector.zero(I);
    IntVector index = IOTA;
    float[] noise = new float[Math.min(BLOCK, length)];
    int whole = length - length % L;
    for (int i = 0; i < whole; i += L) {
      if (i % BLOCK == 0) {
        uniforms((int) key, (int) (key >>> 32), i, noise, Math.min(BLOCK, whole - i));
        exponentials(noise, Math.min(BLOCK, whole - i));
        minusLogs(noise, Math.min(BLOCK, whole - i));
      }
      FloatVector v = FloatVector.fromArray(F, x, offset + i);
      largest = largest.max(v.reinterpretAsInts().and(MAGNITUDE));
      IntVector bits =
          v.add(FloatVector.fromArray(F, noise, i % BLOCK)).add(0f).reinterpretAsInts();
      IntVector sortKey =
          bits.lanewise(
              VectorOperators.XOR, bits.lanewise(VectorOperators.ASHR, 31).and(MAGNITUDE));
      VectorMask<Integer> better = sortKey.compare(VectorOperators.GT, best);
      best = best.blend(sortKey, better);
      where = where.blend(index, better);
      index = index.add(L);
    }
    if (largest.reduceLanes(VectorOperators.MAX) > INFINITY_BITS) {
      return -1;
    }
    int bestKey = best.reduceLanes(VectorOperators.MAX);
    int bestIndex = bestKey == LOWEST ? -1 : lowestOf(where, best, bestKey);
    for (int i = whole; i < length; i++) {
      float value = x[offset + i];
      if (Float.isNaN(value)) {
        return -1;
      }
      int sortKey = key(value + Polynomials.gumbel(Polynomials.hash(key, i)));
      if (sortKey > bestKey) {
        bestKey = sortKey;
        bestIndex = i;
      }
    }
    return bestIndex;
  }

  /** {@code e[i] = uniform(hash)} of id first + i; count is a multiple of L. */
  private static void uniforms(int key0, int key1, int first, float[] e, int count) {
    IntVector id = IOTA.add(first + key0);
    for (int i = 0; i < count; i += L) {
      IntVector h = id;
      id = id.add(L);
      h = h.lanewise(VectorOperators.XOR, h.lanewise(VectorOperators.LSHR, 17)).mul(0xED5AD4BB);
      h = h.lanewise(VectorOperators.XOR, h.lanewise(VectorOperators.LSHR, 11)).mul(0xAC4C1B51);
      h = h.lanewise(VectorOperators.XOR, h.lanewise(VectorOperators.LSHR, 15)).mul(0x31848BAB);
      h = h.lanewise(VectorOperators.XOR, h.lanewise(VectorOperators.LSHR, 14));
      h = h.add(key1);
      h = h.lanewise(VectorOperators.XOR, h.lanewise(VectorOperators.LSHR, 16)).mul(0x7FEB352D);
      h = h.lanewise(VectorOperators.XOR, h.lanewise(VectorOperators.LSHR, 15)).mul(0x846CA68B);
      h = h.lanewise(VectorOperators.XOR, h.lanewise(VectorOperators.LSHR, 16));
      FloatVector v =
          ((FloatVector) h.lanewise(VectorOperators.LSHR, 1).convert(VectorOperators.I2F, 0))
              .fma(FloatVector.broadcast(F, 0x1p-31f), FloatVector.broadcast(F, 0x1p-33f));
      v.blend(MAX_V, v.compare(VectorOperators.GT, MAX_V)).intoArray(e, i);
    }
  }

  /** {@code e[i] = -log(1 - v[i])}; count is a multiple of L. */
  private static void exponentials(float[] e, int count) {
    for (int i = 0; i < count; i += L) {
      FloatVector v = FloatVector.fromArray(F, e, i);
      IntVector bits = FloatVector.broadcast(F, 1f).sub(v).reinterpretAsInts();
      IntVector exponent = bits.sub(SQRT_HALF_BITS).lanewise(VectorOperators.ASHR, 23);
      FloatVector n = (FloatVector) exponent.convert(VectorOperators.I2F, 0);
      FloatVector f =
          bits.sub(exponent.lanewise(VectorOperators.LSHL, 23))
              .reinterpretAsFloats()
              .sub(1f)
              .blend(v.neg(), n.compare(VectorOperators.EQ, 0f));
      FloatVector s = f.div(f.add(2f));
      FloatVector z = s.mul(s);
      FloatVector p = z.fma(FloatVector.broadcast(F, L11), FloatVector.broadcast(F, L9));
      p = p.fma(z, FloatVector.broadcast(F, L7));
      p = p.fma(z, FloatVector.broadcast(F, L5));
      p = p.fma(z, FloatVector.broadcast(F, L3));
      p = s.mul(z).fma(p, s.add(s));
      p = n.fma(FloatVector.broadcast(F, LN2_LOW), p);
      n.fma(FloatVector.broadcast(F, LN2_HIGH), p).neg().intoArray(e, i);
    }
  }

  /** {@code e[i] = -log(e[i])} of normal numbers; count is a multiple of L. */
  private static void minusLogs(float[] e, int count) {
    for (int i = 0; i < count; i += L) {
      IntVector bits = FloatVector.fromArray(F, e, i).reinterpretAsInts();
      IntVector exponent = bits.sub(SQRT_HALF_BITS).lanewise(VectorOperators.ASHR, 23);
      FloatVector n = (FloatVector) exponent.convert(VectorOperators.I2F, 0);
      FloatVector f =
          bits.sub(exponent.lanewise(VectorOperators.LSHL, 23)).reinterpretAsFloats().sub(1f);
      FloatVector s = f.div(f.add(2f));
      FloatVector z = s.mul(s);
      FloatVector p = z.fma(FloatVector.broadcast(F, L11), FloatVector.broadcast(F, L9));
      p = p.fma(z, FloatVector.broadcast(F, L7));
      p = p.fma(z, FloatVector.broadcast(F, L5));
      p = p.fma(z, FloatVector.broadcast(F, L3));
      p = s.mul(z).fma(p, s.add(s));
      p = n.fma(FloatVector.broadcast(F, LN2_LOW), p);
      n.fma(FloatVector.broadcast(F, LN2_HIGH), p).neg().intoArray(e, i);
    }
  }
}
