package dev.tyto.demo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.TimeUnit;

/**
 * The file in an extracted folder that says: all files were verified when they had these sizes and
 * times. It makes every later start a matter of a few {@code stat} calls instead of hashing 21 MB.
 * Damage that leaves both size and time as they were is not seen; deleting the folder, or only the
 * marker, has everything verified again.
 */
final class Marker {
  static final String NAME = ".verified";

  private Marker() {}

  /** Whether the folder has a marker and its files still look as they did when it was written. */
  static boolean holds(Path folder, Manifest manifest) {
    try {
      String noted = Files.readString(folder.resolve(NAME), StandardCharsets.UTF_8);
      return noted.equals(describe(folder, manifest));
    } catch (IOException e) {
      return false;
    }
  }

  /** What a marker says about the files as they are now. */
  static String describe(Path folder, Manifest manifest) throws IOException {
    StringBuilder text = new StringBuilder(manifest.digest()).append('\n');
    for (Manifest.Entry entry : manifest.entries()) {
      Path file = folder.resolve(entry.name());
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      if (!attributes.isRegularFile() || attributes.size() != entry.size()) {
        throw new NoSuchFileException(file.toString());
      }
      // Whole seconds: container images and archives keep no more.
      long seconds = attributes.lastModifiedTime().to(TimeUnit.SECONDS);
      text.append(entry.name()).append(' ').append(entry.size()).append(' ').append(seconds);
      text.append('\n');
    }
    return text.toString();
  }
}
