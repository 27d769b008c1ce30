package dev.tyto.loader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tyto.loader.SafetensorsException.Reason;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CheckpointTest {
  private static final String INDEX = "model.safetensors.index.json";

  @TempDir Path folder;

  /** A file of one-byte tensors that all hold this value. */
  private void write(String file, int value, String... names) throws IOException {
    SafetensorsWriter.Builder builder = SafetensorsWriter.to(folder.resolve(file));
    for (String name : names) {
      builder.tensor(name, DType.U8, 1);
    }
    try (SafetensorsWriter writer = builder.open()) {
      for (String name : names) {
        writer.write(name, MemorySegment.ofArray(new byte[] {(byte) value}));
      }
      writer.commit();
    }
  }

  private void writeIndex(String json) throws IOException {
    Files.writeString(folder.resolve(INDEX), json);
  }

  private static int value(Checkpoint checkpoint, String name) throws LoadException {
    byte[] one = new byte[1];
    checkpoint.tensor(name).copyTo(0, MemorySegment.ofArray(one), 0, 1);
    return one[0];
  }

  @Test
  void aSingleFileIsACheckpoint() throws IOException {
    write("model.safetensors", 1, "a", "b");
    write("golden.safetensors", 2, "a", "c");
    try (Checkpoint checkpoint = Checkpoint.open(folder)) {
      assertEquals(List.of("a", "b"), List.copyOf(checkpoint.names()));
      assertEquals(2, checkpoint.totalBytes());
      assertEquals(1, value(checkpoint, "a"));
      assertTrue(checkpoint.contains("b"));
      assertFalse(checkpoint.contains("c"));
      assertEquals(List.of(folder.resolve("model.safetensors")), checkpoint.files());
      assertEquals(folder.resolve("model.safetensors"), checkpoint.tensor("a").file());
      checkpoint.verifyUnchanged();
    }
  }

  @Test
  void shardsAreACheckpointInTheOrderOfTheIndex() throws IOException {
    write("x-1-of-2.safetensors", 1, "a", "c");
    write("x-2-of-2.safetensors", 2, "b");
    writeIndex(
        """
        {"metadata": {"total_size": 12345, "other": [1, {"x": null}]},
         "weight_map": {"c": "x-1-of-2.safetensors", "b": "x-2-of-2.safetensors",
                        "a": "x-1-of-2.safetensors"}}
        """);
    try (Checkpoint checkpoint = Checkpoint.open(folder)) {
      assertEquals(List.of("c", "b", "a"), List.copyOf(checkpoint.names()));
      assertEquals(3, checkpoint.totalBytes());
      assertEquals(3, checkpoint.tensors().size());
      assertEquals(1, value(checkpoint, "a"));
      assertEquals(2, value(checkpoint, "b"));
      assertEquals(
          List.of("x-1-of-2.safetensors", "x-2-of-2.safetensors"),
          checkpoint.files().stream().map(f -> String.valueOf(f.getFileName())).toList());
    }
  }

  @Test
  void theIndexDecidesBetweenShardsAndHidesWhatItDoesNotName() throws IOException {
    write("1.safetensors", 1, "a", "b", "unnamed");
    write("2.safetensors", 2, "a", "b");
    writeIndex("{\"weight_map\":{\"a\":\"2.safetensors\",\"b\":\"1.safetensors\"}}");
    try (Checkpoint checkpoint = Checkpoint.open(folder)) {
      assertEquals(2, value(checkpoint, "a"));
      assertEquals(1, value(checkpoint, "b"));
      assertFalse(checkpoint.contains("unnamed"));
      assertEquals(2, checkpoint.totalBytes());
    }
  }

  @Test
  void aSingleFileGoesBeforeAnIndex() throws IOException {
    write("model.safetensors", 1, "a");
    writeIndex("not even JSON");
    try (Checkpoint checkpoint = Checkpoint.open(folder)) {
      assertEquals(1, value(checkpoint, "a"));
    }
  }

  @Test
  void shardsMayBeLinksAsInTheHuggingFaceCache() throws IOException {
    Path blobs = Files.createDirectory(folder.resolve("blobs"));
    write("blobs/0123abcd", 7, "a");
    Files.createSymbolicLink(folder.resolve("model.safetensors"), blobs.resolve("0123abcd"));
    try (Checkpoint checkpoint = Checkpoint.open(folder)) {
      assertEquals(7, value(checkpoint, "a"));
      checkpoint.verifyUnchanged();
    }
  }

  @Test
  void aTensorThatIsNotThereIsNamed() throws IOException {
    write("model.safetensors", 1, "a");
    try (Checkpoint checkpoint = Checkpoint.open(folder)) {
      SafetensorsException e =
          assertThrows(SafetensorsException.class, () -> checkpoint.tensor("model.norm.weight"));
      assertEquals(Reason.TENSOR_MISSING, e.reason());
      assertEquals(
          folder
              + ": tensor \"model.norm.weight\" is not among the 1 tensors of the checkpoint; check"
              + " that all files are from the same checkpoint",
          e.getMessage());
    }
  }

  @Test
  void closingClosesEveryFileAndTwiceIsHarmless() throws IOException {
    write("1.safetensors", 1, "a");
    write("2.safetensors", 2, "b");
    writeIndex("{\"weight_map\":{\"a\":\"1.safetensors\",\"b\":\"2.safetensors\"}}");
    Checkpoint checkpoint = Checkpoint.open(folder);
    Tensor a = checkpoint.tensor("a");
    Tensor b = checkpoint.tensor("b");
    checkpoint.close();
    checkpoint.close();
    assertThrows(IllegalStateException.class, a::mapped);
    assertThrows(IllegalStateException.class, b::mapped);
  }

  @Test
  void aChangedShardIsSeen() throws IOException {
    write("1.safetensors", 1, "a");
    write("2.safetensors", 2, "b");
    writeIndex("{\"weight_map\":{\"a\":\"1.safetensors\",\"b\":\"2.safetensors\"}}");
    try (Checkpoint checkpoint = Checkpoint.open(folder)) {
      Files.write(folder.resolve("2.safetensors"), new byte[3]);
      SafetensorsException e =
          assertThrows(SafetensorsException.class, checkpoint::verifyUnchanged);
      assertEquals(Reason.CHANGED, e.reason());
      assertEquals(folder.resolve("2.safetensors"), e.file());
    }
  }

  /**
   * A row of the table of bad indexes. The folder has 1.safetensors with tensor a, a damaged
   * bad.safetensors, and no other shard.
   */
  record Bad(
      String what,
      byte[] index,
      Reason reason,
      @Nullable String tensor,
      String file,
      String message) {
    @Override
    public String toString() {
      return what;
    }
  }

  private static Bad bad(String what, String index, String message) {
    return new Bad(
        what, utf8(index), Reason.INDEX_MALFORMED, null, INDEX, message + "; download it again");
  }

  private static Bad badShard(String what, String shardJson, String shardText) {
    return new Bad(
        what,
        utf8("{\"weight_map\":{\"a\":" + shardJson + "}}"),
        Reason.BAD_SHARD_NAME,
        "a",
        INDEX,
        "tensor \"a\" is said to be in \""
            + shardText
            + "\", which is not a plain file name; do not use this checkpoint, it points outside"
            + " its folder");
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static Stream<Bad> badIndexes() {
    return Stream.of(
        bad("empty", "", "is not a JSON object"),
        bad("an array", "[]", "is not a JSON object"),
        bad("no weight_map", "{\"metadata\":{}}", "has no weight_map, or an empty one"),
        bad("empty weight_map", "{\"weight_map\":{}}", "has no weight_map, or an empty one"),
        bad(
            "weight_map is an array",
            "{\"weight_map\":[]}",
            "has a weight_map that is not a JSON object"),
        bad(
            "shard is a number",
            "{\"weight_map\":{\"a\":1}}",
            "names a shard for tensor \"a\" that is not a string"),
        bad(
            "cut off",
            "{\"weight_map\":{\"a\"",
            "is not valid JSON (line 1, column 19: Unexpected end-of-input within/between Object"
                + " entries)"),
        bad(
            "a tensor twice",
            "{\"weight_map\":{\"a\":\"1.safetensors\",\"a\":\"2.safetensors\"}}",
            "is not valid JSON (line 1, column 39: the key \"a\" occurs twice)"),
        bad(
            "more text",
            "{\"weight_map\":{\"a\":\"b\"}} {}",
            "has more text after the JSON object"),
        new Bad(
            "not UTF-8",
            "{\"\u00e9\":1}".getBytes(StandardCharsets.ISO_8859_1),
            Reason.INDEX_MALFORMED,
            null,
            INDEX,
            "is not UTF-8; download it again"),
        badShard("climbs out of the folder", "\"../1.safetensors\"", "../1.safetensors"),
        badShard("absolute", "\"/etc/passwd\"", "/etc/passwd"),
        badShard("in a subfolder", "\"sub/1.safetensors\"", "sub/1.safetensors"),
        badShard("climbs on Windows", "\"..\\\\1.safetensors\"", "..\\1.safetensors"),
        badShard("drive on Windows", "\"C:1.safetensors\"", "C:1.safetensors"),
        badShard("the folder itself", "\".\"", "."),
        badShard("the folder above", "\"..\"", ".."),
        badShard("empty name", "\"\"", ""),
        badShard("NUL in the name", "\"1\\u0000.safetensors\"", "1\\u0000.safetensors"),
        new Bad(
            "shard that is not on disk",
            utf8("{\"weight_map\":{\"a\":\"1.safetensors\",\"b\":\"2.safetensors\"}}"),
            Reason.SHARD_MISSING,
            "b",
            INDEX,
            "tensor \"b\" is said to be in \"2.safetensors\", which is not in the folder; download"
                + " the missing file"),
        new Bad(
            "tensor that its shard lacks",
            utf8("{\"weight_map\":{\"a\":\"1.safetensors\",\"b\":\"1.safetensors\"}}"),
            Reason.TENSOR_MISSING,
            "b",
            "1.safetensors",
            "tensor \"b\" is not in this shard, though "
                + INDEX
                + " says so; check that all files are from the same checkpoint"),
        new Bad(
            "damaged shard",
            utf8("{\"weight_map\":{\"a\":\"1.safetensors\",\"b\":\"bad.safetensors\"}}"),
            Reason.TOO_SHORT,
            null,
            "bad.safetensors",
            "has 2 bytes, less than the 8 of the header length; download it again"));
  }

  @ParameterizedTest
  @MethodSource("badIndexes")
  void aBadIndexIsRejectedWithAMessage(Bad bad) throws IOException {
    write("1.safetensors", 1, "a");
    Files.write(folder.resolve("bad.safetensors"), new byte[2]);
    Files.write(folder.resolve(INDEX), bad.index());

    SafetensorsException e =
        assertThrows(SafetensorsException.class, () -> Checkpoint.open(folder).close());

    assertEquals(folder.resolve(bad.file()) + ": " + bad.message(), e.getMessage());
    assertEquals(bad.reason(), e.reason());
    assertEquals(bad.tensor(), e.tensor());
    assertEquals(folder.resolve(bad.file()), e.file());
  }

  @Test
  void aFailedOpenReleasesEveryShard() throws IOException {
    OpenFiles.assumeKnown();
    write("1.safetensors", 1, "a");
    writeIndex("{\"weight_map\":{\"a\":\"1.safetensors\",\"b\":\"2.safetensors\"}}");
    assertThrows(SafetensorsException.class, () -> Checkpoint.open(folder).close());
    OpenFiles.assertNone(folder.toRealPath().resolve("1.safetensors"));
  }

  private void assertNoCheckpoint(Path path, String message) {
    SafetensorsException e =
        assertThrows(SafetensorsException.class, () -> Checkpoint.open(path).close());
    assertEquals(path + ": " + message, e.getMessage());
    assertNull(e.tensor());
  }

  @Test
  void aFolderWithoutCheckpointSaysWhatWasLookedFor() throws IOException {
    write("golden.safetensors", 1, "a");
    assertNoCheckpoint(
        folder,
        "has neither model.safetensors nor model.safetensors.index.json; give a Hugging Face model"
            + " folder with its weights");
    Path none = folder.resolve("none");
    assertNoCheckpoint(none, "is not a folder; give a Hugging Face model folder with its weights");
  }

  @Test
  void aDanglingLinkIsNotTakenForNoCheckpoint() throws IOException {
    Files.createSymbolicLink(folder.resolve("model.safetensors"), folder.resolve("gone"));
    SafetensorsException e =
        assertThrows(SafetensorsException.class, () -> Checkpoint.open(folder).close());
    assertEquals(Reason.NOT_FOUND, e.reason());
  }
}
