package dev.tyto.kernels;

import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Bounds of kernel arguments, checked once per call so that inner loops need not. */
final class Checks {
  private Checks() {}

  /** Elements {@code offset .. offset+length-1} of {@code array} exist. */
  static void range(String what, float[] array, long offset, long length) {
    if (offset < 0 || length < 0 || offset + length > array.length) {
      throw new IndexOutOfBoundsException(
          what
              + " needs elements "
              + offset
              + " to "
              + (offset + length)
              + " of an array of "
              + array.length);
    }
  }

  /** Rows of {@code length} elements at {@code offset + r*stride} exist. */
  static void rows(String what, float[] array, int offset, int stride, int rows, long length) {
    if (rows < 0 || stride < 0) {
      throw new IllegalArgumentException(
          what + " cannot have " + rows + " rows of stride " + stride);
    }
    if (rows > 0) {
      range(what, array, offset, (rows - 1) * (long) stride + length);
    }
  }

  static void panels(WeightMatrix w, int firstPanel, int panelCount) {
    if (firstPanel < 0 || panelCount < 0 || (long) firstPanel + panelCount > w.panels()) {
      throw new IndexOutOfBoundsException(
          "panels "
              + firstPanel
              + " to "
              + ((long) firstPanel + panelCount)
              + " of a matrix that has "
              + w.panels());
    }
  }

  /** Outputs covered by the panels, counted from output 0. */
  static int outputEnd(WeightMatrix w, int firstPanel, int panelCount) {
    return (int) Math.min(w.outputs(), ((long) firstPanel + panelCount) * WeightMatrix.PANEL);
  }

  static void multiply(
      WeightMatrix w,
      int firstPanel,
      int panelCount,
      float[] x,
      int xOffset,
      int xStride,
      int rows,
      float[] y,
      int yOffset,
      int yStride) {
    panels(w, firstPanel, panelCount);
    rows("input of a product", x, xOffset, xStride, rows, w.inputs());
    rows("output of a product", y, yOffset, yStride, rows, outputEnd(w, firstPanel, panelCount));
  }

  static void gateUp(WeightMatrix gate, WeightMatrix up) {
    if (gate.outputs() != up.outputs() || gate.inputs() != up.inputs()) {
      throw new IllegalArgumentException(
          "gate is "
              + gate.outputs()
              + " x "
              + gate.inputs()
              + " but up is "
              + up.outputs()
              + " x "
              + up.inputs());
    }
  }

  /** Bytes {@code offset .. offset+length-1} of a native segment exist. */
  static void segment(String what, MemorySegment segment, long offset, long length) {
    if (!segment.isNative()) {
      throw new IllegalArgumentException(what + " must be off-heap memory");
    }
    bytes(what, segment, offset, length);
  }

  static void bytes(String what, MemorySegment segment, long offset, long length) {
    if (offset < 0 || length < 0 || offset > segment.byteSize() - length) {
      throw new IndexOutOfBoundsException(
          what
              + " needs "
              + length
              + " bytes at "
              + offset
              + " of a segment of "
              + segment.byteSize());
    }
  }

  static void attention(
      float[] q,
      int qOffset,
      int heads,
      int latent,
      int rope,
      CacheType type,
      MemorySegment cache,
      long byteOffset,
      int keys,
      float[] out,
      int outOffset,
      float[] stats,
      int statsOffset) {
    if (keys < 1 || keys > Kernels.SPAN) {
      throw new IllegalArgumentException("a span has 1 to " + Kernels.SPAN + " keys, not " + keys);
    }
    if (heads < 0 || latent < 0 || rope < 0) {
      throw new IllegalArgumentException(
          "negative attention shape: " + heads + " heads, " + latent + " + " + rope);
    }
    long width = (long) latent + rope;
    range("attention queries", q, qOffset, heads * width);
    segment("attention cache", cache, byteOffset, keys * width * type.bytes());
    range("attention output", out, outOffset, (long) heads * latent);
    range("attention statistics", stats, statsOffset, 2L * heads);
  }

  static void choice(
      float[] scores,
      int offset,
      float @Nullable [] bias,
      int experts,
      int groups,
      int topGroups,
      int k,
      int[] ids,
      int idsOffset) {
    range("router scores", scores, offset, experts);
    if (bias != null) {
      range("selection bias", bias, 0, experts);
    }
    if (groups < 1 || experts % groups != 0 || topGroups < 1 || topGroups > groups) {
      throw new IllegalArgumentException(
          "cannot take " + topGroups + " of " + groups + " groups of " + experts + " experts");
    }
    if (k < 0 || k > experts / groups * topGroups) {
      throw new IllegalArgumentException(
          "cannot choose " + k + " of " + topGroups + " groups of " + experts / groups);
    }
    Objects.checkFromIndexSize(idsOffset, k, ids.length);
  }
}
