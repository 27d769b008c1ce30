package dev.tyto.core;

import java.nio.file.Path;
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
 * @param weights what the weights become when they are loaded
 * @param draft how tokens are drafted for speculative decoding; the results do not depend on it
 * @param draftLength tokens to draft per pass, 1..16; 0 to choose by measured acceptance and cost
 * @param draftModel folder of the small model for {@link DraftMode#MODEL}, else null
 * @param progress told how far loading has come, or null
 */
public record LoadOptions(
    int threads,
    CacheDtype cacheDtype,
    int contextLength,
    int prefillChunk,
    WeightType weights,
    DraftMode draft,
    int draftLength,
    @Nullable Path draftModel,
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
    if (draftLength < 0 || draftLength > 16) {
      throw new IllegalArgumentException("draftLength is " + draftLength + ", but must be 0..16");
    }
    if ((draft == DraftMode.MODEL) != (draftModel != null)) {
      throw new IllegalArgumentException(
          "draft is " + draft + " and draftModel is " + draftModel + ": MODEL needs a model");
    }
    Objects.requireNonNull(cacheDtype, "cacheDtype");
    Objects.requireNonNull(weights, "weights");
    Objects.requireNonNull(draft, "draft");
  }

  /**
   * One thread per available processor, BF16 cache, the checkpoint's context length and weights.
   */
  public static LoadOptions defaults() {
    return new LoadOptions(
        Runtime.getRuntime().availableProcessors(),
        CacheDtype.BF16,
        0,
        512,
        WeightType.ORIGINAL,
        DraftMode.AUTO,
        0,
        null,
        null);
  }

  /** These options with another number of threads. */
  public LoadOptions withThreads(int value) {
    return new LoadOptions(
        value,
        cacheDtype,
        contextLength,
        prefillChunk,
        weights,
        draft,
        draftLength,
        draftModel,
        progress);
  }

  /** These options with another cache type. */
  public LoadOptions withCacheDtype(CacheDtype value) {
    return new LoadOptions(
        threads,
        value,
        contextLength,
        prefillChunk,
        weights,
        draft,
        draftLength,
        draftModel,
        progress);
  }

  /** These options with another context length. */
  public LoadOptions withContextLength(int value) {
    return new LoadOptions(
        threads,
        cacheDtype,
        value,
        prefillChunk,
        weights,
        draft,
        draftLength,
        draftModel,
        progress);
  }

  /** These options with another prefill chunk. */
  public LoadOptions withPrefillChunk(int value) {
    return new LoadOptions(
        threads,
        cacheDtype,
        contextLength,
        value,
        weights,
        draft,
        draftLength,
        draftModel,
        progress);
  }

  /** These options with other weights. */
  public LoadOptions withWeights(WeightType value) {
    return new LoadOptions(
        threads,
        cacheDtype,
        contextLength,
        prefillChunk,
        value,
        draft,
        draftLength,
        draftModel,
        progress);
  }

  /** These options with another draft length. */
  public LoadOptions withDraftLength(int value) {
    return new LoadOptions(
        threads,
        cacheDtype,
        contextLength,
        prefillChunk,
        weights,
        draft,
        value,
        draftModel,
        progress);
  }

  /** These options with a progress listener. */
  public LoadOptions withProgress(@Nullable LoadProgress value) {
    return new LoadOptions(
        threads,
        cacheDtype,
        contextLength,
        prefillChunk,
        weights,
        draft,
        draftLength,
        draftModel,
        value);
  }

  /** These options with another draft mode, not {@link DraftMode#MODEL}. */
  public LoadOptions withDraft(DraftMode value) {
    return new LoadOptions(
        threads,
        cacheDtype,
        contextLength,
        prefillChunk,
        weights,
        value,
        draftLength,
        null,
        progress);
  }

  /** These options with drafts by a small model. */
  public LoadOptions withDraftModel(Path folder) {
    return new LoadOptions(
        threads,
        cacheDtype,
        contextLength,
        prefillChunk,
        weights,
        DraftMode.MODEL,
        draftLength,
        folder,
        progress);
  }
}
