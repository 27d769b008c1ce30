package dev.tyto.kernels;

/** Element types of a KV cache. Every key, the newest too, is read after rounding to it. */
public enum CacheType {
  F32(4),
  /** Rounded to nearest, ties to even. */
  BF16(2);

  private final int bytes;

  CacheType(int bytes) {
    this.bytes = bytes;
  }

  /** Bytes per element. */
  public int bytes() {
    return bytes;
  }
}
