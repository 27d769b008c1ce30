package dev.tyto.loader;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsWriterTest {
  @TempDir Path folder;

  private static MemorySegment bytes(int... values) {
    byte[] array = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      array[i] = (byte) values[i];
    }
    return MemorySegment.ofArray(array);
  }

  private List<String> fileNames() throws IOException {
    try (var files = Files.list(folder)) {
      return files.map(f -> String.valueOf(f.getFileName())).sorted().toList();
    }
  }

  @Test
  void theBytesAreThoseOfTheReferenceImplementation() throws IOException {
    Path path = folder.resolve("t.safetensors");
    try (SafetensorsWriter writer =
        SafetensorsWriter.to(path)
            .metadata("format", "pt")
            .tensor("b", DType.U8, 3)
            .tensor("a", DType.U8)
            .tensor("c", DType.F32, 1, 2)
            .open()) {
      writer.write("a", bytes(9));
      writer.write("c", MemorySegment.ofArray(new float[] {1, 2}));
      writer.write("b", bytes(1, 2, 3));
      writer.commit();
    }
    // Wide elements first, then by name; padded to 8 bytes.
    String header =
        "{\"__metadata__\":{\"format\":\"pt\"},"
            + "\"c\":{\"dtype\":\"F32\",\"shape\":[1,2],\"data_offsets\":[0,8]},"
            + "\"a\":{\"dtype\":\"U8\",\"shape\":[],\"data_offsets\":[8,9]},"
            + "\"b\":{\"dtype\":\"U8\",\"shape\":[3],\"data_offsets\":[9,12]}}";
    String padded = header + " ".repeat((8 - header.length() % 8) % 8);
    byte[] expected = RawFile.file(padded, 12);
    ByteBuffer.wrap(expected, expected.length - 12, 12)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putFloat(1)
        .putFloat(2)
        .put(new byte[] {9, 1, 2, 3});
    byte[] actual = Files.readAllBytes(path);
    assertEquals(
        new String(expected, StandardCharsets.ISO_8859_1),
        new String(actual, StandardCharsets.ISO_8859_1));
    assertEquals(0, (actual.length - 12) % 8);
  }

  @Test
  void theOrderOfDeclarationsDoesNotShow() throws IOException {
    Path one = folder.resolve("one");
    Path two = folder.resolve("two");
    try (SafetensorsWriter writer =
        SafetensorsWriter.to(one)
            .metadata("x", "1")
            .metadata("a", "2")
            .tensor("p", DType.I16, 1)
            .tensor("q", DType.I16, 1)
            .open()) {
      writer.write("p", bytes(1, 2));
      writer.write("q", bytes(3, 4));
      writer.commit();
    }
    try (SafetensorsWriter writer =
        SafetensorsWriter.to(two)
            .tensor("q", DType.I16, 1)
            .metadata("a", "2")
            .tensor("p", DType.I16, 1)
            .metadata("x", "1")
            .open()) {
      writer.write("q", bytes(3, 4));
      writer.write("p", bytes(1, 2));
      writer.commit();
    }
    assertArrayEquals(Files.readAllBytes(one), Files.readAllBytes(two));
  }

  @Test
  void dataMayComeInPieces() throws IOException {
    Path path = folder.resolve("t.safetensors");
    int count = 300_000;
    try (Arena arena = Arena.ofConfined();
        SafetensorsWriter writer =
            SafetensorsWriter.to(path).tensor("w", DType.I32, count).open()) {
      int[] upper = new int[count - 100];
      Arrays.setAll(upper, i -> i + 100);
      writer.write(
          "w",
          sink -> {
            MemorySegment lower = arena.allocate(400);
            for (int i = 0; i < 100; i++) {
              lower.setAtIndex(ValueLayout.JAVA_INT, i, i);
            }
            sink.write(lower);
            sink.write(MemorySegment.ofArray(new byte[0]));
            sink.write(MemorySegment.ofArray(upper));
          });
      writer.commit();
    }
    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      int[] read = new int[count];
      file.tensor("w").orElseThrow().copyTo(0, MemorySegment.ofArray(read), 0, 4L * count);
      int[] expected = new int[count];
      Arrays.setAll(expected, i -> i);
      assertArrayEquals(expected, read);
    }
  }

  @Test
  void emptyTensorsNeedNoData() throws IOException {
    Path path = folder.resolve("t.safetensors");
    try (SafetensorsWriter writer =
        SafetensorsWriter.to(path).tensor("none", DType.BF16, 4, 0).open()) {
      writer.commit();
    }
    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      assertEquals(List.of(4L, 0L), file.tensor("none").orElseThrow().shape());
    }
  }

  @Test
  void nothingAppearsBeforeCommitAndThenTheOldFileIsReplaced() throws IOException {
    Path path = Files.writeString(folder.resolve("t.safetensors"), "old");
    try (SafetensorsWriter writer = SafetensorsWriter.to(path).tensor("w", DType.U8, 1).open()) {
      writer.write("w", bytes(1));
      assertEquals("old", Files.readString(path));
      assertEquals(2, fileNames().size());
      writer.commit();
    }
    assertEquals(List.of("t.safetensors"), fileNames());
    SafetensorsFile.open(path).close();
  }

  @Test
  void aNewFileHasThePermissionsOfAnyNewFile() throws IOException {
    Path ordinary = Files.createFile(folder.resolve("ordinary"));
    Path path = folder.resolve("t.safetensors");
    try (SafetensorsWriter writer = SafetensorsWriter.to(path).open()) {
      writer.commit();
    }
    assertEquals(Files.getPosixFilePermissions(ordinary), Files.getPosixFilePermissions(path));
  }

  @Test
  void withoutCommitNothingIsLeft() throws IOException {
    Path path = Files.writeString(folder.resolve("t.safetensors"), "old");
    IOException failure =
        assertThrows(
            IOException.class,
            () -> {
              try (SafetensorsWriter writer =
                  SafetensorsWriter.to(path).tensor("w", DType.U8, 1).open()) {
                writer.write(
                    "w",
                    sink -> {
                      throw new IOException("no data");
                    });
                writer.commit();
              }
            });
    assertEquals("no data", failure.getMessage());
    assertEquals(List.of("t.safetensors"), fileNames());
    assertEquals("old", Files.readString(path));
  }

  @Test
  void anIncompleteFileIsNotCommitted() throws IOException {
    Path path = folder.resolve("t.safetensors");
    try (SafetensorsWriter writer =
        SafetensorsWriter.to(path).tensor("w", DType.U8, 4).tensor("v", DType.U8, 4).open()) {
      assertIllegal(
          "tensor \"w\" takes 4 bytes, but got 3", () -> writer.write("w", bytes(1, 2, 3)));
      writer.write("v", bytes(1, 2, 3, 4));
      IllegalStateException e = assertThrows(IllegalStateException.class, writer::commit);
      assertEquals("tensor \"w\" has not been written completely", e.getMessage());
    }
    assertEquals(List.of(), fileNames());
  }

  @Test
  void afterCommitNothingCanBeWritten() throws IOException {
    Path path = folder.resolve("t.safetensors");
    try (SafetensorsWriter writer = SafetensorsWriter.to(path).open()) {
      writer.commit();
      assertThrows(IllegalStateException.class, writer::commit);
    }
    assertTrue(Files.exists(path));
  }

  private static void assertIllegal(String message, Executable code) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, code).getMessage());
  }

  @Test
  void wrongDeclarationsAreErrors() {
    SafetensorsWriter.Builder to = SafetensorsWriter.to(folder.resolve("t"));
    to.tensor("w", DType.U8, 1).metadata("k", "v");
    assertIllegal("tensor \"w\" is declared twice", () -> to.tensor("w", DType.U8, 1));
    assertIllegal("metadata \"k\" is given twice", () -> to.metadata("k", "v"));
    assertIllegal(
        "the tensor name __metadata__ is reserved", () -> to.tensor("__metadata__", DType.U8));
    assertIllegal("\"a\\ud800\" is not Unicode", () -> to.tensor("a\ud800", DType.U8));
    assertIllegal(
        "tensor \"n\" cannot have the shape [2, -1] of U8: dimension -1 is negative",
        () -> to.tensor("n", DType.U8, 2, -1));
    assertIllegal(
        "tensor \"n\" cannot have the shape [3] of F4: 3 elements of F4 do not fill whole bytes",
        () -> to.tensor("n", DType.F4, 3));
    assertIllegal(
        "tensor \"n\" cannot have the shape [4611686018427387904, 4] of U8: long overflow",
        () -> to.tensor("n", DType.U8, 1L << 62, 4));
  }

  @Test
  void wrongDataAreErrors() throws IOException {
    try (SafetensorsWriter writer =
        SafetensorsWriter.to(folder.resolve("t")).tensor("w", DType.U8, 2).open()) {
      assertIllegal("tensor \"x\" is not declared", () -> writer.write("x", bytes(1)));
      assertIllegal(
          "tensor \"w\" takes 2 bytes, but got 3", () -> writer.write("w", bytes(1, 2, 3)));
    }
    try (SafetensorsWriter writer =
        SafetensorsWriter.to(folder.resolve("t")).tensor("w", DType.U8, 2).open()) {
      writer.write("w", bytes(1, 2));
      assertIllegal("tensor \"w\" is written twice", () -> writer.write("w", bytes(1, 2)));
    }
  }

  @Test
  void aMissingFolderIsNamed() {
    Path path = folder.resolve("none").resolve("t.safetensors");
    IOException e = assertThrows(IOException.class, () -> SafetensorsWriter.to(path).open());
    assertEquals(path + ": cannot be written (no such folder)", e.getMessage());
  }

  @Test
  void aFolderIsNotReplaced() {
    IOException e = assertThrows(IOException.class, () -> SafetensorsWriter.to(folder).open());
    assertEquals(folder + ": is a folder and cannot be written as a file", e.getMessage());
    assertTrue(Files.isDirectory(folder));
  }

  @Test
  void metadataComeBack() throws IOException {
    Path path = folder.resolve("t");
    try (SafetensorsWriter writer =
        SafetensorsWriter.to(path).metadata("\u00e4\"\n", "\ud83e\udd89").open()) {
      writer.commit();
    }
    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      assertEquals(Map.of("\u00e4\"\n", "\ud83e\udd89"), file.metadata());
      assertFalse(file.metadata().isEmpty());
    }
  }
}
