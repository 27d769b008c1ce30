package dev.tyto.loader;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointOverlayTest {
  @TempDir Path folder;
  private Path single;
  private Path sharded;

  @BeforeEach
  void write() throws IOException {
    single = Files.createDirectory(folder.resolve("single"));
    write(single.resolve("model.safetensors"), "a", 1, 2);
    Files.writeString(single.resolve("config.json"), "{}");
    Files.createDirectory(single.resolve("figures"));
    Files.writeString(single.resolve(".cache"), "");
    sharded = Files.createDirectory(folder.resolve("sharded"));
    write(sharded.resolve("model-00001-of-00002.safetensors"), "a", 1, 2);
    write(sharded.resolve("model-00002-of-00002.safetensors"), "b", 3);
    Files.writeString(
        sharded.resolve("model.safetensors.index.json"),
        """
        {"weight_map": {"a": "model-00001-of-00002.safetensors",
                        "b": "model-00002-of-00002.safetensors"}}
        """);
  }

  private static void write(Path file, String name, float... values) throws IOException {
    try (SafetensorsWriter writer =
        SafetensorsWriter.to(file).tensor(name, DType.F32, values.length).open()) {
      writer.write(name, MemorySegment.ofArray(values));
      writer.commit();
    }
  }

  private static float[] read(Path folder, String name) throws IOException {
    try (Checkpoint checkpoint = Checkpoint.open(folder)) {
      Tensor tensor = checkpoint.tensor(name);
      float[] values = new float[(int) tensor.elementCount()];
      tensor.copyTo(0, MemorySegment.ofArray(values), 0, tensor.byteSize());
      return values;
    }
  }

  @Test
  void aSingleFileIsLinkedAndTheNewValuesWin() throws IOException {
    Path target = folder.resolve("deep/target");
    new CheckpointOverlay(single)
        .tensor("a", new float[] {8, 9}, 2)
        .metadata("why", "test")
        .write(target);
    assertArrayEquals(new float[] {8, 9}, read(target, "a"));
    assertArrayEquals(new float[] {1, 2}, read(single, "a"));
    assertEquals("{}", Files.readString(target.resolve("config.json")));
    assertEquals(
        fileKey(single.resolve("model.safetensors")),
        fileKey(target.resolve("model-base.safetensors")),
        "the weights are not copied");
    assertFalse(Files.exists(target.resolve("figures")));
    assertFalse(Files.exists(target.resolve(".cache")));
    try (SafetensorsFile shard =
        SafetensorsFile.open(target.resolve("model-overlay.safetensors"))) {
      assertEquals("test", shard.metadata().get("why"));
      assertEquals("pt", shard.metadata().get("format"));
    }
  }

  private static Object fileKey(Path file) throws IOException {
    return Files.readAttributes(file, java.nio.file.attribute.BasicFileAttributes.class).fileKey();
  }

  @Test
  void shardsAreLinkedAndAnOverlayCanBeOverlaid() throws IOException {
    Path first = folder.resolve("first");
    Path second = folder.resolve("second");
    new CheckpointOverlay(sharded).tensor("b", new float[] {7}, 1).write(first);
    new CheckpointOverlay(first).tensor("a", new float[] {5, 6}, 1, 2).write(second);
    assertArrayEquals(new float[] {5, 6}, read(second, "a"));
    assertArrayEquals(new float[] {7}, read(second, "b"));
    try (Checkpoint checkpoint = Checkpoint.open(second)) {
      assertEquals(List.of(1L, 2L), checkpoint.tensor("a").shape());
      assertEquals(12, checkpoint.totalBytes());
    }
  }

  /** As in the cache of huggingface_hub, where files are links to blobs elsewhere. */
  @Test
  void symbolicLinksAreFollowed() throws IOException {
    Path cache = Files.createDirectory(folder.resolve("cache"));
    Files.createSymbolicLink(
        cache.resolve("model.safetensors"), Path.of("../single/model.safetensors"));
    Path target = folder.resolve("elsewhere/target");
    new CheckpointOverlay(cache).tensor("a", new float[] {4, 4}, 2).write(target);
    assertArrayEquals(new float[] {4, 4}, read(target, "a"));
    assertFalse(Files.isSymbolicLink(target.resolve("model-base.safetensors")));
  }

  @Test
  void aTensorThatIsNotThereIsNamedAndNothingIsLeftBehind() throws IOException {
    Path target = folder.resolve("target");
    LoadException e =
        assertThrows(
            LoadException.class,
            () -> new CheckpointOverlay(single).tensor("c", new float[1], 1).write(target));
    assertTrue(e.getMessage().contains("c"), e.getMessage());
    assertFalse(Files.exists(target));
    try (Stream<Path> left = Files.list(folder)) {
      assertTrue(left.noneMatch(p -> p.toString().endsWith(".tmp")));
    }
  }

  @Test
  void aFolderThatHasSomethingIsNotTouched() throws IOException {
    CheckpointOverlay overlay = new CheckpointOverlay(single).tensor("a", new float[2], 2);
    assertThrows(FileAlreadyExistsException.class, () -> overlay.write(sharded));
    assertThrows(FileAlreadyExistsException.class, () -> overlay.write(single));
    Path file = Files.writeString(folder.resolve("file"), "x");
    assertThrows(FileAlreadyExistsException.class, () -> overlay.write(file));
    assertArrayEquals(new float[] {1, 2}, read(sharded, "a"));
    Path empty = Files.createDirectory(folder.resolve("empty"));
    overlay.write(empty);
    assertArrayEquals(new float[2], read(empty, "a"));
  }

  @Test
  void valuesMustFillTheShape() {
    CheckpointOverlay overlay = new CheckpointOverlay(single);
    assertThrows(IllegalArgumentException.class, () -> overlay.tensor("a", new float[3], 2));
  }
}
