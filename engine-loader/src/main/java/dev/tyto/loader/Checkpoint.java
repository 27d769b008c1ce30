package dev.tyto.loader;

import java.nio.file.Path;
import java.util.SequencedSet;

/**
 * CONTRACT SKETCH: the tensors of a model folder, from {@code model.safetensors} or the shards of
 * {@code model.safetensors.index.json}. Owns its mappings; close it when all is copied.
 */
public interface Checkpoint extends AutoCloseable {
  static Checkpoint open(Path folder) throws LoadException {
    throw new UnsupportedOperationException("contract");
  }

  SequencedSet<String> names();

  boolean contains(String name);

  /**
   * The tensor of that name.
   *
   * @throws LoadException naming folder and tensor if there is none
   */
  Tensor tensor(String name) throws LoadException;

  @Override
  void close();
}
