package dev.tyto.loader;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import org.jspecify.annotations.Nullable;

/**
 * What tells one state of a file from another: size, time of last change, and inode where the
 * system has one.
 */
record FileIdentity(long size, FileTime modified, @Nullable Object fileKey) {

  static FileIdentity of(Path file) throws IOException {
    BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
    return new FileIdentity(attributes.size(), attributes.lastModifiedTime(), attributes.fileKey());
  }

  /** How the other state differs from this one, as a predicate; null if it does not. */
  @Nullable String changeTo(FileIdentity now) {
    if (fileKey != null && !fileKey.equals(now.fileKey)) {
      return "was replaced by another file while it was open";
    }
    if (now.size < size) {
      return "was truncated from " + size + " to " + now.size + " bytes while it was open";
    }
    if (!equals(now)) {
      return "was written to while it was open";
    }
    return null;
  }
}
