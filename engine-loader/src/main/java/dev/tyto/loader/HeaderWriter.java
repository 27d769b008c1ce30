package dev.tyto.loader;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JsonEncoding;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;

/** Lays out a file to be written and makes the bytes of its header. */
final class HeaderWriter {
  private static final int LENGTH_BYTES = 8;
  private static final int ALIGNMENT = 8;

  private HeaderWriter() {}

  /** Checks a declaration; its place in the file is not known yet. */
  static TensorInfo declare(String name, DType dtype, long[] shape) {
    requireText(name);
    if (name.equals(HeaderParser.METADATA)) {
      throw new IllegalArgumentException("the tensor name " + name + " is reserved");
    }
    if (shape.length > HeaderParser.MAX_DIMENSIONS) {
      throw new IllegalArgumentException(
          "tensor "
              + OneLine.quote(name)
              + " has more than "
              + HeaderParser.MAX_DIMENSIONS
              + " dimensions");
    }
    long bytes;
    try {
      long elements = 1;
      for (long dimension : shape) {
        if (dimension < 0) {
          throw new ArithmeticException("dimension " + dimension + " is negative");
        }
        elements = Math.multiplyExact(elements, dimension);
      }
      bytes = dtype.byteSize(elements);
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException(
          "tensor "
              + OneLine.quote(name)
              + " cannot have the shape "
              + Arrays.toString(shape)
              + " of "
              + dtype
              + ": "
              + e.getMessage(),
          e);
    }
    return new TensorInfo(name, dtype, Arrays.stream(shape).boxed().toList(), 0, bytes);
  }

  static void requireText(String text) {
    if (!HeaderParser.isUnicode(text)) {
      throw new IllegalArgumentException(OneLine.of(OneLine.quote(text)) + " is not Unicode");
    }
  }

  /** Puts the tensors one after the other, those of wide elements first, then by name. */
  static List<TensorInfo> layOut(Collection<TensorInfo> declared) {
    List<TensorInfo> sorted = new ArrayList<>(declared);
    sorted.sort(Comparator.comparing(TensorInfo::dtype).reversed().thenComparing(TensorInfo::name));
    List<TensorInfo> placed = new ArrayList<>(sorted.size());
    long position = 0;
    for (TensorInfo tensor : sorted) {
      long end = position + tensor.byteSize();
      if (end < 0) {
        throw new IllegalArgumentException("the tensors are over 2^63 - 1 bytes together");
      }
      placed.add(new TensorInfo(tensor.name(), tensor.dtype(), tensor.shape(), position, end));
      position = end;
    }
    return placed;
  }

  /** What stands before the data: the length, and the JSON padded with spaces to 8 bytes. */
  static byte[] encode(Map<String, String> metadata, List<TensorInfo> placed) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[LENGTH_BYTES]);
    try (JsonGenerator json =
        Json.FACTORY.createGenerator(ObjectWriteContext.empty(), out, JsonEncoding.UTF8)) {
      json.writeStartObject();
      if (!metadata.isEmpty()) {
        json.writeObjectPropertyStart(HeaderParser.METADATA);
        metadata.forEach(json::writeStringProperty);
        json.writeEndObject();
      }
      for (TensorInfo tensor : placed) {
        json.writeObjectPropertyStart(tensor.name());
        json.writeStringProperty("dtype", tensor.dtype().name());
        json.writeArrayPropertyStart("shape");
        for (long dimension : tensor.shape()) {
          json.writeNumber(dimension);
        }
        json.writeEndArray();
        json.writeArrayPropertyStart("data_offsets");
        json.writeNumber(tensor.begin());
        json.writeNumber(tensor.end());
        json.writeEndArray();
        json.writeEndObject();
      }
      json.writeEndObject();
    }
    while (out.size() % ALIGNMENT != 0) {
      out.write(' ');
    }
    byte[] bytes = out.toByteArray();
    int length = bytes.length - LENGTH_BYTES;
    if (length > HeaderReader.MAX_HEADER_BYTES) {
      throw new IllegalArgumentException("the header takes " + length + " bytes, over 100 MB");
    }
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(0, length);
    return bytes;
  }
}
