package dev.tyto.kernels;

/** Element types of row-major tables: what a checkpoint stores, before packing. */
public enum ElementType {
  /** IEEE binary32. */
  F32(4),
  /** IEEE binary16. */
  F16(2),
  /** The upper half of a binary32. */
  BF16(2),
  /** OCP FP8 e4m3fn: bias 7, no infinities, NaN at 0x7f and 0xff. */
  F8_E4M3(1);

  private final int bytes;

  ElementType(int bytes) {
    this.bytes = bytes;
  }

  /** Bytes per element. */
  public int bytes() {
    return bytes;
  }
}
