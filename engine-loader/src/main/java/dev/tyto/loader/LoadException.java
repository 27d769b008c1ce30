package dev.tyto.loader;

import java.io.IOException;
import java.nio.file.Path;

/**
 * A model file that cannot be used. The message is one line: what is wrong, where (file, and tensor
 * or field), and what to do if that is known.
 */
public class LoadException extends IOException {
  private static final long serialVersionUID = 1L;

  /** As text: a {@link Path} is not serializable. */
  private final String file;

  /**
   * Creates an exception whose message is {@code file: message}.
   *
   * @param file the file at fault
   * @param message what is wrong with it
   */
  public LoadException(Path file, String message) {
    super(OneLine.of(file + ": " + message));
    this.file = file.toString();
  }

  /**
   * Creates an exception whose message is {@code file: message}.
   *
   * @param file the file at fault
   * @param message what is wrong with it
   * @param cause what the system said
   */
  public LoadException(Path file, String message, Throwable cause) {
    super(OneLine.of(file + ": " + message), cause);
    this.file = file.toString();
  }

  /** The file that is at fault. */
  public Path file() {
    return Path.of(file);
  }
}
