package dev.tyto.loader;

import static dev.tyto.loader.RawFile.file;
import static dev.tyto.loader.RawFile.header;
import static dev.tyto.loader.RawFile.tensor;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that are as they should be. */
class SafetensorsFileTest {
  @TempDir Path folder;

  private SafetensorsFile open(byte[] bytes) throws IOException {
    return SafetensorsFile.open(Files.write(folder.resolve("t.safetensors"), bytes));
  }

  /** A file with one tensor w of 8 bytes, 1 to 8. */
  private SafetensorsFile openCounting() throws IOException {
    byte[] bytes = file(header(tensor("w", "U8", "[8]", "[0,8]")), 8);
    for (int i = 0; i < 8; i++) {
      bytes[bytes.length - 8 + i] = (byte) (i + 1);
    }
    return open(bytes);
  }

  @ParameterizedTest
  @EnumSource(DType.class)
  void everyDtypeIsRead(DType dtype) throws IOException {
    // 8 elements fill whole bytes whatever the width.
    int bytes = dtype.bits();
    try (SafetensorsFile file =
        open(file(header(tensor("w", dtype.name(), "[2,4]", "[0," + bytes + "]")), bytes))) {
      Tensor tensor = file.tensor("w").orElseThrow();
      assertEquals(dtype, tensor.dtype());
      assertEquals(List.of(2L, 4L), tensor.shape());
      assertEquals(8, tensor.elementCount());
      assertEquals(bytes, tensor.byteSize());
      assertEquals(bytes, tensor.mapped().byteSize());
    }
  }

  @Test
  void dtypesAreThoseOfTheFormat() {
    // The list of the reference implementation, version 0.7, in its order.
    assertEquals(
        "[BOOL, F4, F6_E2M3, F6_E3M2, U8, I8, F8_E5M2, F8_E4M3, F8_E8M0, F8_E4M3FNUZ, F8_E5M2FNUZ,"
            + " I16, U16, F16, BF16, I32, U32, F32, C64, F64, I64, U64]",
        List.of(DType.values()).toString());
  }

  @Test
  void scalarsAndEmptyTensorsAreRead() throws IOException {
    String header =
        header(
            tensor("empty", "F32", "[3,0,5]", "[8,8]"),
            tensor("scalar", "F64", "[]", "[0,8]"),
            tensor("empty too", "U8", "[0]", "[0,0]"));
    try (SafetensorsFile file = open(file(header, 8))) {
      assertEquals(List.of("empty too", "scalar", "empty"), List.copyOf(file.tensors().keySet()));
      Tensor scalar = file.tensor("scalar").orElseThrow();
      assertEquals(List.of(), scalar.shape());
      assertEquals(1, scalar.elementCount());
      Tensor empty = file.tensor("empty").orElseThrow();
      assertEquals(0, empty.elementCount());
      assertEquals(0, empty.mapped().byteSize());
      empty.copyTo(0, MemorySegment.ofArray(new byte[0]), 0, 0);
    }
  }

  @Test
  void aFileWithoutTensorsIsRead() throws IOException {
    try (SafetensorsFile file = open(file("{}", 0))) {
      assertTrue(file.tensors().isEmpty());
      assertTrue(file.metadata().isEmpty());
      assertEquals(0, file.dataBytes());
    }
  }

  @Test
  void metadataAreKeptInOrder() throws IOException {
    String header = header("\"__metadata__\":{\"z\":\"1\",\"a\":\"\\u00fc \\\"q\\\"\"}");
    try (SafetensorsFile file = open(file(header, 0))) {
      assertEquals(Map.of("z", "1", "a", "\u00fc \"q\""), file.metadata());
      assertEquals(List.of("z", "a"), List.copyOf(file.metadata().keySet()));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"w\":{\"dtype\":\"U8\",\"shape\":[8],\"data_offsets\":[0,8]}}    ",
        "{\"w\":{\"dtype\":\"U8\",\"shape\":[8],\"data_offsets\":[0,8]}}\n\t\r ",
        "{ \"__metadata__\" : null,\n"
            + "\"w\":{\"data_offsets\":[0,8],\"shape\":[8],\"dtype\":\"U8\"}}",
        "{\"w\":{\"dtype\":\"U8\",\"x\":[{\"y\":[1.5]}],\"shape\":[8],\"data_offsets\":[0,8]}}"
      })
  void whatTheReferenceReaderAcceptsIsAccepted(String header) throws IOException {
    try (SafetensorsFile file = open(file(header, 8))) {
      assertEquals(List.of("w"), List.copyOf(file.tensors().keySet()));
    }
  }

  @Test
  void namesMayBeAnyText() throws IOException {
    String name = "\u6a21\u578b \ud83e\udd89 \u00e9 \\n";
    try (SafetensorsFile file = open(file(header(tensor(name, "U8", "[8]", "[0,8]")), 8))) {
      assertEquals(
          List.of("\u6a21\u578b \ud83e\udd89 \u00e9 \n"), List.copyOf(file.tensors().keySet()));
    }
  }

  @Test
  void bytesAreCopiedToNativeMemoryAndArraysAlike() throws IOException {
    try (SafetensorsFile file = openCounting();
        Arena arena = Arena.ofConfined()) {
      Tensor tensor = file.tensor("w").orElseThrow();
      MemorySegment nativeTarget = arena.allocate(16);
      tensor.copyTo(2, nativeTarget, 5, 4);
      assertArrayEquals(
          new byte[] {0, 0, 0, 0, 0, 3, 4, 5, 6, 0, 0, 0, 0, 0, 0, 0},
          nativeTarget.toArray(ValueLayout.JAVA_BYTE));
      byte[] bytes = new byte[8];
      tensor.copyTo(0, MemorySegment.ofArray(bytes), 0, 8);
      assertArrayEquals(new byte[] {1, 2, 3, 4, 5, 6, 7, 8}, bytes);
      int[] ints = new int[3];
      tensor.copyTo(0, MemorySegment.ofArray(ints), 4, 8);
      assertArrayEquals(new int[] {0, 0x04030201, 0x08070605}, ints);
      assertArrayEquals(bytes, tensor.mapped().toArray(ValueLayout.JAVA_BYTE));
    }
  }

  @Test
  void aTensorLongerThanTheCopyBufferArrivesWhole() throws IOException {
    int count = (256 << 10) + 12_345;
    byte[] bytes =
        file(header(tensor("w", "I32", "[" + count + "]", "[0," + 4 * count + "]")), 4 * count);
    MemorySegment data = MemorySegment.ofArray(bytes).asSlice(bytes.length - 4L * count);
    for (int i = 0; i < count; i++) {
      data.set(ValueLayout.JAVA_INT_UNALIGNED, 4L * i, i * 31);
    }
    try (SafetensorsFile file = open(bytes)) {
      int[] ints = new int[count];
      file.tensor("w").orElseThrow().copyTo(0, MemorySegment.ofArray(ints), 0, 4L * count);
      for (int i = 0; i < count; i++) {
        assertEquals(i * 31, ints[i]);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1,0,0,1", "0,0,0,9", "8,0,0,1", "0,0,-1,1", "0,0,5,4", "0,0,0,-1"})
  void rangesOutsideTensorOrTargetAreErrors(String arguments) throws IOException {
    long[] a = List.of(arguments.split(",")).stream().mapToLong(Long::parseLong).toArray();
    try (SafetensorsFile file = openCounting()) {
      Tensor tensor = file.tensor("w").orElseThrow();
      MemorySegment target = MemorySegment.ofArray(new byte[8]);
      assertThrows(IndexOutOfBoundsException.class, () -> tensor.copyTo(a[0], target, a[2], a[3]));
    }
  }

  @Test
  void theMappingIsReadOnly() throws IOException {
    try (SafetensorsFile file = openCounting()) {
      assertTrue(file.tensor("w").orElseThrow().mapped().isReadOnly());
    }
  }

  @Test
  void afterCloseEveryUseIsAnError() throws IOException {
    SafetensorsFile file = openCounting();
    Tensor tensor = file.tensor("w").orElseThrow();
    MemorySegment mapped = tensor.mapped();
    file.close();
    file.close();
    assertFalse(mapped.scope().isAlive());
    assertThrows(IllegalStateException.class, tensor::mapped);
    assertThrows(IllegalStateException.class, () -> mapped.get(ValueLayout.JAVA_BYTE, 0));
    IllegalStateException e =
        assertThrows(
            IllegalStateException.class,
            () -> tensor.copyTo(0, MemorySegment.ofArray(new byte[8]), 0, 8));
    assertTrue(e.getMessage().endsWith("t.safetensors is closed"), e.getMessage());
  }

  @Test
  void openFilesAreReleased() throws IOException {
    OpenFiles.assumeKnown();
    Path path = folder.toRealPath().resolve("t.safetensors");
    try (SafetensorsFile file = openCounting()) {
      assertEquals(1, OpenFiles.descriptors(path));
      assertEquals(1, OpenFiles.mappings(path));
      assertEquals(8, file.dataBytes());
    }
    OpenFiles.assertNone(path);
  }

  @Test
  void aFailedOpenReleasesTheFile() throws IOException {
    OpenFiles.assumeKnown();
    Path bad = Files.write(folder.toRealPath().resolve("bad.safetensors"), file("{}", 4));
    assertThrows(LoadException.class, () -> SafetensorsFile.open(bad).close());
    OpenFiles.assertNone(bad);
  }
}
