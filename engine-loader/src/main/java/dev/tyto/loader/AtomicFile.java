package dev.tyto.loader;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/** A file that appears under its name whole and on disk, or not at all. */
final class AtomicFile implements AutoCloseable {
  private final Path target;
  private final Path folder;
  private final Path temporary;
  private final FileChannel channel;
  private boolean closed;

  private AtomicFile(Path target, Path folder, Path temporary, FileChannel channel) {
    this.target = target;
    this.folder = folder;
    this.temporary = temporary;
    this.channel = channel;
  }

  static AtomicFile create(Path target) throws IOException {
    Path absolute = target.toAbsolutePath();
    Path folder = absolute.getParent();
    if (folder == null || Files.isDirectory(target)) {
      throw new IOException(target + ": is a folder and cannot be written as a file");
    }
    // In the same folder, hence on the same file system; with the permissions of any new file,
    // where Files.createTempFile would make one that only its owner can read.
    Path temporary =
        folder.resolve("." + absolute.getFileName() + "." + UUID.randomUUID() + ".tmp");
    try {
      FileChannel channel =
          FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      return new AtomicFile(target, folder, temporary, channel);
    } catch (IOException e) {
      throw failed(target, e);
    }
  }

  int write(ByteBuffer bytes, long position) throws IOException {
    if (closed) {
      throw new IllegalStateException(target + " is committed or closed");
    }
    try {
      return channel.write(bytes, position);
    } catch (IOException e) {
      throw failed(target, e);
    }
  }

  /** Forces the bytes to disk, then the name. */
  void commit() throws IOException {
    if (closed) {
      throw new IllegalStateException(target + " is committed or closed");
    }
    try {
      channel.force(true);
      channel.close();
      Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
      closed = true;
    } catch (IOException e) {
      throw failed(target, e);
    }
    forceFolder();
  }

  /** Removes the temporary file, if it was not committed. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      channel.close();
    } catch (IOException e) {
      // It is about to be deleted.
    }
    try {
      Files.deleteIfExists(temporary);
    } catch (IOException e) {
      // What failed before this is the error to report.
    }
  }

  private void forceFolder() {
    try (FileChannel entries = FileChannel.open(folder, StandardOpenOption.READ)) {
      entries.force(true);
    } catch (IOException e) {
      // Not every system can (Windows cannot); the file is whole, only its name might be lost.
    }
  }

  private static IOException failed(Path target, IOException e) {
    return new IOException(OneLine.of(target + ": " + SharedFile.trouble("written", e)), e);
  }
}
