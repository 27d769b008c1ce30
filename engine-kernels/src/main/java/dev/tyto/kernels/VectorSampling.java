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

  static int argMax(float[] x, int offset, int length) {
    IntVector best = IntVector.broadcast(I, Integer.MIN_VALUE);
    IntVector where = IntVector.broadcast(I, -1);
    IntVector largest = IntVector.zero(I);
    IntVector index = IOTA;
    int i = 0;
    for (; i <= length - L; i += L) {
      FloatVector v = FloatVector.fromArray(F, x, offset + i);
      largest = largest.max(v.reinterpretAsInts().and(MAGNITUDE));
      IntVector bits = v.add(0f).reinterpretAsInts();
      IntVector key =
          bits.lanewise(
              VectorOperators.XOR, bits.lanewise(VectorOperators.ASHR, 31).and(MAGNITUDE));
      VectorMask<Integer> better = key.compare(VectorOperators.GT, best);
      best = best.blend(key, better);
      where = where.blend(index, better);
      index = index.add(L);
    }
    if (largest.reduceLanes(VectorOperators.MAX) > INFINITY_BITS) {
      return -1;
    }
    int bestKey = best.reduceLanes(VectorOperators.MAX);
    int bestIndex = i == 0 ? -1 : lowestOf(where, best, bestKey);
    for (; i < length; i++) {
      float value = x[offset + i];
      if (Float.isNaN(value)) {
        return -1;
      }
      if (bestIndex < 0 || key(value) > bestKey) {
        bestKey = key(value);
        bestIndex = i;
      }
    }
    return bestIndex;
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
    int i = 0;
    for (; i <= length - L; i += L) {
      FloatVector v = FloatVector.fromArray(F, x, offset + i);
      largest = largest.max(v.reinterpretAsInts().and(MAGNITUDE));
      IntVector bits = v.add(gumbel(index, key)).add(0f).reinterpretAsInts();
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
    for (; i < length; i++) {
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

  private static FloatVector gumbel(IntVector id, long key) {
    IntVector h = id.add((int) key);
    h = xorShift(h, 17).mul(0xED5AD4BB);
    h = xorShift(h, 11).mul(0xAC4C1B51);
    h = xorShift(h, 15).mul(0x31848BAB);
    h = xorShift(h, 14).lanewise(VectorOperators.XOR, (int) (key >>> 32));
    h = xorShift(h, 16).mul(0x7FEB352D);
    h = xorShift(h, 15).mul(0x846CA68B);
    h = xorShift(h, 16);
    FloatVector v =
        ((FloatVector) h.lanewise(VectorOperators.LSHR, 1).convert(VectorOperators.I2F, 0))
            .fma(FloatVector.broadcast(F, 0x1p-31f), FloatVector.broadcast(F, 0x1p-33f));
    v = v.blend(MAX_V, v.compare(VectorOperators.GT, MAX_V));
    FloatVector u = FloatVector.broadcast(F, 1f).sub(v);
    IntVector bits = u.reinterpretAsInts();
    IntVector e = bits.sub(SQRT_HALF_BITS).lanewise(VectorOperators.ASHR, 23);
    FloatVector m = bits.sub(e.lanewise(VectorOperators.LSHL, 23)).reinterpretAsFloats();
    FloatVector f = m.sub(1f).blend(v.neg(), e.compare(VectorOperators.EQ, 0).cast(F));
    FloatVector minusLog = logParts(e, f).neg();
    bits = minusLog.reinterpretAsInts();
    e = bits.sub(SQRT_HALF_BITS).lanewise(VectorOperators.ASHR, 23);
    m = bits.sub(e.lanewise(VectorOperators.LSHL, 23)).reinterpretAsFloats();
    return logParts(e, m.sub(1f)).neg();
  }

  private static IntVector xorShift(IntVector h, int distance) {
    return h.lanewise(VectorOperators.XOR, h.lanewise(VectorOperators.LSHR, distance));
  }

  private static FloatVector logParts(IntVector e, FloatVector f) {
    FloatVector s = f.div(f.add(2f));
    FloatVector z = s.mul(s);
    FloatVector p = FloatVector.broadcast(F, L11).fma(z, FloatVector.broadcast(F, L9));
    p = p.fma(z, FloatVector.broadcast(F, L7));
    p = p.fma(z, FloatVector.broadcast(F, L5));
    p = p.fma(z, FloatVector.broadcast(F, L3));
    FloatVector log = s.mul(z).fma(p, s.add(s));
    FloatVector n = (FloatVector) e.convert(VectorOperators.I2F, 0);
    return n.fma(FloatVector.broadcast(F, LN2_HIGH), n.fma(FloatVector.broadcast(F, LN2_LOW), log));
  }
}
