package dev.tyto.loader;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes a safetensors file of any size, atomically: into a temporary file in the same folder,
 * which takes the final name, forced to disk, only in {@link #commit}. Whatever fails before, the
 * file that was there before stays as it was and the temporary one is removed.
 *
 * <p>Declare all tensors first, then give their data, in any order:
 *
 * <pre>{@code
 * try (SafetensorsWriter writer =
 *     SafetensorsWriter.to(path)
 *         .metadata("format", "pt")
 *         .tensor("a", DType.F32, 2, 3)
 *         .tensor("b", DType.I32)
 *         .open()) {
 *   writer.write("a", MemorySegment.ofArray(floats));
 *   writer.write("b", sink -> sink.write(MemorySegment.ofArray(new int[] {7})));
 *   writer.commit();
 * }
 * }</pre>
 *
 * <p>The bytes depend on nothing but the declarations and the data: metadata are sorted by key,
 * tensors by falling alignment and then by name, as the reference implementation does, so that each
 * tensor is aligned to its elements.
 *
 * <p>Data are taken as they lie in memory and must be little-endian, which arrays are on every
 * machine that matters. Not thread-safe.
 */
public final class SafetensorsWriter implements AutoCloseable {
  private static final int BOUNCE_BYTES = 256 << 10;
  private static final int MAX_WRITE = 64 << 20;

  /** Produces the bytes of a tensor piece by piece. */
  @FunctionalInterface
  public interface TensorData {
    /** Writes all bytes of the tensor into the sink, in order. */
    void writeTo(Sink sink) throws IOException;
  }

  /** Takes the bytes of a tensor. */
  @FunctionalInterface
  public interface Sink {
    /**
     * Appends the bytes of a segment.
     *
     * @throws IllegalArgumentException if the tensor would become longer than it was declared
     */
    void write(MemorySegment bytes) throws IOException;
  }

  /** The declarations of a file to be written. */
  public static final class Builder {
    private final Path path;
    private final Map<String, String> metadata = new TreeMap<>();
    private final Map<String, TensorInfo> tensors = new TreeMap<>();

    private Builder(Path path) {
      this.path = path;
    }

    /**
     * Adds an entry to {@code __metadata__}.
     *
     * @throws IllegalArgumentException if the key is there already, or is no Unicode text
     */
    public Builder metadata(String key, String value) {
      HeaderWriter.requireText(key);
      HeaderWriter.requireText(value);
      if (metadata.putIfAbsent(key, value) != null) {
        throw new IllegalArgumentException("metadata " + OneLine.quote(key) + " is given twice");
      }
      return this;
    }

    /**
     * Declares a tensor.
     *
     * @param shape its dimensions, outermost first; none for a scalar
     * @throws IllegalArgumentException if the name is taken or reserved, a dimension is negative,
     *     or the size is over 2^63 - 1 bits or no whole number of bytes
     */
    public Builder tensor(String name, DType dtype, long... shape) {
      TensorInfo tensor = HeaderWriter.declare(name, dtype, shape);
      if (tensors.putIfAbsent(name, tensor) != null) {
        throw new IllegalArgumentException("tensor " + OneLine.quote(name) + " is declared twice");
      }
      return this;
    }

    /**
     * Creates the temporary file and writes the header.
     *
     * @throws IOException if that fails
     * @throws IllegalArgumentException if the header would be over 100 MB
     */
    public SafetensorsWriter open() throws IOException {
      List<TensorInfo> placed = HeaderWriter.layOut(tensors.values());
      byte[] header = HeaderWriter.encode(metadata, placed);
      AtomicFile file = AtomicFile.create(path);
      try {
        SafetensorsWriter writer = new SafetensorsWriter(file, placed, header.length);
        writer.writeAt(0, MemorySegment.ofArray(header));
        return writer;
      } catch (IOException | RuntimeException | Error e) {
        file.close();
        throw e;
      }
    }
  }

  private final AtomicFile file;
  private final long dataStart;
  private final Map<String, TensorInfo> tensors = new LinkedHashMap<>();

  /** Bytes written of each tensor that was begun. */
  private final Map<String, Long> written = new HashMap<>();

  private SafetensorsWriter(AtomicFile file, List<TensorInfo> placed, long dataStart) {
    this.file = file;
    this.dataStart = dataStart;
    for (TensorInfo tensor : placed) {
      tensors.put(tensor.name(), tensor);
    }
  }

  /** Begins the declarations of a file. */
  public static Builder to(Path path) {
    return new Builder(path);
  }

  /**
   * Writes all bytes of a tensor.
   *
   * @throws IOException if writing fails
   * @throws IllegalArgumentException if there is no such tensor, it has been written already, or
   *     the segment is not exactly as long as it
   */
  public void write(String name, MemorySegment data) throws IOException {
    write(name, sink -> sink.write(data));
  }

  /**
   * Writes all bytes of a tensor, piece by piece.
   *
   * @throws IOException if writing fails, or from the callback
   * @throws IllegalArgumentException if there is no such tensor, it has been written already, or
   *     its data are not exactly as long as it
   */
  public void write(String name, TensorData data) throws IOException {
    TensorInfo tensor = tensors.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException("tensor " + OneLine.quote(name) + " is not declared");
    }
    if (written.putIfAbsent(name, 0L) != null) {
      throw new IllegalArgumentException("tensor " + OneLine.quote(name) + " is written twice");
    }
    data.writeTo(bytes -> append(tensor, bytes));
    if (bytesWritten(tensor) != tensor.byteSize()) {
      throw new IllegalArgumentException(
          "tensor "
              + OneLine.quote(name)
              + " takes "
              + tensor.byteSize()
              + " bytes, but got "
              + bytesWritten(tensor));
    }
  }

  /**
   * Finishes the file: forces it to disk and gives it its name, replacing a file that has it.
   *
   * @throws IOException if that fails
   * @throws IllegalStateException if a tensor's data are missing
   */
  public void commit() throws IOException {
    for (TensorInfo tensor : tensors.values()) {
      if (bytesWritten(tensor) != tensor.byteSize()) {
        throw new IllegalStateException(
            "tensor " + OneLine.quote(tensor.name()) + " has not been written completely");
      }
    }
    file.commit();
  }

  /** Removes the temporary file, unless it was committed. Closing twice is harmless. */
  @Override
  public void close() {
    file.close();
  }

  private long bytesWritten(TensorInfo tensor) {
    return written.getOrDefault(tensor.name(), 0L);
  }

  private void append(TensorInfo tensor, MemorySegment bytes) throws IOException {
    long done = bytesWritten(tensor);
    if (bytes.byteSize() > tensor.byteSize() - done) {
      throw new IllegalArgumentException(
          "tensor "
              + OneLine.quote(tensor.name())
              + " takes "
              + tensor.byteSize()
              + " bytes, but got "
              + (done + bytes.byteSize()));
    }
    writeAt(dataStart + tensor.begin() + done, bytes);
    written.put(tensor.name(), done + bytes.byteSize());
  }

  private void writeAt(long position, MemorySegment bytes) throws IOException {
    if (bytes.isNative()) {
      writeFully(position, bytes);
      return;
    }
    try (Arena temporary = Arena.ofConfined()) {
      MemorySegment buffer = temporary.allocate(Math.min(BOUNCE_BYTES, bytes.byteSize()));
      for (long done = 0; done < bytes.byteSize(); ) {
        long count = Math.min(buffer.byteSize(), bytes.byteSize() - done);
        MemorySegment.copy(bytes, done, buffer, 0, count);
        writeFully(position + done, buffer.asSlice(0, count));
        done += count;
      }
    }
  }

  private void writeFully(long position, MemorySegment bytes) throws IOException {
    for (long done = 0; done < bytes.byteSize(); ) {
      long count = Math.min(MAX_WRITE, bytes.byteSize() - done);
      done += file.write(bytes.asSlice(done, count).asByteBuffer(), position + done);
    }
  }
}
