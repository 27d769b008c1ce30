package dev.tyto.core;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How to load a {@link Model}.
 *
 * @param threads worker threads, 1..1024; the results do not depend on it
 * @param cacheDtype element type of the KV cache
 * @param contextLength most tokens a session may hold; 0 for the checkpoint's own limit
 * @param prefillChunk most prompt tokens of a session that enter one pass, at least 1; the results
 *     do not depend on it
 * @param progress told how far loading has come, or null
 */
public record LoadOptions(
    int threads,
    CacheDtype cacheDtype,
    int contextLength,
    int prefillChunk,
    @Nullable LoadProgress progress) {

  /** Checks the ranges given above. */
  public LoadOptions {
    if (threads < 1 || threads > 1024) {
      throw new IllegalArgumentException("threads is " + threads + ", but must be 1..1024");
    }
    if (contextLength < 0) {
      throw new IllegalArgumentException(
          "contextLength is " + contextLength + ", but must be >= 0");
    }
    if (prefillChunk < 1) {
      throw new IllegalArgumentException("prefillChunk is " + prefillChunk + ", but must be >= 1");
    }
    Objects.requireNonNull(cacheDtype, "cacheDtype");
  }

  /** One thread per available processor, BF16 cache, the checkpoint's context length. */
  public static LoadOptions defaults() {
    return new LoadOptions(
        Runtime.getRuntime().availableProcessors(), CacheDtype.BF16, 0, 512, null);
  }

  /** These options with another number of threads. */
  public LoadOptions withThreads(int value) {
    return new LoadOptions(value, cacheDtype, contextLength, prefillChunk, progress);
  }

  /** These options with another cache type. */
  public LoadOptions withCacheDtype(CacheDtype value) {
    return new LoadOptions(threads, value, contextLength, prefillChunk, progress);
  }

  /** These options with another context length. */
  public LoadOptions withContextLength(int value) {
    return new LoadOptions(threads, cacheDtype, value, prefillChunk, progress);
  }

  /** These options with another prefill chunk. */
  public LoadOptions withPrefillChunk(int value) {
    return new LoadOptions(threads, cacheDtype, contextLength, value, progress);
  }

  /** These options with a progress listener. */
  public LoadOptions withProgress(@Nullable LoadProgress value) {
    return new LoadOptions(threads, cacheDtype, contextLength, prefillChunk, value);
  }
}
