package dev.tyto.loader;

import dev.tyto.loader.SafetensorsException.Reason;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * An open safetensors file of any size, checked when it is opened: every tensor's shape, dtype and
 * bytes agree, and the tensors cover the data exactly.
 *
 * <p>The file is mapped, not read: opening costs the header alone. {@link Tensor#copyTo} copies
 * from it safely, {@link Tensor#mapped} gives the mapping itself.
 *
 * <p>Thread-safe. It owns a file handle and a mapping; close it when all is copied.
 */
public final class SafetensorsFile implements AutoCloseable {
  /** Long enough to be fast, short enough that an interrupt is noticed. */
  private static final int MAX_READ = 64 << 20;

  /** For targets that a channel cannot read into: arrays of other types than byte. */
  private static final int BOUNCE_BYTES = 256 << 10;

  private final Object closing = new Object();
  private final SharedFile file;
  private final SafetensorsHeader header;
  private final Arena arena;
  private final MemorySegment mapping;
  private final SequencedMap<String, Tensor> tensors;

  private SafetensorsFile(
      SharedFile file, SafetensorsHeader header, Arena arena, MemorySegment mapping) {
    this.file = file;
    this.header = header;
    this.arena = arena;
    this.mapping = mapping;
    LinkedHashMap<String, Tensor> byName = new LinkedHashMap<>();
    for (TensorInfo info : header.tensors()) {
      byName.put(info.name(), new Tensor(this, info));
    }
    this.tensors = Collections.unmodifiableSequencedMap(byName);
  }

  /**
   * Opens and checks a file.
   *
   * @throws LoadException a {@link SafetensorsException} that names the file, the tensor if it is
   *     one tensor's fault, and what is wrong
   */
  // The arena passes to the object that is returned.
  @SuppressWarnings("MustBeClosedChecker")
  public static SafetensorsFile open(Path path) throws LoadException {
    SharedFile file = SharedFile.open(path);
    Arena arena = Arena.ofShared();
    boolean opened = false;
    try {
      SafetensorsHeader header = HeaderReader.read(path, file);
      SafetensorsFile result = new SafetensorsFile(file, header, arena, map(file, arena));
      opened = true;
      return result;
    } finally {
      if (!opened) {
        arena.close();
        file.close();
      }
    }
  }

  private static MemorySegment map(SharedFile file, Arena arena) throws SafetensorsException {
    try {
      return file.channel().map(MapMode.READ_ONLY, 0, file.size(), arena);
    } catch (IOException e) {
      file.verifyUnchanged();
      throw new SafetensorsException(
          file.path(),
          null,
          Reason.UNREADABLE,
          "cannot be mapped into memory (" + e.getMessage() + ")",
          e);
    }
  }

  /** The path it was opened by. */
  public Path path() {
    return file.path();
  }

  /** The free-form strings of {@code __metadata__}, in the order of the file; often empty. */
  public Map<String, String> metadata() {
    return header.metadata();
  }

  /** All tensors by name, in the order of their bytes in the file. */
  public SequencedMap<String, Tensor> tensors() {
    return tensors;
  }

  /** The tensor of that name, if there is one. */
  public Optional<Tensor> tensor(String name) {
    return Optional.ofNullable(tensors.get(name));
  }

  /** Bytes of all tensors together. */
  public long dataBytes() {
    return file.size() - header.dataStart();
  }

  /**
   * Checks that the file on disk is still the one that was opened: same inode, size and time of
   * last change. To be called after everything has been copied, for the assurance that all of it is
   * from one state of the file.
   *
   * @throws LoadException if it was truncated, replaced, written to or deleted
   */
  public void verifyUnchanged() throws LoadException {
    file.verifyUnchanged();
  }

  /** Unmaps and closes the file; its tensors cannot be used any more. Closing twice is harmless. */
  @Override
  public void close() {
    synchronized (closing) {
      if (arena.scope().isAlive()) {
        arena.close();
        file.close();
      }
    }
  }

  MemorySegment mapped(TensorInfo info) {
    file.checkOpen();
    return mapping.asSlice(header.dataStart() + info.begin(), info.byteSize());
  }

  void copy(TensorInfo info, long byteOffset, MemorySegment target, long targetOffset, long length)
      throws SafetensorsException {
    file.checkOpen();
    Objects.checkFromIndexSize(byteOffset, length, info.byteSize());
    MemorySegment destination = target.asSlice(targetOffset, length);
    long position = header.dataStart() + info.begin() + byteOffset;
    if (destination.isNative()) {
      readFully(info, position, destination);
    } else {
      readThroughBuffer(info, position, destination);
    }
  }

  private void readThroughBuffer(TensorInfo info, long position, MemorySegment destination)
      throws SafetensorsException {
    long length = destination.byteSize();
    try (Arena temporary = Arena.ofConfined()) {
      MemorySegment buffer = temporary.allocate(Math.min(BOUNCE_BYTES, length));
      for (long done = 0; done < length; ) {
        long count = Math.min(buffer.byteSize(), length - done);
        readFully(info, position + done, buffer.asSlice(0, count));
        MemorySegment.copy(buffer, 0, destination, done, count);
        done += count;
      }
    }
  }

  private void readFully(TensorInfo info, long position, MemorySegment destination)
      throws SafetensorsException {
    long length = destination.byteSize();
    for (long done = 0; done < length; ) {
      ByteBuffer part = destination.asSlice(done, Math.min(MAX_READ, length - done)).asByteBuffer();
      int count = file.read(part, position + done);
      if (count < 0) {
        String change = file.change();
        String why = change == null ? " ends before it" : " " + change;
        throw new SafetensorsException(
            file.path(), info.name(), Reason.CHANGED, "cannot be read, because the file" + why);
      }
      done += count;
    }
  }
}
