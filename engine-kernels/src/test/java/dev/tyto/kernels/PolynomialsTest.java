package dev.tyto.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class PolynomialsTest {
  @Test
  void expIsWithin1e7OverItsWholeRange() {
    double worst = 0;
    for (float x = -87.33f; x < 88.72f; x += 0.000173f) {
      double exact = StrictMath.exp(x);
      worst = Math.max(worst, Math.abs(Polynomials.exp(x) - exact) / exact);
    }
    assertTrue(worst < 1e-7, "relative error " + worst);
  }

  @Test
  void expUnderflowsGradually() {
    for (float x = -103.9f; x < -87.33f; x += 0.00117f) {
      double exact = StrictMath.exp(x);
      double error = Math.abs(Polynomials.exp(x) - exact);
      assertTrue(error < 0.51 * Float.MIN_VALUE + exact * 1e-7, "at " + x + ": " + error);
    }
    assertEquals(Float.MIN_VALUE, Polynomials.exp(-103.2f));
    assertEquals(0f, Polynomials.exp(-104.1f));
  }

  @Test
  void expAtTheEdges() {
    assertEquals(1f, Polynomials.exp(0f));
    assertEquals(1f, Polynomials.exp(-0f));
    assertEquals(0f, Polynomials.exp(Float.NEGATIVE_INFINITY));
    assertEquals(Float.POSITIVE_INFINITY, Polynomials.exp(Float.POSITIVE_INFINITY));
    assertEquals(0f, Polynomials.exp(-Float.MAX_VALUE));
    assertEquals(Float.POSITIVE_INFINITY, Polynomials.exp(Float.MAX_VALUE));
    assertEquals(Float.POSITIVE_INFINITY, Polynomials.exp(88.8f));
    assertTrue(Float.isFinite(Polynomials.exp(88.72f)));
    assertTrue(Float.isNaN(Polynomials.exp(Float.NaN)));
  }

  @Test
  void logIsWithin3e7() {
    Random random = new Random(3);
    for (int i = 0; i < 1_000_000; i++) {
      float x = Float.intBitsToFloat(random.nextInt(0x7F800000 - 1) + 1);
      assertLog(x);
    }
    for (float x = 0.5f; x < 2f; x += 0x1p-20f) {
      assertLog(x);
    }
  }

  private static void assertLog(float x) {
    double exact = StrictMath.log(x);
    double error = Math.abs(Polynomials.log(x) - exact);
    assertTrue(error <= Math.abs(exact) * 3e-7, () -> "log " + x + " is off by " + error);
  }

  @Test
  void logAtTheEdges() {
    assertEquals(Float.NEGATIVE_INFINITY, Polynomials.log(0f));
    assertEquals(Float.NEGATIVE_INFINITY, Polynomials.log(-0f));
    assertEquals(Float.POSITIVE_INFINITY, Polynomials.log(Float.POSITIVE_INFINITY));
    assertTrue(Float.isNaN(Polynomials.log(-1f)));
    assertTrue(Float.isNaN(Polynomials.log(Float.NaN)));
    assertEquals(0f, Polynomials.log(1f));
  }

  @Test
  void uniformIsOpenAtBothEnds() {
    for (int hash : new int[] {0, 1, -1, -2, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
      float v = Polynomials.uniform(hash);
      assertTrue(v > 0f && v < 1f, hash + " gives " + v);
      assertTrue(Float.isFinite(Polynomials.gumbel(hash)), "noise of " + hash);
    }
    assertEquals(22.87f, Polynomials.gumbel(0), 0.01f);
  }

  @Test
  void gumbelIsThatOfItsUniformNumber() {
    Random random = new Random(4);
    for (int i = 0; i < 1_000_000; i++) {
      int hash = random.nextInt() >>> random.nextInt(25);
      double v = Polynomials.uniform(hash);
      double exact = -StrictMath.log(-StrictMath.log1p(-v));
      assertEquals(exact, Polynomials.gumbel(hash), 2e-6, () -> "noise of " + hash);
    }
  }

  /** Chi-square over 256 cells along ids, positions and seeds, for high and low bits. */
  @Test
  void hashIsUniform() {
    int n = 1 << 20;
    for (int axis = 0; axis < 3; axis++) {
      int[] high = new int[256];
      int[] low = new int[256];
      int[] serial = new int[256];
      int previous = 0;
      for (int i = 0; i < n; i++) {
        long key = Polynomials.noiseKey(axis == 2 ? i : 99, axis == 1 ? i : 5);
        int h = Polynomials.hash(key, axis == 0 ? i : 12345);
        high[h >>> 24]++;
        low[(h >>> 1) & 255]++;
        serial[(h >>> 28) << 4 | previous >>> 28]++;
        previous = h;
      }
      assertUniform(high, n, "high bits along axis " + axis);
      assertUniform(low, n, "low bits along axis " + axis);
      assertUniform(serial, n, "neighbours along axis " + axis);
    }
  }

  private static void assertUniform(int[] cells, int n, String what) {
    double expected = (double) n / cells.length;
    double chi = 0;
    for (int count : cells) {
      chi += (count - expected) * (count - expected) / expected;
    }
    // 255 degrees of freedom: mean 255, standard deviation 22.6; five of them on each side.
    assertTrue(chi > 142 && chi < 368, what + ": chi-square " + chi);
  }

  @Test
  void drawsFollowTheSoftmax() {
    float[] logits = {2f, 0f, -1f, 3f, Float.NEGATIVE_INFINITY, 1f, -6f, 2.5f};
    double[] p = new double[logits.length];
    double sum = 0;
    for (int i = 0; i < p.length; i++) {
      p[i] = StrictMath.exp(logits[i]);
      sum += p[i];
    }
    int n = 1_000_000;
    int[] counts = new int[p.length];
    Kernels kernels = new ScalarKernels("scalar");
    for (int position = 0; position < n; position++) {
      counts[kernels.gumbelArgMax(logits, 0, logits.length, 2026, position)]++;
    }
    double chi = 0;
    for (int i = 0; i < p.length; i++) {
      double expected = n * p[i] / sum;
      if (expected == 0) {
        assertEquals(0, counts[i]);
      } else {
        chi += (counts[i] - expected) * (counts[i] - expected) / expected;
      }
    }
    // 6 degrees of freedom: 22.5 is exceeded once in a thousand.
    assertTrue(chi < 22.5, "chi-square " + chi);
  }

  @Test
  void nothingIsDrawnFromNothing() {
    Kernels kernels = new ScalarKernels("scalar");
    float[] x = {Float.NEGATIVE_INFINITY, Float.NEGATIVE_INFINITY};
    assertEquals(-1, kernels.gumbelArgMax(x, 0, 2, 1, 1));
    assertEquals(-1, kernels.gumbelArgMax(x, 0, 0, 1, 1));
    assertEquals(0, kernels.argMax(x, 0, 2));
    assertEquals(-1, kernels.argMax(x, 0, 0));
    assertEquals(-1, kernels.argMax(new float[] {1f, Float.NaN}, 0, 2));
  }

  @Test
  void bf16RoundsToNearestEven() {
    assertEquals((short) 0x3F80, FloatBits.toBf16(1f));
    assertEquals((short) 0x3F80, FloatBits.toBf16(Float.intBitsToFloat(0x3F808000)));
    assertEquals((short) 0x3F82, FloatBits.toBf16(Float.intBitsToFloat(0x3F818000)));
    assertEquals((short) 0x3F81, FloatBits.toBf16(Float.intBitsToFloat(0x3F808001)));
    assertEquals((short) 0x7F80, FloatBits.toBf16(Float.MAX_VALUE));
    assertEquals((short) 0xFF80, FloatBits.toBf16(Float.NEGATIVE_INFINITY));
    assertEquals((short) 0x8000, FloatBits.toBf16(-0f));
    assertEquals((short) 0x7FC0, FloatBits.toBf16(Float.intBitsToFloat(0x7F800001)));
    assertEquals((short) 0xFFFF, FloatBits.toBf16(Float.intBitsToFloat(0xFFFFFFFF)));
  }

  @Test
  void f8CodesAreWhatOcpSays() {
    assertEquals(448f, FloatBits.fromF8E4m3((byte) 0x7E));
    assertEquals(-448f, FloatBits.fromF8E4m3((byte) 0xFE));
    assertEquals(0x1p-9f, FloatBits.fromF8E4m3((byte) 1));
    assertEquals(0x1p-6f, FloatBits.fromF8E4m3((byte) 8));
    assertEquals(1f, FloatBits.fromF8E4m3((byte) 0x38));
    assertEquals(0, Float.compare(-0f, FloatBits.fromF8E4m3((byte) 0x80)));
    assertTrue(Float.isNaN(FloatBits.fromF8E4m3((byte) 0x7F)));
    assertTrue(Float.isNaN(FloatBits.fromF8E4m3((byte) 0xFF)));
  }
}
