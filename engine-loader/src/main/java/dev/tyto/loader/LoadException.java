package dev.tyto.loader;

import java.io.IOException;
import java.nio.file.Path;

/**
 * A model file that cannot be used. The message is one sentence: what is wrong, where (file, and
 * tensor or field), and what to do if that is known.
 */
public class LoadException extends IOException {
  private static final long serialVersionUID = 1L;

  private final transient Path file;

  public LoadException(Path file, String message) {
    super(file + ": " + message);
    this.file = file;
  }

  public LoadException(Path file, String message, Throwable cause) {
    super(file + ": " + message, cause);
    this.file = file;
  }

  /** The file that is at fault. */
  public Path file() {
    return file;
  }
}
