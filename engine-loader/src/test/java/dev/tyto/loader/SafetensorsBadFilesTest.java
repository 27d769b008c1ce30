package dev.tyto.loader;

import static dev.tyto.loader.RawFile.file;
import static dev.tyto.loader.RawFile.header;
import static dev.tyto.loader.RawFile.tensor;
import static dev.tyto.loader.RawFile.withLength;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tyto.loader.SafetensorsException.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Hostile and damaged safetensors files, and what is said of each. This table is the documentation
 * of the reader's checks.
 */
class SafetensorsBadFilesTest {

  /**
   * A row of the table.
   *
   * @param what what is wrong
   * @param bytes the whole file
   * @param reason the reason that a program gets
   * @param tensor the tensor that is named, if one is
   * @param message what a person reads, after the file's path
   */
  record Bad(String what, byte[] bytes, Reason reason, @Nullable String tensor, String message) {
    @Override
    public String toString() {
      return what;
    }
  }

  private static Bad bad(String what, byte[] bytes, Reason reason, String message) {
    return new Bad(what, bytes, reason, null, message);
  }

  /** A file whose header describes one tensor, named w, before 8 bytes of data. */
  private static Bad badTensor(
      String what, String dtype, String shape, String offsets, Reason reason, String message) {
    return badTensor(what, header(tensor("w", dtype, shape, offsets)), reason, "w", message);
  }

  private static Bad badTensor(
      String what, String header, Reason reason, String tensor, String message) {
    return new Bad(what, file(header, 8), reason, tensor, "tensor \"" + tensor + "\" " + message);
  }

  private static Bad badHeader(String what, String header, Reason reason, String message) {
    return bad(what, file(header, 8), reason, message);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  static Stream<Bad> theFrame() {
    return Stream.of(
        bad("no bytes at all", new byte[0], Reason.TOO_SHORT, "is empty; download it again"),
        bad(
            "7 bytes",
            new byte[7],
            Reason.TOO_SHORT,
            "has 7 bytes, less than the 8 of the header length; download it again"),
        bad(
            "only a header length",
            withLength(2, new byte[0], 0),
            Reason.HEADER_BEYOND_FILE,
            "has a header length of 2 bytes, but only 8 bytes in all; download it again"),
        bad(
            "header length over the file",
            withLength(1000, ascii("{}"), 0),
            Reason.HEADER_BEYOND_FILE,
            "has a header length of 1000 bytes, but only 10 bytes in all; download it again"),
        bad(
            "header length over 100 MB",
            withLength(100_000_001, ascii("{}"), 0),
            Reason.HEADER_TOO_LARGE,
            "has a header length of 100000001 bytes, over 100 MB; this is no intact safetensors"
                + " file, download it again"),
        bad(
            "header length over 2^63, negative to Java",
            withLength(-1, ascii("{}"), 0),
            Reason.HEADER_TOO_LARGE,
            "has a header length of 18446744073709551615 bytes, over 100 MB; this is no intact"
                + " safetensors file, download it again"),
        bad(
            "header length 0",
            withLength(0, new byte[0], 8),
            Reason.HEADER_NOT_JSON,
            "has a header that does not begin with '{'; download it again"),
        bad(
            "a Git LFS pointer",
            ascii("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 5\n"),
            Reason.OTHER_FORMAT,
            "is a Git LFS pointer and not the file itself (git lfs pull fetches it); get the"
                + " model's .safetensors files"),
        bad(
            "a GGUF file",
            ascii("GGUF\3\0\0\0\0\0\0\0"),
            Reason.OTHER_FORMAT,
            "is a GGUF file; get the model's .safetensors files"),
        bad(
            "a PyTorch file",
            ascii("PK\3\4\0\0\0\0\0\0\0\0"),
            Reason.OTHER_FORMAT,
            "is a ZIP archive, perhaps a PyTorch checkpoint; get the model's .safetensors files"),
        bad(
            "an HTML page",
            ascii("<!DOCTYPE html><title>404</title>"),
            Reason.OTHER_FORMAT,
            "is an HTML page, perhaps the error page of a download; get the model's .safetensors"
                + " files"),
        bad(
            "bytes after the last tensor",
            file(header(tensor("w", "U8", "[8]", "[0,8]")), 11),
            Reason.TRAILING_BYTES,
            "has 3 bytes after the last tensor; download it again"),
        bad(
            "data but no tensors",
            file("{}", 4),
            Reason.TRAILING_BYTES,
            "has 4 bytes after the last tensor; download it again"),
        badTensor(
            "data cut off",
            "F32",
            "[4]",
            "[0,16]",
            Reason.TRUNCATED,
            "ends at data byte 16, but the file has only 8 bytes of data; download it again"));
  }

  static Stream<Bad> theJson() {
    String export = "; export it again with a current safetensors library";
    return Stream.of(
        badHeader(
            "spaces before the object",
            " {}",
            Reason.HEADER_NOT_JSON,
            "has a header that does not begin with '{'; download it again"),
        badHeader(
            "an array",
            "[]",
            Reason.HEADER_NOT_JSON,
            "has a header that does not begin with '{'; download it again"),
        badHeader(
            "a UTF-8 byte order mark",
            "\ufeff{}",
            Reason.HEADER_NOT_JSON,
            "has a header that does not begin with '{'; download it again"),
        badHeader(
            "UTF-16, which JSON may be",
            new String("{}".getBytes(StandardCharsets.UTF_16LE), StandardCharsets.ISO_8859_1),
            Reason.HEADER_NOT_JSON,
            "has a header that is not JSON (line 1, column 2: Illegal character ((CTRL-CHAR, code"
                + " 0)): only regular white space (\\r, \\n, \\t) is allowed between tokens);"
                + " download it again"),
        badHeader(
            "cut off",
            "{\"w\":{\"dtype\"",
            Reason.HEADER_NOT_JSON,
            "has a header that is not JSON (line 1, column 14: Unexpected end-of-input"
                + " within/between Object entries);"
                + " download it again"),
        badHeader(
            "more after the object",
            "{}{}",
            Reason.HEADER_NOT_JSON,
            "has a header with more text after the JSON object; download it again"),
        badHeader(
            "zero bytes as padding, where only spaces may be",
            "{}\0\0",
            Reason.HEADER_NOT_JSON,
            "has a header that is not JSON (line 1, column 3: Illegal character ((CTRL-CHAR, code"
                + " 0)): only regular white space (\\r, \\n, \\t) is allowed between tokens);"
                + " download it again"),
        badHeader(
            "Python's NaN",
            "{\"w\":NaN}",
            Reason.HEADER_NOT_JSON,
            "has a header that is not JSON (line 1, column 9: Non-standard token 'NaN'); download"
                + " it again"),
        badHeader(
            "a comment",
            "{/* */}",
            Reason.HEADER_NOT_JSON,
            "has a header that is not JSON (line 1, column 2: Unexpected character ('/' (code"
                + " 47))); download it again"),
        badHeader(
            "a comma too many",
            "{\"__metadata__\":{},}",
            Reason.HEADER_NOT_JSON,
            "has a header that is not JSON (line 1, column 20: Unexpected character ('}' (code"
                + " 125)): was expecting double-quote to start property name); download it again"),
        bad(
            "malformed UTF-8",
            file(ascii("{\"\u00e9\":1}"), 0),
            Reason.HEADER_NOT_UTF8,
            "has a header that is not UTF-8; download it again"),
        bad(
            "overlong UTF-8, an attack on path checks",
            file(ascii("{\"\u00c0\u00af\":1}"), 0),
            Reason.HEADER_NOT_UTF8,
            "has a header that is not UTF-8; download it again"),
        badHeader(
            "two tensors of one name",
            header(tensor("w", "U8", "[4]", "[0,4]"), tensor("w", "U8", "[4]", "[4,8]")),
            Reason.DUPLICATE_KEY,
            "has a header with the key \"w\" twice" + export),
        badHeader(
            "one name in two spellings",
            header(tensor("w", "U8", "[4]", "[0,4]"), tensor("\\u0077", "U8", "[4]", "[4,8]")),
            Reason.DUPLICATE_KEY,
            "has a header with the key \"w\" twice" + export),
        badHeader(
            "two shapes of one tensor",
            "{\"w\":{\"dtype\":\"U8\",\"shape\":[4],\"shape\":[8],\"data_offsets\":[0,8]}}",
            Reason.DUPLICATE_KEY,
            "has a header with the key \"shape\" twice" + export),
        badHeader(
            "two metadata of one key",
            "{\"__metadata__\":{\"a\":\"1\",\"a\":\"2\"}}",
            Reason.DUPLICATE_KEY,
            "has a header with the key \"a\" twice" + export),
        badHeader(
            "metadata that are no object",
            "{\"__metadata__\":[]}",
            Reason.METADATA_MALFORMED,
            "has a __metadata__ that is not a JSON object" + export),
        badHeader(
            "metadata that are no strings",
            "{\"__metadata__\":{\"step\":7}}",
            Reason.METADATA_MALFORMED,
            "has a __metadata__ entry \"step\" that is no string" + export),
        badHeader(
            "metadata with null",
            "{\"__metadata__\":{\"step\":null}}",
            Reason.METADATA_MALFORMED,
            "has a __metadata__ entry \"step\" that is no string" + export),
        badHeader(
            "metadata with half a surrogate pair",
            "{\"__metadata__\":{\"a\":\"\\ud800\"}}",
            Reason.METADATA_MALFORMED,
            "has a __metadata__ entry \"a\" that is not Unicode" + export),
        badTensor(
            "a tensor that is a number",
            "{\"w\":5}",
            Reason.HEADER_MALFORMED,
            "w",
            "is described by something that is not a JSON object" + export),
        badTensor(
            "a tensor that is 100,000 arrays deep",
            "{\"w\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}",
            Reason.HEADER_MALFORMED,
            "w",
            "is described by something that is not a JSON object" + export),
        badHeader(
            "an unknown field that is 100,000 arrays deep",
            "{\"w\":{\"x\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}}",
            Reason.LIMIT_EXCEEDED,
            "has a header that exceeds a limit (Document nesting depth (101) exceeds the maximum"
                + " allowed (100)); this reader does not accept such a file"),
        badTensor(
            "an unknown field that is long",
            "{\"w\":{\"x\":[" + "0,".repeat(1000) + "0]}}",
            Reason.LIMIT_EXCEEDED,
            "w",
            "has an unknown field of over 1000 tokens; this reader does not accept such a file"),
        badHeader(
            "a name of 20,000 characters",
            header(tensor("n".repeat(20_000), "U8", "[8]", "[0,8]")),
            Reason.LIMIT_EXCEEDED,
            "has a header that exceeds a limit (Name length (18994) exceeds the maximum allowed"
                + " (10000)); this reader does not accept such a file"),
        badTensor(
            "a name that would break the line and colour the terminal",
            "{\"a\\n\\u001b[31mb\":{}}",
            Reason.HEADER_MALFORMED,
            "a\\u000a\\u001b[31mb",
            "has no dtype" + export),
        badHeader(
            "a name with half a surrogate pair",
            "{\"a\\udc00\":{}}",
            Reason.HEADER_NOT_JSON,
            "has a header that is not JSON (line 1, column 10: Unexpected low surrogate in property"
                + " name: 0xdc00); download it again"));
  }

  static Stream<Bad> theTensors() {
    String export = "; export it again with a current safetensors library";
    String again = "; download it again";
    return Stream.of(
        badTensor(
            "no dtype",
            "{\"w\":{\"shape\":[8],\"data_offsets\":[0,8]}}",
            Reason.HEADER_MALFORMED,
            "w",
            "has no dtype" + export),
        badTensor(
            "no shape",
            "{\"w\":{\"dtype\":\"U8\",\"data_offsets\":[0,8]}}",
            Reason.HEADER_MALFORMED,
            "w",
            "has no shape" + export),
        badTensor(
            "no offsets",
            "{\"w\":{\"dtype\":\"U8\",\"shape\":[8]}}",
            Reason.HEADER_MALFORMED,
            "w",
            "has no data_offsets" + export),
        badTensor(
            "unknown dtype",
            "F7",
            "[8]",
            "[0,8]",
            Reason.UNKNOWN_DTYPE,
            "has the unknown dtype \"F7\"" + export),
        badTensor(
            "dtype in lower case",
            "f32",
            "[2]",
            "[0,8]",
            Reason.UNKNOWN_DTYPE,
            "has the unknown dtype \"f32\"" + export),
        badTensor(
            "dtype that is a number",
            "{\"w\":{\"dtype\":8}}",
            Reason.HEADER_MALFORMED,
            "w",
            "has a dtype that is not a string" + export),
        badTensor(
            "shape that is a number",
            "U8",
            "8",
            "[0,8]",
            Reason.HEADER_MALFORMED,
            "has a shape that is not an array" + export),
        badTensor(
            "negative dimension",
            "U8",
            "[-8]",
            "[0,8]",
            Reason.HEADER_MALFORMED,
            "has \"-8\" as a dimension, where a whole number from 0 belongs" + export),
        badTensor(
            "minus zero as a dimension",
            "U8",
            "[-0]",
            "[0,0]",
            Reason.HEADER_MALFORMED,
            "has \"-0\" as a dimension, where a whole number from 0 belongs" + export),
        badTensor(
            "fractional dimension",
            "U8",
            "[8.0]",
            "[0,8]",
            Reason.HEADER_MALFORMED,
            "has \"8.0\" as a dimension, where a whole number from 0 belongs" + export),
        badTensor(
            "dimension that is an array",
            "U8",
            "[[8]]",
            "[0,8]",
            Reason.HEADER_MALFORMED,
            "has an array or object as a dimension, where a whole number from 0 belongs" + export),
        badTensor(
            "dimension over 2^63",
            "U8",
            "[9223372036854775808]",
            "[0,8]",
            Reason.SIZE_OVERFLOW,
            "has \"9223372036854775808\" as a dimension, over 2^63 - 1" + again),
        badTensor(
            "shape whose product wraps to 0",
            "U8",
            "[4611686018427387904,4611686018427387904]",
            "[0,0]",
            Reason.SIZE_OVERFLOW,
            "has shape [4611686018427387904, 4611686018427387904] of U8, over 2^63 - 1 bits"
                + again),
        badTensor(
            "shape times dtype wraps to 8 bytes",
            "F64",
            "[2305843009213693953]",
            "[0,8]",
            Reason.SIZE_OVERFLOW,
            "has shape [2305843009213693953] of F64, over 2^63 - 1 bits" + again),
        badTensor(
            "65 dimensions",
            "U8",
            "[" + "1,".repeat(64) + "1]",
            "[0,1]",
            Reason.LIMIT_EXCEEDED,
            "has more than 64 dimensions; this reader does not accept such a file"),
        badTensor(
            "half a byte",
            "F4",
            "[15]",
            "[0,8]",
            Reason.PARTIAL_BYTE,
            "has shape [15] of F4, which ends inside a byte" + export),
        badTensor(
            "three quarters of a byte",
            "F6_E2M3",
            "[1]",
            "[0,1]",
            Reason.PARTIAL_BYTE,
            "has shape [1] of F6_E2M3, which ends inside a byte" + export),
        badTensor(
            "shape times dtype below the range",
            "F32",
            "[1]",
            "[0,8]",
            Reason.SIZE_MISMATCH,
            "has shape [1] of F32, which is 4 bytes, but data_offsets of 8 bytes" + again),
        badTensor(
            "shape times dtype over the range",
            "F32",
            "[4]",
            "[0,8]",
            Reason.SIZE_MISMATCH,
            "has shape [4] of F32, which is 16 bytes, but data_offsets of 8 bytes" + again),
        badTensor(
            "scalar without data",
            "F32",
            "[]",
            "[0,0]",
            Reason.SIZE_MISMATCH,
            "has shape [] of F32, which is 4 bytes, but data_offsets of 0 bytes" + again),
        badTensor(
            "one offset",
            "U8",
            "[8]",
            "[0]",
            Reason.HEADER_MALFORMED,
            "has 1 data_offsets instead of two" + export),
        badTensor(
            "three offsets",
            "U8",
            "[8]",
            "[0,8,8]",
            Reason.HEADER_MALFORMED,
            "has more than two data_offsets" + export),
        badTensor(
            "offsets that are a string",
            "U8",
            "[8]",
            "\"0,8\"",
            Reason.HEADER_MALFORMED,
            "has data_offsets that are not an array" + export),
        badTensor(
            "floating-point offset",
            "U8",
            "[8]",
            "[0,8.0]",
            Reason.HEADER_MALFORMED,
            "has \"8.0\" as an offset, where a whole number from 0 belongs" + export),
        badTensor(
            "negative offset",
            "U8",
            "[8]",
            "[-8,0]",
            Reason.BAD_OFFSETS,
            "has \"-8\" as an offset, which is negative" + again),
        badTensor(
            "offset over 2^63",
            "U8",
            "[8]",
            "[0,18446744073709551615]",
            Reason.BAD_OFFSETS,
            "has \"18446744073709551615\" as an offset, which is over 2^63 - 1" + again),
        badTensor(
            "offsets in reverse",
            "U8",
            "[8]",
            "[8,0]",
            Reason.BAD_OFFSETS,
            "has data_offsets that end at 0, before they begin at 8" + again),
        badTensor(
            "hole before the first tensor",
            "U8",
            "[4]",
            "[4,8]",
            Reason.HOLE,
            "begins at data byte 4, but the bytes from 0 up to there belong to no tensor" + export),
        badTensor(
            "hole between two tensors",
            header(tensor("b", "U8", "[2]", "[6,8]"), tensor("a", "U8", "[4]", "[0,4]")),
            Reason.HOLE,
            "b",
            "begins at data byte 6, but the bytes from 4 up to there belong to no tensor" + export),
        badTensor(
            "overlap",
            header(tensor("a", "U8", "[6]", "[0,6]"), tensor("b", "U8", "[4]", "[4,8]")),
            Reason.OVERLAP,
            "b",
            "begins at data byte 4, but tensor \"a\" before it ends at 6" + export),
        badTensor(
            "two tensors on the same bytes",
            header(tensor("a", "U8", "[8]", "[0,8]"), tensor("b", "U8", "[8]", "[0,8]")),
            Reason.OVERLAP,
            "b",
            "begins at data byte 0, but tensor \"a\" before it ends at 8" + export),
        badTensor(
            "empty tensor inside another",
            header(tensor("a", "U8", "[8]", "[0,8]"), tensor("b", "U8", "[0]", "[4,4]")),
            Reason.OVERLAP,
            "b",
            "begins at data byte 4, but tensor \"a\" before it ends at 8" + export),
        new Bad(
            "a name of 200 characters, shortened",
            file(header(tensor("n".repeat(200), "F7", "[]", "[0,0]")), 8),
            Reason.UNKNOWN_DTYPE,
            "n".repeat(200),
            "tensor \""
                + "n".repeat(60)
                + "..."
                + "n".repeat(30)
                + "\" (200 characters) has the"
                + " unknown dtype \"F7\""
                + export));
  }

  @ParameterizedTest
  @MethodSource({"theFrame", "theJson", "theTensors"})
  void isRejectedWithAMessage(Bad bad, @TempDir Path folder) throws IOException {
    Path file = Files.write(folder.resolve("bad.safetensors"), bad.bytes());

    SafetensorsException e =
        assertThrows(SafetensorsException.class, () -> SafetensorsFile.open(file).close());

    assertEquals(file + ": " + bad.message(), e.getMessage());
    assertEquals(bad.reason(), e.reason());
    assertEquals(file, e.file());
    if (bad.tensor() != null) {
      assertEquals(bad.tensor(), OneLine.of(String.valueOf(e.tensor())));
    }
  }
}
