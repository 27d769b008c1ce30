package dev.tyto.cli;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The file that keeps what was typed in chats: {@code $XDG_STATE_HOME/tyto/chat_history}. */
final class ChatHistory {
  private ChatHistory() {}

  /** The file, readable by its owner only; null if it cannot be written. */
  static @Nullable Path file() {
    Path file = path(System.getenv(), Path.of(System.getProperty("user.home")));
    try {
      Files.createDirectories(file.getParent());
      create(file);
    } catch (FileAlreadyExistsException e) {
      // From an earlier chat.
    } catch (IOException e) {
      return null;
    }
    return Files.isWritable(file) ? file : null;
  }

  /** The file's place by the XDG base directory specification, which ignores relative paths. */
  static Path path(Map<String, String> environment, Path userHome) {
    String state = environment.getOrDefault("XDG_STATE_HOME", "");
    Path base =
        Path.of(state).isAbsolute() ? Path.of(state) : userHome.resolve(".local").resolve("state");
    return base.resolve("tyto").resolve("chat_history");
  }

  private static void create(Path file) throws IOException {
    if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    } else {
      Files.createFile(file);
    }
  }
}
