package dev.tyto.loader;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;

/** CONTRACT SKETCH: a named tensor of an open checkpoint, row-major, little-endian. */
public interface Tensor {
  String name();

  DType dtype();

  List<Long> shape();

  /** Bytes of the whole tensor. */
  long byteSize();

  /** The file that holds it. */
  Path file();

  /**
   * Copies {@code length} bytes from {@code byteOffset} within the tensor into {@code target} at
   * {@code targetOffset}. Thread-safe. A file truncated under the mapping gives a {@link
   * LoadException}, never a crash.
   */
  void copyTo(long byteOffset, MemorySegment target, long targetOffset, long length)
      throws LoadException;
}
