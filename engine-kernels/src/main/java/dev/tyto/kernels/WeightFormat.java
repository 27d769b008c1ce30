package dev.tyto.kernels;

/** Formats of packed weights; see {@link WeightMatrix}. */
public enum WeightFormat {
  /** IEEE binary32. */
  F32,
  /** IEEE binary16, finite values only. */
  F16,
  /** The upper half of a binary32. */
  BF16,
  /**
   * e4m3 codes with one fp32 scale per 128x128 block (blocks at the edges may be partial).
   *
   * <p>The arithmetic is {@code partial = fma(w * 2^-120, x * 2^64, partial)} over a block's inputs
   * from zero, then {@code acc = fma(partial, scale * 2^56, acc)}: powers of two that make decoding
   * cheap and cancel exactly as long as |x| is below 2^63 and the scale below 2^71.
   */
  FP8_E4M3
}
