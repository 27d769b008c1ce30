package dev.tyto.demo;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Puts the files of a manifest into a folder, once. Every file is written to a temporary folder,
 * forced to disk and verified before one rename makes the folder visible, so no process ever sees
 * half of it. A lock file keeps two processes from doing the work twice; where locks do not work,
 * the rename alone decides.
 */
final class Extraction {
  /** Opens a file of the model by name; null if there is none. */
  @FunctionalInterface
  interface Source {
    @Nullable InputStream open(String name) throws IOException;
  }

  private static final String TEMPORARY = ".tmp-";

  private final Path folder;
  private final Path parent;
  private final Manifest manifest;
  private final Source source;

  Extraction(Path folder, Manifest manifest, Source source) {
    this.folder = folder;
    this.parent = requireNonNull(folder.getParent(), "a cache folder has a parent");
    this.manifest = manifest;
    this.source = source;
  }

  /** The folder, verified; extracted or repaired if need be. */
  Path run() throws IOException {
    if (Marker.holds(folder, manifest)) {
      return folder;
    }
    if (isIntact()) {
      renewMarker();
      return folder;
    }
    Files.createDirectories(parent);
    Path lockFile = folder.resolveSibling(folder.getFileName() + ".lock");
    try (FileChannel channel =
            FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = lock(channel)) {
      if (lock != null) {
        deleteLeftovers();
      }
      if (!Marker.holds(folder, manifest)) { // else another process was faster
        extract();
      }
    }
    return folder;
  }

  private void extract() throws IOException {
    Path fresh = Files.createTempDirectory(parent, folder.getFileName() + TEMPORARY);
    try {
      for (Manifest.Entry entry : manifest.entries()) {
        extract(entry, fresh);
      }
      writeMarker(fresh);
      publish(fresh);
    } finally {
      delete(fresh);
    }
  }

  /** Where the folder is good but cannot be written, each start verifies it again. */
  private void renewMarker() {
    try {
      writeMarker(folder);
    } catch (IOException e) {
      // The folder itself is as it should be.
    }
  }

  private void extract(Manifest.Entry entry, Path into) throws IOException {
    Path file = into.resolve(entry.name());
    try (InputStream in = source.open(entry.name());
        FileChannel out =
            FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      if (in == null) {
        throw new IOException("the jar lacks " + entry.name() + ": get the artifact again");
      }
      String digest = Sha256.copy(in, Channels.newOutputStream(out));
      if (!digest.equals(entry.sha256())) {
        throw new IOException(
            entry.name()
                + " in the jar has SHA-256 "
                + digest
                + " and not "
                + entry.sha256()
                + ": the jar is damaged, get the artifact again");
      }
      out.force(true);
    }
  }

  private void writeMarker(Path into) throws IOException {
    byte[] text = Marker.describe(into, manifest).getBytes(StandardCharsets.UTF_8);
    Path marker = into.resolve(Marker.NAME);
    Path fresh = Files.createTempFile(into, Marker.NAME, null);
    try {
      try (FileChannel out = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
        out.write(ByteBuffer.wrap(text));
        out.force(true);
      }
      Files.move(fresh, marker, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(fresh);
    }
    forceDirectory(into);
  }

  /** Renames the fresh folder into place, first moving a damaged one out of the way. */
  private void publish(Path fresh) throws IOException {
    if (Files.exists(folder) && !Marker.holds(folder, manifest)) {
      Path damaged = Files.createTempDirectory(parent, folder.getFileName() + TEMPORARY);
      Files.move(folder, damaged.resolve("damaged"), StandardCopyOption.ATOMIC_MOVE);
      delete(damaged);
    }
    try {
      Files.move(fresh, folder, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      // Without working locks another process may have been first; its folder is as good.
      if (!Marker.holds(folder, manifest)) {
        throw e;
      }
    }
    forceDirectory(parent);
  }

  /** Whether every file is there with the right digest. Reads all of them. */
  private boolean isIntact() throws IOException {
    if (!Files.isDirectory(folder)) {
      return false;
    }
    for (Manifest.Entry entry : manifest.entries()) {
      Path file = folder.resolve(entry.name());
      try {
        if (Files.size(file) != entry.size() || !Sha256.of(file).equals(entry.sha256())) {
          return false;
        }
      } catch (NoSuchFileException e) {
        return false;
      }
    }
    return true;
  }

  /** What a process that died left behind; whoever holds the lock is the only one at work. */
  private void deleteLeftovers() throws IOException {
    String prefix = folder.getFileName() + TEMPORARY;
    List<Path> leftovers;
    try (Stream<Path> siblings = Files.list(parent)) {
      leftovers = siblings.filter(p -> p.getFileName().toString().startsWith(prefix)).toList();
    }
    for (Path leftover : leftovers) {
      delete(leftover);
    }
  }

  /** Null where the file system has no locks, or another class loader of this JVM holds it. */
  private static @Nullable FileLock lock(FileChannel channel) {
    try {
      return channel.lock();
    } catch (OverlappingFileLockException | IOException e) {
      return null;
    }
  }

  /** Makes renames durable where a directory can be opened, which is not on Windows. */
  private static void forceDirectory(Path directory) {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      // Then a crash may cost the extraction, which is made again.
    }
  }

  private static void delete(Path path) throws IOException {
    if (!Files.exists(path)) {
      return;
    }
    Files.walkFileTree(
        path,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException e)
              throws IOException {
            Files.deleteIfExists(directory);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
