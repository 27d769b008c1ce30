package dev.tyto.loader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever bytes a safetensors file has, its header is either rejected with a {@link
 * SafetensorsException} of one line, or describes tensors that cover the data exactly.
 *
 * <p>An ordinary test run replays the seeds; the Surefire execution "fuzz" sets JAZZER_FUZZ and
 * searches.
 */
class HeaderFuzzTest {
  private static final Path FILE = Path.of("fuzzed.safetensors");
  private static final FuzzCounter COUNTER = new FuzzCounter();

  /** What begins with a brace is taken as a header of the right length, before 8 bytes of data. */
  private static byte[] file(byte[] bytes) {
    return bytes.length > 0 && bytes[0] == '{' ? RawFile.file(bytes, 8) : bytes;
  }

  static Stream<byte[]> seeds() {
    List<String> headers =
        List.of(
            "{}",
            RawFile.header(RawFile.tensor("a", "F32", "[2]", "[0,8]")),
            RawFile.header(
                "\"__metadata__\":{\"format\":\"pt\"}",
                RawFile.tensor("a", "BF16", "[2,2]", "[0,8]")),
            RawFile.header(
                RawFile.tensor("b", "F8_E4M3", "[4]", "[4,8]"),
                RawFile.tensor("a", "I16", "[2]", "[0,4]")),
            RawFile.header(
                RawFile.tensor("scalar", "F64", "[]", "[0,8]"),
                RawFile.tensor("nothing", "U8", "[0,3]", "[8,8]")),
            RawFile.header(
                RawFile.tensor("c", "BOOL", "[1,2,2]", "[0,4]"),
                RawFile.tensor("d", "F6_E2M3", "[2,1,2,1]", "[4,7]"),
                RawFile.tensor("e", "I8", "[1]", "[7,8]")),
            RawFile.header(
                RawFile.tensor("half", "F4", "[4,4]", "[0,8]").replace("}", ",\"x\":[{},1.5]}")));
    return headers.stream()
        .flatMap(h -> Stream.of(h.getBytes(StandardCharsets.UTF_8), RawFile.file(h, 8)));
  }

  @MethodSource("seeds")
  @DictionaryEntries({
    "\"dtype\":",
    "\"shape\":[",
    "\"data_offsets\":[",
    "\"__metadata__\":{",
    "\"F32\"",
    "\"F4\"",
    "\"F6_E2M3\"",
    "[0,0]",
    "9223372036854775807",
    "18446744073709551616",
    "-0",
    "1e9",
    "\\ud800",
    "null",
    ",1",
    "2,",
    "{}"
  })
  @FuzzTest(maxExecutions = FuzzCounter.EXECUTIONS, maxDuration = "10m")
  void headerIsRejectedOrConsistent(byte[] input) {
    COUNTER.count();
    byte[] bytes = file(input);
    SafetensorsHeader header;
    try {
      header = HeaderReader.read(FILE, RawFile.source(bytes));
    } catch (SafetensorsException e) {
      assertEquals(1, e.getMessage().lines().count(), e.getMessage());
      assertTrue(e.getMessage().endsWith(e.reason().advice()), e.getMessage());
      return;
    }
    long covered = 0;
    for (TensorInfo tensor : header.tensors()) {
      assertEquals(covered, tensor.begin());
      long elements = tensor.shape().stream().reduce(1L, Math::multiplyExact);
      assertEquals(tensor.dtype().byteSize(elements), tensor.byteSize());
      covered = tensor.end();
    }
    assertEquals(bytes.length, header.dataStart() + covered);
    assertWritesTheSame(header);
  }

  /** What was accepted can be written, and reads as the same tensors. */
  private static void assertWritesTheSame(SafetensorsHeader header) {
    Map<String, String> metadata = header.metadata();
    List<TensorInfo> placed = HeaderWriter.layOut(header.tensors());
    byte[] start = HeaderWriter.encode(metadata, placed);
    long dataBytes = placed.stream().mapToLong(TensorInfo::byteSize).sum();
    byte[] file = Arrays.copyOf(start, Math.toIntExact(start.length + dataBytes));
    try {
      SafetensorsHeader again = HeaderReader.read(FILE, RawFile.source(file));
      assertEquals(metadata, again.metadata());
      assertEquals(placed.size(), again.tensors().size());
      assertFalse(again.tensors().stream().anyMatch(t -> !placed.contains(t)));
    } catch (SafetensorsException e) {
      throw new AssertionError("written, but not read back", e);
    }
  }

  @AfterAll
  static void searchedLongEnough() {
    COUNTER.assertSearched();
  }
}
