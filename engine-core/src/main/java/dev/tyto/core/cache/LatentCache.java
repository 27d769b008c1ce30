package dev.tyto.core.cache;

import dev.tyto.core.ModelException;
import dev.tyto.core.spec.DecoderSpec;
import dev.tyto.kernels.CacheType;
import dev.tyto.kernels.Kernels;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * The latent KV cache of one session: per layer and token the normed latent ({@code latentRank})
 * and the rotated key ({@code ropeDim}), nothing more. It grows by blocks of {@link Kernels#SPAN}
 * tokens, so that an attention span is one contiguous piece: a block holds, layer by layer, SPAN
 * keys without gaps. Owned by its session; used by one pass at a time.
 */
public final class LatentCache implements AutoCloseable {
  private final CacheType type;
  private final long[] layerOffsets;
  private final int[] keyBytes;
  private final long blockBytes;
  private final Arena arena = Arena.ofShared();
  private final List<MemorySegment> blocks = new ArrayList<>();
  private boolean closed;

  /** An empty cache; memory is taken by {@link #reserve}. */
  public LatentCache(DecoderSpec spec, CacheType type) {
    this.type = type;
    int layers = spec.cachedLayers().size();
    this.layerOffsets = new long[layers];
    this.keyBytes = new int[layers];
    long offset = 0;
    for (int l = 0; l < layers; l++) {
      layerOffsets[l] = offset;
      keyBytes[l] = spec.cachedLayers().get(l).attention().cacheWidth() * type.bytes();
      offset += (long) keyBytes[l] * Kernels.SPAN;
    }
    this.blockBytes = offset;
  }

  /** Element type of the keys. */
  public CacheType type() {
    return type;
  }

  /** Bytes that one token takes in all layers. */
  public static long bytesPerToken(DecoderSpec spec, CacheType type) {
    return spec.cachedLayers().stream().mapToLong(l -> l.attention().cacheWidth()).sum()
        * type.bytes();
  }

  /**
   * Makes room for {@code tokens} tokens.
   *
   * @throws ModelException if there is no memory; the cache is as before
   */
  public void reserve(int tokens) {
    int needed = (tokens + Kernels.SPAN - 1) / Kernels.SPAN;
    while (blocks.size() < needed) {
      try {
        blocks.add(arena.allocate(blockBytes, 64));
      } catch (OutOfMemoryError e) {
        throw new ModelException(
            "no memory for the KV cache: "
                + needed * blockBytes
                + " bytes are needed for "
                + tokens
                + " tokens; use fewer or shorter sessions, or a bf16 cache",
            e);
      }
    }
  }

  /** The block that holds the key at {@code position}. */
  public MemorySegment block(int position) {
    return blocks.get(position / Kernels.SPAN);
  }

  /** Where the key at {@code position} starts in its block. */
  public long offset(int layer, int position) {
    return layerOffsets[layer] + (long) (position % Kernels.SPAN) * keyBytes[layer];
  }

  /** Bytes of memory held. */
  public long byteSize() {
    return blocks.size() * blockBytes;
  }

  /** Frees the memory; no pass may be using it. Closing twice is harmless. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      blocks.clear();
      arena.close();
    }
  }
}
