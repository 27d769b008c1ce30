package dev.tyto.cli;

import java.io.IOException;
import java.io.UncheckedIOException;

/** Standard output cannot be written: its reader has gone, or the disk is full. */
final class OutputException extends UncheckedIOException {
  private static final long serialVersionUID = 1L;

  private final boolean readerHasGone;

  OutputException(IOException cause) {
    super("cannot write to standard output: " + cause.getMessage(), cause);
    readerHasGone = isBrokenPipe(String.valueOf(cause.getMessage()));
  }

  /** Whether the reader closed its end, as {@code head} does when it has seen enough. */
  boolean readerHasGone() {
    return readerHasGone;
  }

  private static boolean isBrokenPipe(String message) {
    // POSIX EPIPE, Windows ERROR_NO_DATA and ERROR_BROKEN_PIPE: Java has no type for them.
    return message.contains("Broken pipe")
        || message.contains("pipe is being closed")
        || message.contains("pipe has been ended");
  }
}
