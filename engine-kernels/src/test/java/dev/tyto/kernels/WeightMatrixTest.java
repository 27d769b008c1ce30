package dev.tyto.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tyto.kernels.Samples.Kind;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class WeightMatrixTest {
  private final Random random = new Random(5);

  @ParameterizedTest
  @EnumSource(names = {"F32", "F16", "BF16", "FP8_E4M3"})
  void decodesToWhatWasPacked(WeightFormat format) {
    int n = 100;
    int k = 67;
    ElementType type = Samples.elementType(format);
    byte[] rows = Samples.rowMajor(random, type, n * k, Kind.EXTREME);
    float[] values = new float[n * k];
    Elements.widen(type, MemorySegment.ofArray(rows), 0, values, 0, n * k);
    try (Arena arena = Arena.ofConfined()) {
      PackedMatrix w = (PackedMatrix) Samples.matrix(format, n, k, rows, new float[1], arena);
      float back = format == WeightFormat.FP8_E4M3 ? 0x1p120f : 1f;
      for (int p = 0; p < 2; p++) {
        float[] panel = new float[k * 64];
        w.decode(p, 0, k, panel);
        for (int i = 0; i < 64; i++) {
          for (int j = 0; j < k; j++) {
            int row = p * 64 + i;
            float expected = row < n ? values[row * k + j] : 0f;
            assertEquals(expected, panel[j * 64 + i] * back, "row " + row + ", column " + j);
          }
        }
      }
    }
  }

  @Test
  void reportsItsShapeAndSize() {
    try (Arena arena = Arena.ofConfined()) {
      WeightMatrix w = WeightMatrix.allocate(WeightFormat.BF16, 65, 7, arena);
      assertEquals(65, w.outputs());
      assertEquals(7, w.inputs());
      assertEquals(2, w.panels());
      assertEquals(2 * 4 * 256, w.byteSize());
      assertEquals(WeightFormat.BF16, w.format());
      assertEquals(0, WeightMatrix.allocate(WeightFormat.F32, 0, 5, arena).byteSize());
      assertEquals(0, WeightMatrix.allocate(WeightFormat.F32, 5, 0, arena).byteSize());
    }
  }

  /** More than 2^31 bytes: the last panel's offset does not fit an int. */
  @Test
  void holdsMoreThanTwoGigabytes() {
    int inputs = 1 << 20;
    int outputs = 64 * 9;
    try (Arena arena = Arena.ofConfined()) {
      WeightMatrix w = WeightMatrix.allocate(WeightFormat.F32, outputs, inputs, arena);
      assertTrue(w.byteSize() > Integer.MAX_VALUE);
      MemorySegment rows = arena.allocate(64L * inputs * 4);
      long last = (63L * inputs + inputs - 1) * 4;
      rows.set(Elements.FLOAT, last, 2.5f);
      w.packPanel(8, rows, ElementType.F32);
      float[] x = new float[inputs];
      x[inputs - 1] = 2f;
      for (Kernels kernels : new Kernels[] {new ScalarKernels("scalar"), Kernels.get()}) {
        float[] y = new float[outputs];
        kernels.multiply(w, 8, 1, x, 0, inputs, 1, y, 0, outputs, new KernelScratch());
        assertEquals(5f, y[outputs - 1], kernels.description());
        assertEquals(0f, y[outputs - 2], kernels.description());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0x7F, 0xFF})
  void refusesNanCodesOfFp8AndNamesThem(int code) {
    for (int column : new int[] {0, 2, 5, 7, 8}) {
      byte[] rows = new byte[66 * 9];
      rows[65 * 9 + column] = (byte) code;
      try (Arena arena = Arena.ofConfined()) {
        var e =
            assertThrows(
                InvalidWeightException.class,
                () -> Samples.matrix(WeightFormat.FP8_E4M3, 66, 9, rows, new float[1], arena));
        assertEquals(65, e.row());
        assertEquals(column, e.column());
        assertEquals("FP8 weight is NaN at row 65, column " + column, e.getMessage());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0x7C00, 0xFC00, 0x7E01})
  void refusesNonFiniteF16(int code) {
    for (int column : new int[] {0, 1, 2}) {
      byte[] rows = new byte[2 * 3 * 2];
      MemorySegment.ofArray(rows).set(Elements.SHORT, 2L * (3 + column), (short) code);
      try (Arena arena = Arena.ofConfined()) {
        var e =
            assertThrows(
                InvalidWeightException.class,
                () -> Samples.matrix(WeightFormat.F16, 2, 3, rows, new float[0], arena));
        assertEquals(1, e.row());
        assertEquals(column, e.column());
      }
    }
  }

  /** Codes and scales of a row whose groups hold ties, zeros, a subnormal and a partial end. */
  @Test
  void quantisesByGroupsOf32() {
    float[] row = new float[70];
    row[0] = -127f;
    row[1] = 2.5f;
    row[2] = 3.5f;
    row[3] = -0.5f;
    row[4] = 126.6f;
    row[64] = 14f;
    row[65] = -3f;
    row[69] = -14f;
    MemorySegment rows = MemorySegment.ofArray(row);
    try (Arena arena = Arena.ofConfined()) {
      GroupedMatrix w = (GroupedMatrix) WeightMatrix.allocate(WeightFormat.INT8, 1, 70, arena);
      w.packPanel(0, rows, ElementType.F32);
      float[] codes = new float[70 * 64];
      w.decode(0, 0, 70, codes);
      int[] at = {0, 1, 2, 3, 4, 5, 32, 64, 65, 69};
      float[] expected = {-127f, 2f, 4f, 0f, 127f, 0f, 0f, 127f, -27f, -127f};
      for (int i = 0; i < at.length; i++) {
        assertEquals(expected[i], codes[at[i] * 64], "code " + at[i]);
      }
      float[] scales = new float[64];
      w.scales(0, 0, scales);
      assertEquals(1f, scales[0]);
      w.scales(0, 1, scales);
      assertEquals(0f, scales[0]);
      w.scales(0, 2, scales);
      assertEquals(14f / 127f, scales[0]);
      assertEquals(3 * 9 * 256, w.byteSize());

      GroupedMatrix four = (GroupedMatrix) WeightMatrix.allocate(WeightFormat.INT4, 1, 70, arena);
      four.packPanel(0, rows, ElementType.F32);
      four.decode(0, 64, 6, codes);
      assertEquals(7f, codes[0]);
      assertEquals(-2f, codes[64]);
      assertEquals(-7f, codes[5 * 64]);
      assertEquals(3 * 5 * 256, four.byteSize());
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"INT8", "INT4"})
  void refusesToQuantiseNonFiniteWeights(WeightFormat format) {
    float[] rows = new float[2 * 40];
    rows[40 + 35] = Float.NEGATIVE_INFINITY;
    try (Arena arena = Arena.ofConfined()) {
      WeightMatrix w = WeightMatrix.allocate(format, 2, 40, arena);
      var e =
          assertThrows(
              InvalidWeightException.class,
              () -> w.packPanel(0, MemorySegment.ofArray(rows), ElementType.F32));
      assertEquals(1, e.row());
      assertEquals(35, e.column());
    }
  }

  @Test
  void acceptsEveryOtherFp8Code() {
    byte[] rows = new byte[256];
    for (int i = 0; i < 256; i++) {
      rows[i] = (byte) ((i & 0x7F) == 0x7F ? 0 : i);
    }
    try (Arena arena = Arena.ofConfined()) {
      Samples.matrix(WeightFormat.FP8_E4M3, 1, 256, rows, new float[2], arena);
    }
  }

  @Test
  void refusesWrongArguments() {
    try (Arena arena = Arena.ofConfined()) {
      WeightMatrix w = WeightMatrix.allocate(WeightFormat.BF16, 65, 7, arena);
      MemorySegment rows = arena.allocate(64 * 7 * 2);
      assertThrows(IndexOutOfBoundsException.class, () -> w.packPanel(2, rows, ElementType.BF16));
      assertThrows(IndexOutOfBoundsException.class, () -> w.packPanel(-1, rows, ElementType.BF16));
      assertThrows(IllegalArgumentException.class, () -> w.packPanel(0, rows, ElementType.F16));
      assertThrows(
          IllegalArgumentException.class, () -> w.packPanel(0, rows.asSlice(1), ElementType.BF16));
      w.packPanel(1, rows.asSlice(0, 14), ElementType.BF16);
      assertThrows(IllegalStateException.class, () -> w.blockScales(new float[1]));
      assertThrows(
          IllegalArgumentException.class,
          () -> WeightMatrix.allocate(WeightFormat.F32, -1, 4, arena));
      WeightMatrix fp8 = WeightMatrix.allocate(WeightFormat.FP8_E4M3, 129, 129, arena);
      assertThrows(IllegalArgumentException.class, () -> fp8.blockScales(new float[3]));
      assertThrows(
          IllegalStateException.class,
          () ->
              Kernels.get()
                  .multiply(
                      fp8,
                      0,
                      3,
                      new float[129],
                      0,
                      129,
                      1,
                      new float[129],
                      0,
                      129,
                      new KernelScratch()));
    }
  }

  @Test
  void kernelsCheckTheirBounds() {
    try (Arena arena = Arena.ofConfined()) {
      WeightMatrix w = WeightMatrix.allocate(WeightFormat.F32, 65, 7, arena);
      KernelScratch scratch = new KernelScratch();
      float[] x = new float[14];
      float[] y = new float[130];
      MemorySegment heap = MemorySegment.ofArray(new byte[64]);
      MemorySegment cache = arena.allocate(64);
      for (Kernels k : new Kernels[] {new ScalarKernels("scalar"), Kernels.get()}) {
        k.multiply(w, 0, 2, x, 0, 7, 2, y, 0, 65, scratch);
        assertBounds(() -> k.multiply(w, 0, 3, x, 0, 7, 2, y, 0, 65, scratch));
        assertBounds(() -> k.multiply(w, -1, 2, x, 0, 7, 2, y, 0, 65, scratch));
        assertBounds(() -> k.multiply(w, 0, 2, x, 1, 7, 2, y, 0, 65, scratch));
        assertBounds(() -> k.multiply(w, 0, 2, x, 0, 7, 2, y, 1, 65, scratch));
        assertBounds(() -> k.multiply(w, 0, 2, x, 0, 7, 3, y, 0, 65, scratch));
        assertBounds(() -> k.softmax(x, 10, 5));
        assertBounds(() -> k.sigmoid(x, -1, 5));
        assertBounds(() -> k.rmsNorm(x, 0, new float[5], 1f, 6, y, 0));
        assertBounds(() -> k.ropeInterleaved(x, 0, y, y, 0, 8));
        assertBounds(() -> k.axpy(1f, x, 0, y, 120, 11));
        assertBounds(() -> k.add(x, 0, y, 120, 11));
        assertBounds(() -> k.argMax(x, 0, 15));
        assertBounds(() -> k.gumbelArgMax(x, 0, 15, 0, 0));
        assertBounds(() -> k.logSumExp(x, 15, 0));
        assertBounds(() -> k.widen(ElementType.F32, cache, 61, y, 0, 1));
        assertBounds(() -> k.store(y, 0, 17, CacheType.F32, cache, 0));
        assertThrows(
            IllegalArgumentException.class, () -> k.store(y, 0, 1, CacheType.F32, heap, 0));
        assertBounds(
            () ->
                k.attendLatentSpan(
                    x, 0, 1, 4, 2, 1f, CacheType.F32, cache, 0, 3, y, 0, y, 9, scratch));
        assertThrows(
            IllegalArgumentException.class,
            () ->
                k.attendLatentSpan(
                    x, 0, 1, 1, 1, 1f, CacheType.BF16, cache, 0, 257, y, 0, y, 9, scratch));
      }
    }
  }

  private static void assertBounds(org.junit.jupiter.api.function.Executable call) {
    assertThrows(IndexOutOfBoundsException.class, call);
  }
}
