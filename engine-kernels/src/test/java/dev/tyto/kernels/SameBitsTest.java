package dev.tyto.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tyto.kernels.Samples.Kind;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The vector provider equals the scalar one bit for bit. Surefire runs this class once per vector
 * width; {@link WidthTest} makes sure that the widths are what they claim.
 */
@Tag("width")
class SameBitsTest {
  private final Kernels scalar = new ScalarKernels("scalar");
  private final Kernels vector = new VectorKernels();
  private final KernelScratch scratch = new KernelScratch();
  private final Random random = new Random(42);

  private static String describe(String what, Kind kind, int size) {
    return what + ", " + kind + ", size " + size;
  }

  @ParameterizedTest
  @EnumSource(WeightFormat.class)
  void products(WeightFormat format) {
    int[] outputs = {1, 63, 64, 88, 129, 200};
    int[] inputs = {0, 1, 2, 3, 5, 15, 16, 17, 31, 32, 88, 127, 129, 131, 257, 1031};
    int[] rowCounts = {0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 19, 23, 65};
    int turn = 0;
    for (int n : outputs) {
      for (int k : inputs) {
        for (Kind kind : Kind.values()) {
          for (int i = 0; i < 2; i++) {
            product(format, n, k, rowCounts[turn++ % rowCounts.length], kind);
          }
        }
      }
    }
  }

  private void product(WeightFormat format, int outputs, int inputs, int rows, Kind kind) {
    try (Arena arena = Arena.ofConfined()) {
      WeightMatrix w = Samples.matrix(random, format, outputs, inputs, kind, arena);
      WeightMatrix up = Samples.matrix(random, format, outputs, inputs, kind, arena);
      int xStride = inputs + 3;
      int yStride = outputs + 5;
      float[] x = Samples.floats(random, 7 + rows * xStride, kind);
      float[] expected = Samples.floats(random, 2 + rows * yStride, Kind.ORDINARY);
      float[] actual = expected.clone();
      int first = w.panels() > 1 ? 1 : 0;
      int count = w.panels() - first;
      String what = format + " " + outputs + " x " + inputs + ", " + rows + " rows, " + kind;
      scalar.multiply(w, first, count, x, 7, xStride, rows, expected, 2, yStride, scratch);
      vector.multiply(w, first, count, x, 7, xStride, rows, actual, 2, yStride, scratch);
      Samples.assertSameBits(expected, actual, what);
      count = w.panels();
      scalar.gateUp(w, up, 0, count, x, 7, xStride, rows, expected, 2, yStride, scratch);
      vector.gateUp(w, up, 0, count, x, 7, xStride, rows, actual, 2, yStride, scratch);
      Samples.assertSameBits(expected, actual, "gateUp " + what);
    }
  }

  /** Gate and up need not have the same format. */
  @Test
  void mixedGateAndUp() {
    WeightFormat[] formats = WeightFormat.values();
    for (WeightFormat gateFormat : formats) {
      for (WeightFormat upFormat : formats) {
        for (int rows : new int[] {1, 3, 20}) {
          try (Arena arena = Arena.ofConfined()) {
            WeightMatrix gate = Samples.matrix(random, gateFormat, 70, 45, Kind.ORDINARY, arena);
            WeightMatrix up = Samples.matrix(random, upFormat, 70, 45, Kind.ORDINARY, arena);
            float[] x = Samples.floats(random, rows * 45, Kind.ORDINARY);
            float[] expected = new float[rows * 70];
            float[] actual = new float[rows * 70];
            scalar.gateUp(gate, up, 0, 2, x, 0, 45, rows, expected, 0, 70, scratch);
            vector.gateUp(gate, up, 0, 2, x, 0, 45, rows, actual, 0, 70, scratch);
            Samples.assertSameBits(expected, actual, gateFormat + " gate, " + upFormat + " up");
          }
        }
      }
    }
  }

  /** A row's result must not depend on how many rows go with it. */
  @ParameterizedTest
  @EnumSource(WeightFormat.class)
  void productsOfAnyBatch(WeightFormat format) {
    int inputs = 389;
    int outputs = 150;
    int most = 70;
    try (Arena arena = Arena.ofConfined()) {
      WeightMatrix w = Samples.matrix(random, format, outputs, inputs, Kind.EXTREME, arena);
      float[] x = Samples.floats(random, most * inputs, Kind.EXTREME);
      float[] single = new float[most * outputs];
      for (int r = 0; r < most; r++) {
        vector.multiply(
            w, 0, w.panels(), x, r * inputs, inputs, 1, single, r * outputs, outputs, scratch);
      }
      for (int rows : new int[] {2, 3, 5, 8, 13, 16, 17, 18, 33, 64, 70}) {
        float[] batch = new float[most * outputs];
        for (int r = 0; r < most; r += rows) {
          int count = Math.min(rows, most - r);
          vector.multiply(
              w, 0, w.panels(), x, r * inputs, inputs, count, batch, r * outputs, outputs, scratch);
        }
        Samples.assertSameBits(single, batch, format + " in batches of " + rows);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void elementwise(Kind kind) {
    for (int size : Samples.SIZES) {
      float[] x = Samples.floats(random, size + 9, kind);
      float[] weight = Samples.floats(random, size, kind);
      float[] expected = Samples.floats(random, size + 4, kind);
      float[] actual = expected.clone();
      scalar.rmsNorm(x, 5, weight, 1e-6f, size, expected, 3);
      vector.rmsNorm(x, 5, weight, 1e-6f, size, actual, 3);
      Samples.assertSameBits(expected, actual, describe("rmsNorm", kind, size));
      scalar.axpy(x[0], x, 5, expected, 3, size);
      vector.axpy(x[0], x, 5, actual, 3, size);
      Samples.assertSameBits(expected, actual, describe("axpy", kind, size));
      scalar.add(x, 5, expected, 3, size);
      vector.add(x, 5, actual, 3, size);
      Samples.assertSameBits(expected, actual, describe("add", kind, size));
      float[] a = x.clone();
      float[] b = x.clone();
      scalar.softmax(a, 5, size);
      vector.softmax(b, 5, size);
      Samples.assertSameBits(a, b, describe("softmax", kind, size));
      a = x.clone();
      b = x.clone();
      scalar.sigmoid(a, 5, size);
      vector.sigmoid(b, 5, size);
      Samples.assertSameBits(a, b, describe("sigmoid", kind, size));
      assertEquals(
          scalar.logSumExp(x, 5, size),
          vector.logSumExp(x, 5, size),
          describe("logSumExp", kind, size));
    }
  }

  @Test
  void normsAndSumsInPlace() {
    float[] expected = Samples.floats(random, 1031, Kind.ORDINARY);
    float[] actual = expected.clone();
    float[] weight = Samples.floats(random, 1031, Kind.ORDINARY);
    scalar.rmsNorm(expected, 0, weight, 1e-5f, 1031, expected, 0);
    vector.rmsNorm(actual, 0, weight, 1e-5f, 1031, actual, 0);
    Samples.assertSameBits(expected, actual, "rmsNorm in place");
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void rope(Kind kind) {
    for (int pairs : Samples.SIZES) {
      float[] expected = Samples.floats(random, 2 * pairs + 4, kind);
      float[] actual = expected.clone();
      float[] cos = Samples.floats(random, pairs + 2, kind);
      float[] sin = Samples.floats(random, pairs + 2, kind);
      scalar.ropeInterleaved(expected, 3, cos, sin, 1, pairs);
      vector.ropeInterleaved(actual, 3, cos, sin, 1, pairs);
      Samples.assertSameBits(expected, actual, describe("rope", kind, pairs));
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void argMax(Kind kind) {
    for (int size : Samples.SIZES) {
      for (int turn = 0; turn < 20; turn++) {
        float[] x = Samples.floats(random, size + 3, kind);
        if (turn % 2 == 0) {
          for (int i = 0; i < x.length; i++) {
            x[i] = Math.round(x[i]) * (turn % 4 == 0 ? 1f : -0f);
          }
        }
        String what = describe("argMax", kind, size);
        assertEquals(scalar.argMax(x, 3, size), vector.argMax(x, 3, size), what);
        long seed = random.nextLong();
        assertEquals(
            scalar.gumbelArgMax(x, 3, size, seed, turn),
            vector.gumbelArgMax(x, 3, size, seed, turn),
            "gumbel " + what);
      }
    }
  }

  @Test
  void draws() {
    float[] x = new float[1031];
    for (int position = 0; position < 2000; position++) {
      assertEquals(
          scalar.gumbelArgMax(x, 0, x.length, 7, position),
          vector.gumbelArgMax(x, 0, x.length, 7, position));
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void caches(Kind kind) {
    for (CacheType type : CacheType.values()) {
      for (int size : Samples.SIZES) {
        try (Arena arena = Arena.ofConfined()) {
          float[] x = Samples.floats(random, size + 1, kind);
          MemorySegment expected = arena.allocate(size * type.bytes() + 6);
          MemorySegment actual = arena.allocate(size * type.bytes() + 6);
          scalar.store(x, 1, size, type, expected, 4);
          vector.store(x, 1, size, type, actual, 4);
          assertEquals(-1, expected.mismatch(actual), describe("store " + type, kind, size));
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void widening(Kind kind) {
    for (ElementType type : ElementType.values()) {
      for (int size : Samples.SIZES) {
        byte[] bytes = new byte[size * type.bytes() + 3];
        random.nextBytes(bytes);
        float[] expected = new float[size + 2];
        float[] actual = new float[size + 2];
        MemorySegment source = MemorySegment.ofArray(bytes);
        scalar.widen(type, source, 3, expected, 2, size);
        vector.widen(type, source, 3, actual, 2, size);
        Samples.assertSameBits(expected, actual, describe("widen " + type, kind, size));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void attention(Kind kind) {
    int[][] shapes = {
      // heads, latent, rope, keys
      {1, 1, 0, 1}, {2, 0, 3, 5}, {3, 15, 2, 17}, {4, 32, 16, 256}, {5, 64, 8, 100},
      {7, 127, 33, 31}, {13, 129, 64, 255}, {16, 512, 64, 130}, {6, 88, 24, 16}, {0, 16, 4, 3}
    };
    for (int[] shape : shapes) {
      for (CacheType type : CacheType.values()) {
        attention(kind, type, shape[0], shape[1], shape[2], shape[3]);
      }
    }
  }

  private void attention(Kind kind, CacheType type, int heads, int latent, int rope, int keys) {
    int width = latent + rope;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment cache = arena.allocate(8L + (long) keys * width * type.bytes());
      scalar.store(Samples.floats(random, keys * width, kind), 0, keys * width, type, cache, 8);
      float[] q = Samples.floats(random, 3 + heads * width, kind);
      float[][] acc = new float[2][2 + heads * latent];
      float[][] accStats = new float[2][1 + 2 * heads];
      float[][] out = new float[2][5 + heads * latent];
      float[][] stats = new float[2][7 + 2 * heads];
      String what = type + " attention " + heads + " x (" + latent + "+" + rope + ") x " + keys;
      Kernels[] both = {scalar, vector};
      for (int i = 0; i < 2; i++) {
        Kernels k = both[i];
        k.attendLatentSpan(
            q,
            3,
            heads,
            latent,
            rope,
            0.3f,
            type,
            cache,
            8,
            keys,
            acc[i],
            2,
            accStats[i],
            1,
            scratch);
        k.attendLatentSpan(
            q,
            3,
            heads,
            latent,
            rope,
            0.2f,
            type,
            cache,
            8,
            (keys + 1) / 2,
            out[i],
            5,
            stats[i],
            7,
            scratch);
      }
      Samples.assertSameBits(acc[0], acc[1], what);
      Samples.assertSameBits(accStats[0], accStats[1], what + " statistics");
      for (int i = 0; i < 2; i++) {
        Kernels k = both[i];
        k.mergeSpan(heads, latent, acc[i], 2, accStats[i], 1, out[i], 5, stats[i], 7);
        k.normalizeSpans(heads, latent, acc[i], 2, accStats[i], 1);
      }
      Samples.assertSameBits(accStats[0], accStats[1], "merged statistics of " + what);
      Samples.assertSameBits(acc[0], acc[1], "merged " + what);
    }
  }
}
