package dev.tyto.kernels;

/** Conversions between binary32 and the narrow element types, one element at a time. */
final class FloatBits {
  private static final float[] F8_E4M3 = f8Table();

  private FloatBits() {}

  /** Upper half of {@code x}, rounded to nearest, ties to even; NaN stays NaN. */
  static short toBf16(float x) {
    int bits = Float.floatToRawIntBits(x);
    if ((bits & 0x7FFFFFFF) > 0x7F800000) {
      // Rounding could carry a NaN's fraction into infinity: make it quiet instead.
      return (short) ((bits >>> 16) | 0x40);
    }
    return (short) ((bits + 0x7FFF + ((bits >>> 16) & 1)) >>> 16);
  }

  static float fromBf16(short bits) {
    return Float.intBitsToFloat(bits << 16);
  }

  /** Value of an e4m3fn code. */
  static float fromF8E4m3(byte code) {
    return F8_E4M3[code & 0xFF];
  }

  private static float[] f8Table() {
    float[] table = new float[256];
    for (int code = 0; code < 256; code++) {
      int exponent = (code >> 3) & 15;
      int fraction = code & 7;
      float magnitude;
      if ((code & 0x7F) == 0x7F) {
        magnitude = Float.NaN;
      } else if (exponent == 0) {
        magnitude = fraction * 0x1p-9f;
      } else {
        magnitude = Math.scalb(8 + fraction, exponent - 10);
      }
      table[code] = (code & 0x80) == 0 ? magnitude : -magnitude;
    }
    return table;
  }
}
