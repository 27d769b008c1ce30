package dev.tyto.loader;

import dev.tyto.loader.SafetensorsException.Reason;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SequencedSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tensors of a model folder, from {@code model.safetensors} or, where that is absent, from the
 * shards that {@code model.safetensors.index.json} names. Other safetensors files of the folder are
 * never looked at.
 *
 * <p>The index decides: a tensor that a shard has and the index does not name is ignored, and of
 * two shards with a tensor of one name only the one that the index gives is read. Its {@code
 * total_size} is ignored, since published indexes have it wrong.
 *
 * <p>Thread-safe. It owns its files and their mappings; close it when all is copied.
 */
public final class Checkpoint implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Checkpoint.class);
  private static final String SINGLE = "model.safetensors";
  private static final String INDEX = "model.safetensors.index.json";

  private final Path folder;
  private final List<SafetensorsFile> files;
  private final SequencedMap<String, Tensor> tensors;

  private Checkpoint(
      Path folder, List<SafetensorsFile> files, SequencedMap<String, Tensor> tensors) {
    this.folder = folder;
    this.files = List.copyOf(files);
    this.tensors = Collections.unmodifiableSequencedMap(tensors);
  }

  /**
   * Opens and checks all files of a checkpoint.
   *
   * @param folder a Hugging Face model folder
   * @throws LoadException if there is no checkpoint, a file of it is missing or damaged, or a shard
   *     lacks a tensor that the index says it has
   */
  public static Checkpoint open(Path folder) throws LoadException {
    Path single = folder.resolve(SINGLE);
    Path index = folder.resolve(INDEX);
    List<SafetensorsFile> files = new ArrayList<>();
    boolean opened = false;
    try {
      SequencedMap<String, Tensor> tensors;
      if (Files.exists(single, LinkOption.NOFOLLOW_LINKS)) {
        SafetensorsFile file = SafetensorsFile.open(single);
        files.add(file);
        tensors = file.tensors();
      } else if (Files.exists(index, LinkOption.NOFOLLOW_LINKS)) {
        tensors = openShards(folder, index, files);
      } else {
        throw new SafetensorsException(
            folder,
            null,
            Reason.NO_CHECKPOINT,
            Files.isDirectory(folder)
                ? "has neither " + SINGLE + " nor " + INDEX
                : "is not a folder");
      }
      Checkpoint checkpoint = new Checkpoint(folder, files, tensors);
      opened = true;
      return checkpoint;
    } finally {
      if (!opened) {
        files.forEach(SafetensorsFile::close);
      }
    }
  }

  private static SequencedMap<String, Tensor> openShards(
      Path folder, Path index, List<SafetensorsFile> files) throws LoadException {
    SequencedMap<String, String> shardOf = CheckpointIndex.read(index);
    Map<String, SafetensorsFile> shards = new LinkedHashMap<>();
    SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
    for (Map.Entry<String, String> entry : shardOf.entrySet()) {
      String name = entry.getKey();
      SafetensorsFile shard = shards.get(entry.getValue());
      if (shard == null) {
        shard = openShard(folder, entry.getValue(), index, name);
        files.add(shard);
        shards.put(entry.getValue(), shard);
      }
      Path shardPath = shard.path();
      tensors.put(
          name,
          shard
              .tensor(name)
              .orElseThrow(
                  () ->
                      new SafetensorsException(
                          shardPath,
                          name,
                          Reason.TENSOR_MISSING,
                          "is not in this shard, though " + INDEX + " says so")));
    }
    int ignored = files.stream().mapToInt(f -> f.tensors().size()).sum() - tensors.size();
    if (ignored > 0) {
      LOG.debug("{}: ignoring {} tensors of the shards that it does not name", index, ignored);
    }
    return tensors;
  }

  private static SafetensorsFile openShard(Path folder, String shard, Path index, String tensor)
      throws LoadException {
    Path path;
    try {
      path = folder.resolve(shard);
    } catch (InvalidPathException e) {
      throw new SafetensorsException(
          index,
          tensor,
          Reason.BAD_SHARD_NAME,
          "is said to be in " + OneLine.quote(shard) + ", which is no file name here",
          e);
    }
    if (Files.notExists(path, LinkOption.NOFOLLOW_LINKS)) {
      throw new SafetensorsException(
          index,
          tensor,
          Reason.SHARD_MISSING,
          "is said to be in " + OneLine.quote(shard) + ", which is not in the folder");
    }
    return SafetensorsFile.open(path);
  }

  /** The folder it was opened from. */
  public Path folder() {
    return folder;
  }

  /** The names of all tensors, in the order of the index, or of the single file's bytes. */
  public SequencedSet<String> names() {
    return tensors.sequencedKeySet();
  }

  /** All tensors, in the order of {@link #names()}. */
  public Collection<Tensor> tensors() {
    return tensors.values();
  }

  /** Whether there is a tensor of that name. */
  public boolean contains(String name) {
    return tensors.containsKey(name);
  }

  /**
   * The tensor of that name.
   *
   * @throws LoadException naming folder and tensor if there is none
   */
  public Tensor tensor(String name) throws LoadException {
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new SafetensorsException(
          folder,
          name,
          Reason.TENSOR_MISSING,
          "is not among the " + tensors.size() + " tensors of the checkpoint");
    }
    return tensor;
  }

  /** Bytes of all tensors together. */
  public long totalBytes() {
    return tensors.values().stream().mapToLong(Tensor::byteSize).sum();
  }

  /** The paths of the open safetensors files. */
  public List<Path> files() {
    return files.stream().map(SafetensorsFile::path).toList();
  }

  /**
   * Checks that no file has changed on disk since it was opened. To be called after everything has
   * been copied, for the assurance that all of it is from one state of the checkpoint.
   *
   * @throws LoadException naming the file that was truncated, replaced, written to or deleted
   */
  public void verifyUnchanged() throws LoadException {
    for (SafetensorsFile file : files) {
      file.verifyUnchanged();
    }
  }

  /**
   * Unmaps and closes all files; the tensors cannot be used any more. Closing twice is harmless.
   */
  @Override
  public void close() {
    files.forEach(SafetensorsFile::close);
  }
}
