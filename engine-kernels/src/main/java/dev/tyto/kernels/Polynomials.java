package dev.tyto.kernels;

/**
 * The engine's transcendental functions and noise, one element at a time: the specification that
 * the Vector API code repeats operation for operation. Only + - * / fma, comparisons, casts and
 * integer operations, which every machine rounds alike.
 */
final class Polynomials {
  static final float LOG2_E = 0x1.715476p0f;

  /** 1.5 * 2^23: adding it rounds to an integer, which then stands in the low bits of the sum. */
  static final float ROUND = 12582912f;

  static final int ROUND_BITS = 0x4B400000;

  /** Upper part of ln 2 in so few bits that n * LN2_HIGH is exact for every n in use. */
  static final float LN2_HIGH = 0.693359375f;

  /** ln 2 - LN2_HIGH. */
  static final float LN2_LOW = -2.1219444e-4f;

  /** Above it exp overflows for certain; between it and 88.72 the last multiplication does so. */
  static final float EXP_MAX = 89f;

  /** Below it exp rounds to zero. */
  static final float EXP_MIN = -104f;

  static final float E2 = 1f / 2;
  static final float E3 = 1f / 6;
  static final float E4 = 1f / 24;
  static final float E5 = 1f / 120;
  static final float E6 = 1f / 720;
  static final float E7 = 1f / 5040;

  /** Bits of sqrt(1/2): mantissas are taken from [sqrt(1/2), sqrt(2)). */
  static final int SQRT_HALF_BITS = 0x3F3504F3;

  static final float L3 = 2f / 3;
  static final float L5 = 2f / 5;
  static final float L7 = 2f / 7;
  static final float L9 = 2f / 9;
  static final float L11 = 2f / 11;

  /** The largest v below 1, so that u = 1 - v is above 0. */
  static final float MAX_V = 0x1.fffffep-1f;

  private Polynomials() {}

  /**
   * e^x with a relative error below 1e-7 where the result is normal, rounded once more where it is
   * subnormal. x = n ln 2 + r with |r| <= ln 2 / 2, the Taylor polynomial of degree 7 in r (its
   * remainder is 5e-9), then two multiplications by powers of two, of which only the second can
   * round. exp(-inf) = 0, exp(inf) = inf, NaN stays NaN.
   */
  static float exp(float x) {
    float shifted = Math.fma(x, LOG2_E, ROUND);
    float n = shifted - ROUND;
    float r = Math.fma(n, -LN2_HIGH, x);
    r = Math.fma(n, -LN2_LOW, r);
    float p = Math.fma(E7, r, E6);
    p = Math.fma(p, r, E5);
    p = Math.fma(p, r, E4);
    p = Math.fma(p, r, E3);
    p = Math.fma(p, r, E2);
    p = Math.fma(p, r, 1f);
    p = Math.fma(p, r, 1f);
    int exponent = Float.floatToRawIntBits(shifted) - ROUND_BITS;
    int half = exponent >> 1;
    float y = p * powerOfTwo(half) * powerOfTwo(exponent - half);
    if (x < EXP_MIN) {
      y = 0f;
    }
    if (x > EXP_MAX) {
      y = Float.POSITIVE_INFINITY;
    }
    return y;
  }

  private static float powerOfTwo(int exponent) {
    return Float.intBitsToFloat((exponent + 127) << 23);
  }

  /**
   * Natural logarithm of a positive normal number, relative error below 3e-7 except within rounding
   * of 1: x = 2^e m with m in [sqrt(1/2), sqrt(2)), then {@link #logParts}.
   */
  static float logNormal(float x) {
    int bits = Float.floatToRawIntBits(x);
    int e = (bits - SQRT_HALF_BITS) >> 23;
    float m = Float.intBitsToFloat(bits - (e << 23));
    return logParts(e, m - 1f);
  }

  /** e ln 2 + log(1 + f), the latter as 2 atanh(s), s = f / (2 + f), by its series to s^11. */
  private static float logParts(int e, float f) {
    float s = f / (2f + f);
    float z = s * s;
    float p = Math.fma(L11, z, L9);
    p = Math.fma(p, z, L7);
    p = Math.fma(p, z, L5);
    p = Math.fma(p, z, L3);
    float log = Math.fma(s * z, p, s + s);
    float n = (float) e;
    return Math.fma(n, LN2_HIGH, Math.fma(n, LN2_LOW, log));
  }

  /** Natural logarithm of any float: log(0) = -inf, log(inf) = inf, NaN below zero and of NaN. */
  static float log(float x) {
    if (!(x > 0f)) {
      return x == 0f ? Float.NEGATIVE_INFINITY : Float.NaN;
    }
    if (x == Float.POSITIVE_INFINITY) {
      return x;
    }
    if (x < Float.MIN_NORMAL) {
      return logNormal(x * 0x1p24f) - 24f * 0x1.62e43p-1f;
    }
    return logNormal(x);
  }

  /**
   * The key of one draw: splitmix64's finaliser over the seed, then over that and the position. Its
   * halves key {@link #hash}.
   */
  static long noiseKey(long seed, long position) {
    return mix64(mix64(seed + 0x9E3779B97F4A7C15L) + position * 0xD1B54A32D192ED03L);
  }

  private static long mix64(long z) {
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /**
   * 32 random bits for counter {@code id} under a key: two rounds of bijective 32-bit mixers (the
   * three-multiply "triple32", then the two-multiply "lowbias32"), keyed before each. SIMD needs
   * only 32-bit lanes.
   */
  static int hash(long key, int id) {
    int h = id + (int) key;
    h = (h ^ (h >>> 17)) * 0xED5AD4BB;
    h = (h ^ (h >>> 11)) * 0xAC4C1B51;
    h = (h ^ (h >>> 15)) * 0x31848BAB;
    h = (h ^ (h >>> 14)) + (int) (key >>> 32);
    h = (h ^ (h >>> 16)) * 0x7FEB352D;
    h = (h ^ (h >>> 15)) * 0x846CA68B;
    return h ^ (h >>> 16);
  }

  /**
   * v in (0, 1) from the upper 31 bits of a hash, multiples of 2^-31 plus 2^-33 as far as a float
   * holds them. u = 1 - v is the uniform number; small v keep their full relative precision, and
   * they make the large noises, which decide draws.
   */
  static float uniform(int hash) {
    float v = Math.fma((float) (hash >>> 1), 0x1p-31f, 0x1p-33f);
    return v > MAX_V ? MAX_V : v;
  }

  /** Standard Gumbel noise -log(-log(u)), u = 1 - uniform(hash): about -3.2 to 22.9. */
  static float gumbel(int hash) {
    float v = uniform(hash);
    float u = 1f - v;
    int bits = Float.floatToRawIntBits(u);
    int e = (bits - SQRT_HALF_BITS) >> 23;
    float m = Float.intBitsToFloat(bits - (e << 23));
    // Near u = 1 the difference to 1 is v itself, all its digits intact.
    float f = e == 0 ? -v : m - 1f;
    return -logNormal(-logParts(e, f));
  }
}
