package dev.tyto.kernels;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Runs of elements between memory and floats. */
final class Elements {
  static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;

  private Elements() {}

  static void widen(
      ElementType type, MemorySegment source, long byteOffset, float[] y, int yOffset, int length) {
    switch (type) {
      case F32 -> MemorySegment.copy(source, FLOAT, byteOffset, y, yOffset, length);
      case F16 -> {
        for (int i = 0; i < length; i++) {
          y[yOffset + i] = Float.float16ToFloat(source.get(SHORT, byteOffset + 2L * i));
        }
      }
      case BF16 -> {
        for (int i = 0; i < length; i++) {
          y[yOffset + i] = FloatBits.fromBf16(source.get(SHORT, byteOffset + 2L * i));
        }
      }
      case F8_E4M3 -> {
        for (int i = 0; i < length; i++) {
          y[yOffset + i] = FloatBits.fromF8E4m3(source.get(BYTE, byteOffset + i));
        }
      }
    }
  }

  /** Cache elements to the start of {@code y}. */
  static void load(CacheType type, MemorySegment cache, long byteOffset, float[] y, int length) {
    switch (type) {
      case F32 -> widen(ElementType.F32, cache, byteOffset, y, 0, length);
      case BF16 -> widen(ElementType.BF16, cache, byteOffset, y, 0, length);
    }
  }

  static void store(
      float[] x, int xOffset, int length, CacheType type, MemorySegment target, long byteOffset) {
    switch (type) {
      case F32 -> MemorySegment.copy(x, xOffset, target, FLOAT, byteOffset, length);
      case BF16 -> {
        for (int i = 0; i < length; i++) {
          target.set(SHORT, byteOffset + 2L * i, FloatBits.toBf16(x[xOffset + i]));
        }
      }
    }
  }
}
