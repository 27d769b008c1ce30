package dev.tyto.kernels;

import static org.junit.jupiter.api.Assertions.fail;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;

/** Inputs for the tests: ordinary values, and those at which arithmetic differs if it can. */
final class Samples {
  static final int[] SIZES = {
    0, 1, 2, 3, 7, 8, 15, 16, 17, 31, 33, 63, 64, 65, 88, 127, 129, 257, 1031
  };

  private static final float[] EXTREMES = {
    // Ties when rounded to BF16, to even upwards and downwards.
    Float.intBitsToFloat(0x3F808000),
    Float.intBitsToFloat(0x3F818000),
    Float.intBitsToFloat(0xBF808000),
    0f,
    -0f,
    1f,
    -1f,
    Float.MIN_VALUE,
    -Float.MIN_VALUE,
    0x1p-140f,
    -0x1.8p-127f,
    Float.MIN_NORMAL,
    Float.MAX_VALUE,
    -Float.MAX_VALUE,
    0x1p-70f,
    -0x1p-75f,
    0x1p62f,
    0x1p100f,
    88.7f,
    89f,
    90f,
    -87.4f,
    -103f,
    -104f,
    -105f,
    0x1.fffffep-1f,
    0.34657359f
  };

  private static final float[] NON_FINITE = {
    Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.intBitsToFloat(0xFFC12345)
  };

  private Samples() {}

  /** Kinds of content. */
  enum Kind {
    ORDINARY,
    EXTREME,
    NON_FINITE
  }

  static float[] floats(Random random, int length, Kind kind) {
    float[] x = new float[length];
    for (int i = 0; i < length; i++) {
      x[i] = value(random, kind);
    }
    return x;
  }

  private static float value(Random random, Kind kind) {
    float ordinary = (float) random.nextGaussian() * 3f;
    if (kind == Kind.ORDINARY || random.nextInt(4) != 0) {
      return ordinary;
    }
    if (kind == Kind.NON_FINITE && random.nextInt(20) == 0) {
      return NON_FINITE[random.nextInt(NON_FINITE.length)];
    }
    return EXTREMES[random.nextInt(EXTREMES.length)];
  }

  /**
   * Row-major weights as a checkpoint stores them; FP8 and F16 have no codes that packing refuses.
   */
  static byte[] rowMajor(Random random, ElementType type, int count, Kind kind) {
    byte[] bytes = new byte[count * type.bytes()];
    MemorySegment segment = MemorySegment.ofArray(bytes);
    for (int i = 0; i < count; i++) {
      float value = value(random, kind);
      switch (type) {
        case F32 -> segment.set(Elements.FLOAT, 4L * i, value);
        case BF16 -> segment.set(Elements.SHORT, 2L * i, FloatBits.toBf16(value));
        case F16 -> {
          short code =
              kind == Kind.ORDINARY ? Float.floatToFloat16(value) : (short) random.nextInt();
          if ((code & 0x7C00) == 0x7C00) {
            code &= (short) 0x83FF;
          }
          segment.set(Elements.SHORT, 2L * i, code);
        }
        case F8_E4M3 -> {
          byte code = (byte) random.nextInt();
          bytes[i] = (code & 0x7F) == 0x7F ? (byte) 0x11 : code;
        }
      }
    }
    return bytes;
  }

  static ElementType elementType(WeightFormat format) {
    return switch (format) {
      case F32, INT8, INT4 -> ElementType.F32;
      case F16 -> ElementType.F16;
      case BF16 -> ElementType.BF16;
      case FP8_E4M3 -> ElementType.F8_E4M3;
    };
  }

  static WeightMatrix matrix(
      WeightFormat format, int outputs, int inputs, byte[] rows, float[] scales, Arena arena) {
    WeightMatrix w = WeightMatrix.allocate(format, outputs, inputs, arena);
    ElementType type = elementType(format);
    MemorySegment all = MemorySegment.ofArray(rows);
    for (int p = 0; p < w.panels(); p++) {
      long rowBytes = (long) inputs * type.bytes();
      long from = p * 64L * rowBytes;
      long length = Math.min(64, outputs - p * 64) * rowBytes;
      w.packPanel(p, all.asSlice(from, length), type);
    }
    if (format == WeightFormat.FP8_E4M3) {
      w.blockScales(scales);
    }
    return w;
  }

  static WeightMatrix matrix(
      Random random, WeightFormat format, int outputs, int inputs, Kind kind, Arena arena) {
    boolean quantised = format == WeightFormat.INT8 || format == WeightFormat.INT4;
    Kind rowKind = quantised && kind == Kind.NON_FINITE ? Kind.EXTREME : kind;
    byte[] rows = rowMajor(random, elementType(format), outputs * inputs, rowKind);
    float[] scales = new float[scaleCount(outputs, inputs)];
    for (int i = 0; i < scales.length; i++) {
      scales[i] = kind == Kind.ORDINARY ? random.nextFloat() / 100 : value(random, kind);
    }
    return matrix(format, outputs, inputs, rows, scales, arena);
  }

  static int scaleCount(int outputs, int inputs) {
    return ((outputs + 127) / 128) * ((inputs + 127) / 128);
  }

  /** Equal bits, except that all NaNs are one. */
  static void assertSameBits(float[] expected, float[] actual, String what) {
    int at = mismatch(expected, actual);
    if (at >= 0) {
      fail(
          what
              + ": element "
              + at
              + " of "
              + expected.length
              + " is "
              + actual[at]
              + " ("
              + Float.toHexString(actual[at])
              + "), expected "
              + expected[at]
              + " ("
              + Float.toHexString(expected[at])
              + ")");
    }
  }

  private static int mismatch(float[] expected, float[] actual) {
    // Arrays.mismatch compares floatToIntBits: -0 and 0 differ, NaNs are equal.
    return Arrays.mismatch(expected, actual);
  }
}
