package dev.tyto.core;

/** Element type of the KV cache. */
public enum CacheDtype {
  /** The default: half the memory, perplexity within 0.3 % of {@link #F32} (docs/numerics.md). */
  BF16,
  /** Full precision, as the reference fixtures use. */
  F32
}
