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
  FP8_E4M3,
  /**
   * 8-bit codes -127..127 with one fp32 scale per output and group of 32 inputs, quantised from F32
   * when packing: {@code scale = max|w| / 127}, {@code code = w / scale} rounded to nearest, ties
   * to even. 9 bits per weight.
   *
   * <p>Kernels quantise activations the same way, per row and group, to 8-bit codes. The products
   * of a group sum exactly; then {@code acc = fma(partial, weightScale * activationScale, acc)}.
   */
  INT8,
  /** As {@link #INT8} with codes -7..7 and {@code scale = max|w| / 7}. 5 bits per weight. */
  INT4
}
