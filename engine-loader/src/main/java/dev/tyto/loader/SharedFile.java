package dev.tyto.loader;

import dev.tyto.loader.SafetensorsException.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A file that many threads read by position.
 *
 * <p>Reads and not copies from a mapping, because a file can shrink under a mapping: compiled code
 * then gets its {@link InternalError} late, after the method that copied has returned (JDK 25,
 * tried), so that no {@code catch} around the copy is sure to see it. A read just comes up short.
 *
 * <p>A {@link FileChannel} is closed for everybody when one reader's thread is interrupted; the
 * other readers then open the file again, if it is still the same one.
 */
final class SharedFile implements ByteSource, AutoCloseable {
  private final Path path;
  private final FileIdentity identity;
  private volatile FileChannel channel;
  private volatile boolean closed;

  private SharedFile(Path path, FileIdentity identity, FileChannel channel) {
    this.path = path;
    this.identity = identity;
    this.channel = channel;
  }

  static SharedFile open(Path path) throws SafetensorsException {
    try {
      // Before opening: to open a named pipe would block.
      if (!Files.isRegularFile(path) && Files.exists(path)) {
        throw new SafetensorsException(
            path,
            null,
            Reason.NOT_A_FILE,
            Files.isDirectory(path) ? "is a folder" : "is not a regular file");
      }
      FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
      try {
        return new SharedFile(path, FileIdentity.of(path), channel);
      } catch (IOException e) {
        channel.close();
        throw e;
      }
    } catch (SafetensorsException e) {
      throw e;
    } catch (IOException e) {
      throw unreadable(path, e);
    }
  }

  Path path() {
    return path;
  }

  /** The channel, for mapping. */
  FileChannel channel() {
    return channel;
  }

  @Override
  public long size() {
    return identity.size();
  }

  /**
   * {@inheritDoc}
   *
   * @throws SafetensorsException if the read fails or the thread is interrupted
   * @throws IllegalStateException after {@link #close()}
   */
  @Override
  public int read(ByteBuffer target, long position) throws SafetensorsException {
    while (true) {
      if (Thread.currentThread().isInterrupted()) {
        throw interrupted(null);
      }
      FileChannel current = openChannel();
      try {
        return current.read(target, position);
      } catch (ClosedByInterruptException e) {
        throw interrupted(e);
      } catch (ClosedChannelException e) {
        // Closed, or another thread was interrupted: the next round finds out which.
      } catch (IOException e) {
        throw unreadable(path, e);
      }
    }
  }

  /** Throws if the file is no longer what it was when it was opened. */
  void verifyUnchanged() throws SafetensorsException {
    String change = change();
    if (change != null) {
      throw new SafetensorsException(path, null, Reason.CHANGED, change);
    }
  }

  /** What happened to the file since it was opened, as a predicate; null if nothing. */
  @Nullable String change() throws SafetensorsException {
    try {
      return identity.changeTo(FileIdentity.of(path));
    } catch (NoSuchFileException e) {
      return "was deleted while it was open";
    } catch (IOException e) {
      throw unreadable(path, e);
    }
  }

  private FileChannel openChannel() throws SafetensorsException {
    FileChannel current = channel;
    return current.isOpen() ? current : reopen();
  }

  private synchronized FileChannel reopen() throws SafetensorsException {
    checkOpen();
    if (!channel.isOpen()) {
      FileChannel reopened;
      try {
        reopened = FileChannel.open(path, StandardOpenOption.READ);
      } catch (IOException e) {
        throw unreadable(path, e);
      }
      try {
        verifyUnchanged();
      } catch (SafetensorsException e) {
        closeQuietly(reopened);
        throw e;
      }
      channel = reopened;
    }
    return channel;
  }

  void checkOpen() {
    if (closed) {
      throw new IllegalStateException(path + " is closed");
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    closeQuietly(channel);
  }

  private static void closeQuietly(FileChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      // Nothing was written: a failing close of a file that was only read loses nothing.
    }
  }

  private SafetensorsException interrupted(@Nullable IOException cause) {
    String detail = "was not read to the end because the reading thread was interrupted";
    return cause == null
        ? new SafetensorsException(path, null, Reason.INTERRUPTED, detail)
        : new SafetensorsException(path, null, Reason.INTERRUPTED, detail, cause);
  }

  private static SafetensorsException unreadable(Path path, IOException e) {
    Reason reason = e instanceof NoSuchFileException ? Reason.NOT_FOUND : Reason.UNREADABLE;
    return new SafetensorsException(path, null, reason, predicate(path, e), e);
  }

  /** What the system says of a file that was to be read, as a predicate. */
  static String predicate(Path path, IOException e) {
    if (e instanceof NoSuchFileException) {
      // The cache of huggingface_hub is links to blobs, and a blob can be gone.
      return Files.isSymbolicLink(path)
          ? "is a link to a file that does not exist"
          : "does not exist";
    }
    return trouble("read", e);
  }

  static String trouble(String participle, IOException e) {
    String why =
        switch (e) {
          case NoSuchFileException missing -> "no such folder";
          case AccessDeniedException denied -> "access denied";
          // Its message would repeat the path.
          case FileSystemException other when other.getReason() != null -> other.getReason();
          default -> Objects.requireNonNullElse(e.getMessage(), e.toString());
        };
    return "cannot be " + participle + " (" + why + ")";
  }
}
