package dev.tyto.loader;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Makes a model folder in which some tensors of another have new values, without copying the rest:
 * the other's files are hard-linked (where the file system cannot, linked symbolically or, failing
 * that, copied), the new values stand in a small shard of their own, and an index says which file
 * has which tensor.
 *
 * <pre>{@code
 * new CheckpointOverlay(source).tensor("model.norm.weight", values, values.length).write(target);
 * }</pre>
 *
 * <p>Not thread-safe.
 */
public final class CheckpointOverlay {
  private static final String SINGLE = "model.safetensors";
  private static final String INDEX = "model.safetensors.index.json";

  private final Path source;
  private final SequencedMap<String, Replacement> replacements = new LinkedHashMap<>();
  private final Map<String, String> metadata = new TreeMap<>();

  private record Replacement(float[] values, long[] shape) {}

  /** An overlay of a model folder, as yet without new values. */
  public CheckpointOverlay(Path source) {
    this.source = source;
    metadata.put("format", "pt");
  }

  /**
   * Gives a tensor new values, as F32 whatever it was before.
   *
   * @param values row-major; not copied: leave them alone until the overlay is written
   * @throws IllegalArgumentException if the values do not fill the shape
   */
  public CheckpointOverlay tensor(String name, float[] values, long... shape) {
    long elements = 1;
    for (long dimension : shape) {
      elements *= dimension;
    }
    if (elements != values.length) {
      throw new IllegalArgumentException(
          "tensor %s has %d elements, but %d values are given"
              .formatted(OneLine.quote(name), elements, values.length));
    }
    replacements.put(name, new Replacement(values, shape.clone()));
    return this;
  }

  /** Adds an entry to the metadata of the new shard: where the values came from, for example. */
  public CheckpointOverlay metadata(String key, String value) {
    metadata.put(key, value);
    return this;
  }

  /**
   * Writes the folder; it appears whole or not at all. Files directly in the source folder are
   * linked; hidden files and folders in it are not.
   *
   * @param target does not exist yet, or is an empty folder
   * @throws FileAlreadyExistsException if there is something
   * @throws LoadException if the source is no checkpoint or lacks a tensor that was given
   * @throws IOException if writing fails
   */
  public void write(Path target) throws IOException {
    Path absolute = target.toAbsolutePath();
    requireFree(absolute);
    Path parent = absolute.getParent();
    if (parent == null) {
      throw new NotDirectoryException(target.toString());
    }
    Files.createDirectories(parent);
    Path staging = parent.resolve("." + absolute.getFileName() + "." + UUID.randomUUID() + ".tmp");
    Files.createDirectory(staging);
    try {
      fill(staging);
      Files.deleteIfExists(absolute);
      move(staging, absolute);
    } catch (IOException | RuntimeException | Error e) {
      delete(staging);
      throw e;
    }
  }

  private static void requireFree(Path target) throws IOException {
    if (Files.notExists(target)) {
      return;
    }
    if (Files.isDirectory(target)) {
      try (Stream<Path> entries = Files.list(target)) {
        if (entries.findAny().isEmpty()) {
          return;
        }
      }
    }
    throw new FileAlreadyExistsException(
        target.toString(), null, "exists already: name a new folder");
  }

  private void fill(Path folder) throws IOException {
    SequencedMap<String, String> fileOf = new LinkedHashMap<>();
    long totalBytes = 0;
    try (Checkpoint checkpoint = Checkpoint.open(source)) {
      for (String name : replacements.keySet()) {
        checkpoint.tensor(name); // Or says that it is missing.
      }
      Set<String> taken = new LinkedHashSet<>();
      Map<Path, String> linked = link(folder, taken);
      String shard = freeName(taken);
      for (Tensor tensor : checkpoint.tensors()) {
        Replacement replacement = replacements.get(tensor.name());
        if (replacement == null) {
          String file = linked.get(tensor.file().getFileName());
          if (file == null) {
            throw new IOException(tensor.file() + ": has disappeared");
          }
          fileOf.put(tensor.name(), file);
          totalBytes += tensor.byteSize();
        } else {
          fileOf.put(tensor.name(), shard);
          totalBytes += 4L * replacement.values.length;
        }
      }
      writeShard(folder.resolve(shard));
    }
    IndexWriter.write(folder.resolve(INDEX), fileOf, totalBytes);
  }

  /** Links the files; returns their new names by old name. */
  private Map<Path, String> link(Path folder, Set<String> taken) throws IOException {
    Map<Path, String> names = new TreeMap<>();
    try (Stream<Path> entries = Files.list(source)) {
      for (Path file : entries.sorted().toList()) {
        Path name = file.getFileName();
        boolean hidden = name.toString().startsWith(".");
        if (hidden || !Files.isRegularFile(file) || name.toString().equals(INDEX)) {
          continue;
        }
        // A file called model.safetensors would be taken for the whole checkpoint.
        String newName =
            name.toString().equals(SINGLE) ? "model-base.safetensors" : name.toString();
        if (!taken.add(newName)) {
          throw new FileAlreadyExistsException(
              file.toString(), null, "stands in the way of a link of that name");
        }
        link(folder.resolve(newName), file.toRealPath());
        names.put(name, newName);
      }
    }
    return names;
  }

  private static void link(Path link, Path file) throws IOException {
    try {
      Files.createLink(link, file);
    } catch (IOException | UnsupportedOperationException noHardLink) {
      try {
        Files.createSymbolicLink(link, file);
      } catch (IOException | UnsupportedOperationException noSymbolicLink) {
        Files.copy(file, link);
      }
    }
  }

  /** Sorts behind the usual names: readers that go by file and not by index end with it. */
  private static String freeName(Set<String> taken) {
    String name = "model-overlay.safetensors";
    for (int i = 2; taken.contains(name); i++) {
      name = "model-overlay-" + i + ".safetensors";
    }
    return name;
  }

  private void writeShard(Path file) throws IOException {
    SafetensorsWriter.Builder builder = SafetensorsWriter.to(file);
    metadata.forEach(builder::metadata);
    replacements.forEach((name, r) -> builder.tensor(name, DType.F32, r.shape));
    try (SafetensorsWriter writer = builder.open()) {
      for (Map.Entry<String, Replacement> r : replacements.entrySet()) {
        writer.write(r.getKey(), MemorySegment.ofArray(r.getValue().values));
      }
      writer.commit();
    }
  }

  private static void move(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(from, to);
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      for (Path entry : entries.toList()) {
        Files.delete(entry);
      }
    }
    Files.delete(folder);
  }
}
