package dev.tyto.loader;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Every dtype of the safetensors format. Values are little-endian; the names are those of the file
 * header.
 *
 * <p>The order is that of the reference implementation, by rising alignment; {@link
 * SafetensorsWriter} lays tensors out by it.
 */
public enum DType {
  /** A truth value, one byte. */
  BOOL(8),
  /** OCP microscaling 4-bit float (E2M1), two to a byte. */
  F4(4),
  /** OCP microscaling 6-bit float, 2 exponent and 3 mantissa bits, packed. */
  F6_E2M3(6),
  /** OCP microscaling 6-bit float, 3 exponent and 2 mantissa bits, packed. */
  F6_E3M2(6),
  /** Unsigned 8-bit integer. */
  U8(8),
  /** Signed 8-bit integer. */
  I8(8),
  /** 8-bit float, 5 exponent and 2 mantissa bits, with infinities. */
  F8_E5M2(8),
  /** 8-bit float, 4 exponent and 3 mantissa bits, no infinities: the weights of DeepSeek-V3. */
  F8_E4M3(8),
  /** 8-bit power-of-two scale of the OCP microscaling formats. */
  F8_E8M0(8),
  /** 8-bit float E4M3 in the variant without negative zero. */
  F8_E4M3FNUZ(8),
  /** 8-bit float E5M2 in the variant without negative zero and infinities. */
  F8_E5M2FNUZ(8),
  /** Signed 16-bit integer. */
  I16(16),
  /** Unsigned 16-bit integer. */
  U16(16),
  /** IEEE 754 half precision. */
  F16(16),
  /** The upper half of an IEEE 754 single. */
  BF16(16),
  /** Signed 32-bit integer. */
  I32(32),
  /** Unsigned 32-bit integer. */
  U32(32),
  /** IEEE 754 single precision. */
  F32(32),
  /** Complex number of two singles. */
  C64(64),
  /** IEEE 754 double precision. */
  F64(64),
  /** Signed 64-bit integer. */
  I64(64),
  /** Unsigned 64-bit integer. */
  U64(64);

  private static final Map<String, DType> BY_NAME = new HashMap<>();

  static {
    for (DType dtype : values()) {
      BY_NAME.put(dtype.name(), dtype);
    }
  }

  private final int bits;

  DType(int bits) {
    this.bits = bits;
  }

  /** Bits of one element; 4 and 6 for the packed types. */
  public int bits() {
    return bits;
  }

  /**
   * Bytes that this many elements take.
   *
   * @throws ArithmeticException if they do not fill whole bytes, or are more than 2^63 - 1 bits
   */
  public long byteSize(long elements) {
    long total = Math.multiplyExact(elements, (long) bits);
    if (total % 8 != 0) {
      throw new ArithmeticException(elements + " elements of " + this + " do not fill whole bytes");
    }
    return total / 8;
  }

  /** The dtype of that name in a file header, if there is one. */
  public static Optional<DType> named(String name) {
    return Optional.ofNullable(BY_NAME.get(name));
  }
}
