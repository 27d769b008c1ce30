package dev.tyto.kernels;

/** Formats of packed weights; see {@link WeightMatrix}. */
public enum WeightFormat {
  F32,
  F16,
  BF16,
  /** e4m3 codes with one fp32 scale per 128x128 block (blocks at the edges may be partial). */
  FP8_E4M3
}
