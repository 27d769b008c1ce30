package dev.tyto.loader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What this process holds of a file, where the system tells. */
final class OpenFiles {
  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
  private static final Path MAPPINGS = Path.of("/proc/self/maps");

  private OpenFiles() {}

  static void assumeKnown() {
    assumeTrue(Files.isDirectory(DESCRIPTORS) && Files.exists(MAPPINGS));
  }

  static void assertNone(Path file) throws IOException {
    assertEquals(0, descriptors(file), "descriptors of " + file);
    assertEquals(0, mappings(file), "mappings of " + file);
  }

  static long descriptors(Path file) throws IOException {
    try (var links = Files.list(DESCRIPTORS)) {
      return links.filter(link -> pointsTo(link, file)).count();
    }
  }

  static long mappings(Path file) throws IOException {
    List<String> lines = Files.readAllLines(MAPPINGS);
    return lines.stream().filter(line -> line.endsWith(" " + file)).count();
  }

  private static boolean pointsTo(Path link, Path file) {
    try {
      return Files.readSymbolicLink(link).equals(file);
    } catch (IOException e) {
      return false;
    }
  }
}
