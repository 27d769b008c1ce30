package dev.tyto.core.weights;

import dev.tyto.kernels.ElementType;
import dev.tyto.kernels.Kernels;
import java.lang.foreign.MemorySegment;

/** Token embeddings, row-major [V, D], in the checkpoint's own type. */
public record EmbeddingTable(ElementType type, MemorySegment data, int width) {
  /** Writes the embedding of a token as floats. */
  public void gather(Kernels kernels, int token, float[] y, int yOffset) {
    kernels.widen(type, data, (long) token * width * type.bytes(), y, yOffset, width);
  }

  /** Bytes held. */
  public long byteSize() {
    return data.byteSize();
  }
}
