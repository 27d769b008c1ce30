package dev.tyto.loader;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;

/**
 * A named tensor of an open {@link SafetensorsFile} or {@link Checkpoint}: row-major ("C" order),
 * little-endian. Usable until its file is closed, by any number of threads.
 */
public final class Tensor {
  private final SafetensorsFile owner;
  private final TensorInfo info;

  Tensor(SafetensorsFile owner, TensorInfo info) {
    this.owner = owner;
    this.info = info;
  }

  /** The name in the file, such as {@code model.layers.0.mlp.gate.weight}. */
  public String name() {
    return info.name();
  }

  /** The type of an element. */
  public DType dtype() {
    return info.dtype();
  }

  /** The dimensions in elements, outermost first; empty for a scalar, and any may be 0. */
  public List<Long> shape() {
    return info.shape();
  }

  /** The number of elements: the product of the {@link #shape()}, 1 for a scalar. */
  public long elementCount() {
    return info.shape().stream().reduce(1L, (a, b) -> a * b);
  }

  /** Bytes of the whole tensor. */
  public long byteSize() {
    return info.byteSize();
  }

  /** The file that holds it. */
  public Path file() {
    return owner.path();
  }

  /**
   * Copies bytes of the tensor into memory, by reads that notice when the file became shorter.
   *
   * @param byteOffset where to begin within the tensor
   * @param target memory of any kind, native being fastest
   * @param targetOffset where to begin in the target, in bytes
   * @param length bytes to copy
   * @throws LoadException if the file became shorter, cannot be read, or the thread is interrupted
   * @throws IndexOutOfBoundsException if the range is outside the tensor or the target
   * @throws IllegalStateException if the file is closed
   */
  public void copyTo(long byteOffset, MemorySegment target, long targetOffset, long length)
      throws LoadException {
    owner.copy(info, byteOffset, target, targetOffset, length);
  }

  /**
   * The tensor's bytes as they lie in the mapped file, without a copy; read-only, and alive until
   * the file is closed. Its address has no alignment beyond a byte.
   *
   * <p><b>Only for files that nobody changes.</b> If the file becomes shorter while it is mapped, a
   * scalar read of a lost page throws {@link InternalError}, possibly only after the reading method
   * has returned, and a vector load ends the process (SIGBUS). {@link #copyTo} has neither danger.
   *
   * @throws IllegalStateException if the file is closed
   */
  public MemorySegment mapped() {
    return owner.mapped(info);
  }

  /** Name, dtype and shape. */
  @Override
  public String toString() {
    return info.name() + " " + info.dtype() + " " + info.shape();
  }
}
