package dev.tyto.cli;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Text from bytes that must be UTF-8. */
final class Utf8 {
  private Utf8() {}

  /** The text, or a failure that names where the bytes came from. */
  static String decode(byte[] bytes, String origin) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new Failure(origin + ": not valid UTF-8", e);
    }
  }
}
