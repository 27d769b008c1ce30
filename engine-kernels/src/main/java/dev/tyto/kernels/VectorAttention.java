package dev.tyto.kernels;

import static dev.tyto.kernels.Simd.F;
import static dev.tyto.kernels.Simd.L;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** Absorbed MLA of one query row against one span: all heads share the span's keys. */
final class VectorAttention {
  private static final int SPAN = Kernels.SPAN;

  /** Keys scored together: 18 KB of 576 floats each. */
  private static final int KEY_TILE = 8;

  private VectorAttention() {}

  static void span(
      float[] q,
      int qOffset,
      int heads,
      int latent,
      int rope,
      float scale,
      CacheType type,
      MemorySegment cache,
      long byteOffset,
      int keys,
      float[] out,
      int outOffset,
      float[] stats,
      int statsOffset,
      KernelScratch scratch) {
    int width = latent + rope;
    float[] key = scratch.keys(keys * width);
    if (type == CacheType.BF16) {
      VectorCache.loadBf16(cache, byteOffset, key, 0, keys * width);
    } else {
      Elements.load(type, cache, byteOffset, key, keys * width);
    }
    float[] p = scratch.scores(heads * SPAN);
    // A tile of keys stays in the first cache while every head looks at it.
    for (int first = 0; first < keys; first += KEY_TILE) {
      int end = Math.min(first + KEY_TILE, keys);
      for (int h = 0; h < heads; h++) {
        scores(q, qOffset + h * width, key, first, end, width, scale, p, h * SPAN);
      }
    }
    for (int h = 0; h < heads; h++) {
      int row = h * SPAN;
      float max = VectorReductions.max(p, row, keys);
      VectorMath.exp(p, row, 1f, max, p, row, keys);
      stats[statsOffset + 2 * h] = max;
      stats[statsOffset + 2 * h + 1] = VectorReductions.sum(p, row, keys);
    }
    Arrays.fill(out, outOffset, outOffset + heads * latent, 0f);
    int whole = latent - latent % (4 * L);
    VectorTiles.rows(
        key, 0, width, whole, keys, p, 0, SPAN, heads, out, outOffset, latent, false, 1f);
    for (int d = whole; d < latent; d += L) {
      for (int h = 0; h < heads; h++) {
        VectorTiles.column(
            key,
            d,
            width,
            keys,
            p,
            h * SPAN,
            out,
            outOffset + h * latent + d,
            F.indexInRange(d, latent));
      }
    }
  }

  private static void scores(
      float[] q,
      int qOffset,
      float[] key,
      int first,
      int end,
      int width,
      float scale,
      float[] p,
      int row) {
    int t = first;
    for (; t <= end - 4; t += 4) {
      VectorReductions.scaledDots(q, qOffset, key, t * width, width, scale, p, row + t);
    }
    for (; t < end; t++) {
      p[row + t] = scale * VectorReductions.dot(q, qOffset, key, t * width, width);
    }
  }
}
