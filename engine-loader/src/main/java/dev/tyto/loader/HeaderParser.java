package dev.tyto.loader;

import static tools.jackson.core.JsonToken.END_ARRAY;
import static tools.jackson.core.JsonToken.PROPERTY_NAME;
import static tools.jackson.core.JsonToken.START_ARRAY;
import static tools.jackson.core.JsonToken.START_OBJECT;
import static tools.jackson.core.JsonToken.VALUE_NULL;
import static tools.jackson.core.JsonToken.VALUE_NUMBER_INT;
import static tools.jackson.core.JsonToken.VALUE_STRING;

import dev.tyto.loader.SafetensorsException.Reason;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonParser.NumberType;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.exc.StreamConstraintsException;

/**
 * Parses the JSON of a safetensors header as a stream, so that a hostile header costs no more
 * memory than the tensors it really names.
 *
 * <p>The rules are those of the reference implementation (the Rust crate safetensors 0.7). It is
 * stricter where the format's text is: duplicate keys are errors. And it has limits that no real
 * file comes near: a million tensors, 64 dimensions, dimensions and offsets below 2^63, 100,000
 * metadata entries, names of 10,000 characters, 100 fields of a tensor of 1,000 tokens each.
 */
final class HeaderParser {
  static final String METADATA = "__metadata__";
  private static final int MAX_TENSORS = 1_000_000;
  private static final int MAX_METADATA = 100_000;
  static final int MAX_DIMENSIONS = 64;
  private static final int MAX_FIELDS = 100;
  private static final int MAX_SKIPPED_TOKENS = 1_000;

  private final Path file;
  private final Map<String, String> metadata = new LinkedHashMap<>();
  private final List<TensorInfo> tensors = new ArrayList<>();

  HeaderParser(Path file) {
    this.file = file;
  }

  /**
   * Parses the header and checks each tensor and the layout of all.
   *
   * @param json the header's bytes
   * @param dataStart where the data begin in the file
   * @param dataLength bytes from there to the end of the file
   */
  SafetensorsHeader parse(InputStream json, long dataStart, long dataLength)
      throws SafetensorsException {
    try (JsonParser parser =
        Json.FACTORY.createParser(ObjectReadContext.empty(), Json.utf8(json))) {
      try {
        parseHeader(parser);
      } catch (JacksonException e) {
        throw rejected(parser, e);
      }
    }
    return SafetensorsHeader.of(file, metadata, tensors, dataStart, dataLength);
  }

  private void parseHeader(JsonParser parser) throws SafetensorsException {
    if (parser.nextToken() != START_OBJECT) {
      throw malformed(null, "has a header that is not a JSON object");
    }
    while (parser.nextToken() == PROPERTY_NAME) {
      String name = parser.currentName();
      if (!isUnicode(name)) {
        throw malformed(name, "has a name that is not Unicode");
      }
      JsonToken value = parser.nextToken();
      if (name.equals(METADATA)) {
        parseMetadata(parser, value);
      } else if (tensors.size() == MAX_TENSORS) {
        throw limit(null, "has a header of more than " + MAX_TENSORS + " tensors");
      } else {
        tensors.add(parseTensor(parser, name, value));
      }
    }
    if (parser.nextToken() != null) {
      throw new SafetensorsException(
          file, null, Reason.HEADER_NOT_JSON, "has a header with more text after the JSON object");
    }
  }

  private void parseMetadata(JsonParser parser, JsonToken value) throws SafetensorsException {
    if (value == VALUE_NULL) {
      return;
    }
    if (value != START_OBJECT) {
      throw badMetadata("has a __metadata__ that is not a JSON object");
    }
    while (parser.nextToken() == PROPERTY_NAME) {
      String key = parser.currentName();
      if (parser.nextToken() != VALUE_STRING) {
        throw badMetadata("has a __metadata__ entry " + OneLine.quote(key) + " that is no string");
      }
      if (metadata.size() == MAX_METADATA) {
        throw limit(null, "has a __metadata__ of more than " + MAX_METADATA + " entries");
      }
      String text = parser.getString();
      if (!isUnicode(key) || !isUnicode(text)) {
        throw badMetadata(
            "has a __metadata__ entry " + OneLine.quote(key) + " that is not Unicode");
      }
      metadata.put(key, text);
    }
  }

  private TensorInfo parseTensor(JsonParser parser, String name, JsonToken value)
      throws SafetensorsException {
    if (value != START_OBJECT) {
      throw malformed(name, "is described by something that is not a JSON object");
    }
    DType dtype = null;
    List<Long> shape = null;
    List<Long> offsets = null;
    int fields = 0;
    while (parser.nextToken() == PROPERTY_NAME) {
      String field = parser.currentName();
      parser.nextToken();
      if (++fields > MAX_FIELDS) {
        throw limit(name, "has more than " + MAX_FIELDS + " fields");
      }
      switch (field) {
        case "dtype" -> dtype = parseDtype(parser, name);
        case "shape" -> shape = parseShape(parser, name);
        case "data_offsets" -> offsets = parseOffsets(parser, name);
        // The reference ignores fields that it does not know.
        default -> {
          if (!Json.skip(parser, MAX_SKIPPED_TOKENS)) {
            throw limit(name, "has an unknown field of over " + MAX_SKIPPED_TOKENS + " tokens");
          }
        }
      }
    }
    if (dtype == null) {
      throw malformed(name, "has no dtype");
    }
    if (shape == null) {
      throw malformed(name, "has no shape");
    }
    if (offsets == null) {
      throw malformed(name, "has no data_offsets");
    }
    TensorInfo tensor = new TensorInfo(name, dtype, shape, offsets.get(0), offsets.get(1));
    checkSize(tensor);
    return tensor;
  }

  private DType parseDtype(JsonParser parser, String name) throws SafetensorsException {
    if (parser.currentToken() != VALUE_STRING) {
      throw malformed(name, "has a dtype that is not a string");
    }
    String dtype = parser.getString();
    return DType.named(dtype)
        .orElseThrow(
            () ->
                new SafetensorsException(
                    file,
                    name,
                    Reason.UNKNOWN_DTYPE,
                    "has the unknown dtype " + OneLine.quote(dtype)));
  }

  private List<Long> parseShape(JsonParser parser, String name) throws SafetensorsException {
    if (parser.currentToken() != START_ARRAY) {
      throw malformed(name, "has a shape that is not an array");
    }
    List<Long> shape = new ArrayList<>(4);
    while (parser.nextToken() != END_ARRAY) {
      if (shape.size() == MAX_DIMENSIONS) {
        throw limit(name, "has more than " + MAX_DIMENSIONS + " dimensions");
      }
      if (parser.currentToken() != VALUE_NUMBER_INT || isNegative(parser)) {
        throw malformed(
            name,
            "has " + describe(parser) + " as a dimension, where a whole number from 0 belongs");
      }
      if (parser.getNumberType() == NumberType.BIG_INTEGER) {
        throw overflow(name, "has " + describe(parser) + " as a dimension, over 2^63 - 1");
      }
      shape.add(parser.getLongValue());
    }
    return List.copyOf(shape);
  }

  private List<Long> parseOffsets(JsonParser parser, String name) throws SafetensorsException {
    if (parser.currentToken() != START_ARRAY) {
      throw malformed(name, "has data_offsets that are not an array");
    }
    List<Long> offsets = new ArrayList<>(2);
    while (parser.nextToken() != END_ARRAY) {
      if (offsets.size() == 2) {
        throw malformed(name, "has more than two data_offsets");
      }
      if (parser.currentToken() != VALUE_NUMBER_INT) {
        throw malformed(
            name, "has " + describe(parser) + " as an offset, where a whole number from 0 belongs");
      }
      if (isNegative(parser) || parser.getNumberType() == NumberType.BIG_INTEGER) {
        String problem = isNegative(parser) ? "is negative" : "is over 2^63 - 1";
        throw badOffsets(name, "has " + describe(parser) + " as an offset, which " + problem);
      }
      offsets.add(parser.getLongValue());
    }
    if (offsets.size() != 2) {
      throw malformed(name, "has " + offsets.size() + " data_offsets instead of two");
    }
    return offsets;
  }

  private void checkSize(TensorInfo tensor) throws SafetensorsException {
    String name = tensor.name();
    if (tensor.end() < tensor.begin()) {
      throw badOffsets(
          name,
          "has data_offsets that end at "
              + tensor.end()
              + ", before they begin at "
              + tensor.begin());
    }
    long bits = tensor.dtype().bits();
    try {
      // In the reference's order: elements first, so that [huge, huge, 0] overflows there and here.
      long elements = 1;
      for (long dimension : tensor.shape()) {
        elements = Math.multiplyExact(elements, dimension);
      }
      bits = Math.multiplyExact(elements, bits);
    } catch (ArithmeticException e) {
      throw overflow(
          name, "has shape " + tensor.shape() + " of " + tensor.dtype() + ", over 2^63 - 1 bits");
    }
    if (bits % 8 != 0) {
      throw new SafetensorsException(
          file,
          name,
          Reason.PARTIAL_BYTE,
          "has shape " + tensor.shape() + " of " + tensor.dtype() + ", which ends inside a byte");
    }
    if (bits / 8 != tensor.byteSize()) {
      throw new SafetensorsException(
          file,
          name,
          Reason.SIZE_MISMATCH,
          "has shape "
              + tensor.shape()
              + " of "
              + tensor.dtype()
              + ", which is "
              + bits / 8
              + " bytes, but data_offsets of "
              + tensor.byteSize()
              + " bytes");
    }
  }

  private static boolean isNegative(JsonParser parser) {
    // By the text, because -0 is no size either.
    return parser.getString().startsWith("-");
  }

  private static String describe(JsonParser parser) {
    JsonToken token = parser.currentToken();
    return token.isStructStart() ? "an array or object" : OneLine.quote(parser.getString());
  }

  /** JSON escapes can spell half a surrogate pair, which is no text and fits no UTF-8 file. */
  static boolean isUnicode(String text) {
    return text.codePoints()
        .noneMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
  }

  private SafetensorsException rejected(JsonParser parser, JacksonException e)
      throws SafetensorsException {
    IOException failure = Json.readFailure(e);
    if (failure instanceof SafetensorsException typed) {
      throw typed;
    }
    if (failure instanceof EOFException) {
      return new SafetensorsException(
          file, null, Reason.CHANGED, HeaderReader.TRUNCATED_WHILE_OPENED, e);
    }
    if (failure != null) {
      return new SafetensorsException(
          file, null, Reason.UNREADABLE, "cannot be read (" + failure.getMessage() + ")", e);
    }
    if (Json.isMalformedUtf8(e)) {
      return new SafetensorsException(
          file, null, Reason.HEADER_NOT_UTF8, "has a header that is not UTF-8", e);
    }
    if (Json.isDuplicateKey(e)) {
      String name = parser.currentName();
      return new SafetensorsException(
          file,
          null,
          Reason.DUPLICATE_KEY,
          "has a header with the key " + OneLine.quote(name == null ? "" : name) + " twice",
          e);
    }
    if (e instanceof StreamConstraintsException) {
      return new SafetensorsException(
          file,
          null,
          Reason.LIMIT_EXCEEDED,
          "has a header that exceeds a limit (" + Json.complaint(e) + ")",
          e);
    }
    return new SafetensorsException(
        file,
        null,
        Reason.HEADER_NOT_JSON,
        "has a header that is not JSON (" + Json.complaint(e) + ")",
        e);
  }

  private SafetensorsException malformed(@Nullable String tensor, String detail) {
    return new SafetensorsException(file, tensor, Reason.HEADER_MALFORMED, detail);
  }

  private SafetensorsException limit(@Nullable String tensor, String detail) {
    return new SafetensorsException(file, tensor, Reason.LIMIT_EXCEEDED, detail);
  }

  private SafetensorsException overflow(String tensor, String detail) {
    return new SafetensorsException(file, tensor, Reason.SIZE_OVERFLOW, detail);
  }

  private SafetensorsException badOffsets(String tensor, String detail) {
    return new SafetensorsException(file, tensor, Reason.BAD_OFFSETS, detail);
  }

  private SafetensorsException badMetadata(String detail) {
    return new SafetensorsException(file, null, Reason.METADATA_MALFORMED, detail);
  }
}
