package dev.tyto.loader;

import dev.tyto.loader.SafetensorsException.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Finds the header of a safetensors file and has it parsed: 8 bytes of length, then JSON. */
final class HeaderReader {
  /** The limit of the reference implementation. */
  static final long MAX_HEADER_BYTES = 100_000_000;

  static final String TRUNCATED_WHILE_OPENED = "was truncated while it was opened";

  private static final int LENGTH_BYTES = 8;

  private HeaderReader() {}

  /**
   * Reads and checks the header.
   *
   * @throws SafetensorsException whatever the bytes are, if they are not a well-formed file; never
   *     another exception
   */
  static SafetensorsHeader read(Path file, ByteSource source) throws SafetensorsException {
    long size = source.size();
    if (size < LENGTH_BYTES) {
      String detail =
          size == 0 ? "is empty" : "has " + size + " bytes, less than the 8 of the header length";
      throw new SafetensorsException(file, null, Reason.TOO_SHORT, detail);
    }
    // One byte beyond the length: the first of the header.
    ByteBuffer start = readStart(file, source, (int) Math.min(size, LENGTH_BYTES + 1));
    String other = otherFormat(start);
    if (other != null) {
      throw new SafetensorsException(file, null, Reason.OTHER_FORMAT, "is " + other);
    }
    long length = start.getLong(0);
    if (length < 0 || length > MAX_HEADER_BYTES) {
      throw new SafetensorsException(
          file,
          null,
          Reason.HEADER_TOO_LARGE,
          "has a header length of " + Long.toUnsignedString(length) + " bytes, over 100 MB");
    }
    long dataStart = LENGTH_BYTES + length;
    if (dataStart > size) {
      throw new SafetensorsException(
          file,
          null,
          Reason.HEADER_BEYOND_FILE,
          "has a header length of " + length + " bytes, but only " + size + " bytes in all");
    }
    if (length == 0 || start.get(LENGTH_BYTES) != '{') {
      throw new SafetensorsException(
          file, null, Reason.HEADER_NOT_JSON, "has a header that does not begin with '{'");
    }
    return new HeaderParser(file)
        .parse(source.stream(LENGTH_BYTES, length), dataStart, size - dataStart);
  }

  private static ByteBuffer readStart(Path file, ByteSource source, int count)
      throws SafetensorsException {
    ByteBuffer start = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
    try {
      while (start.hasRemaining()) {
        if (source.read(start, start.position()) < 0) {
          throw new SafetensorsException(file, null, Reason.CHANGED, TRUNCATED_WHILE_OPENED);
        }
      }
    } catch (SafetensorsException e) {
      throw e;
    } catch (IOException e) {
      throw new SafetensorsException(
          file, null, Reason.UNREADABLE, "cannot be read (" + e.getMessage() + ")", e);
    }
    return start;
  }

  /** What people have in the place of weights most often. */
  private static @Nullable String otherFormat(ByteBuffer start) {
    byte[] first = new byte[LENGTH_BYTES];
    start.get(0, first);
    String magic = new String(first, StandardCharsets.ISO_8859_1);
    if (magic.equals("version ")) {
      return "a Git LFS pointer and not the file itself (git lfs pull fetches it)";
    }
    if (magic.startsWith("GGUF")) {
      return "a GGUF file";
    }
    if (magic.startsWith("PK\u0003\u0004")) {
      return "a ZIP archive, perhaps a PyTorch checkpoint";
    }
    if (magic.startsWith("<!DOCTYP") || magic.startsWith("<html")) {
      return "an HTML page, perhaps the error page of a download";
    }
    return null;
  }
}
