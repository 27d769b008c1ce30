package dev.tyto.loader;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;

/** The one way JSON is read here: strict UTF-8, no duplicate keys, bounded in every direction. */
final class Json {
  /** Real files nest 3 to 6 levels deep. */
  private static final int MAX_DEPTH = 100;

  private static final int MAX_NUMBER_LENGTH = 400;
  private static final int MAX_NAME_LENGTH = 10_000;

  /** Chat templates are tens of kilobytes, training metadata in headers some megabytes. */
  private static final int MAX_STRING_LENGTH = 16_000_000;

  static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxNumberLength(MAX_NUMBER_LENGTH)
                  .maxNameLength(MAX_NAME_LENGTH)
                  .maxStringLength(MAX_STRING_LENGTH)
                  .build())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          // A header has a hundred thousand names that never come again: a table of them, shared
          // by all parsers, would only be a target for chosen collisions.
          .disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
          .build();

  /** What the parser adds for those who configure it. */
  private static final List<String> HINTS_FOR_PROGRAMMERS =
      List.of(", from `[^`]*`", ": enable `.*", ": maybe a \\(non-standard\\) comment.*");

  private Json() {}

  /** A reader that fails on malformed UTF-8 where the JDK's default would replace it. */
  static Reader utf8(InputStream in) {
    return new InputStreamReader(
        in,
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT));
  }

  /**
   * Goes to the end of the current value, if that is near: to skip is to remember every key, for
   * the detection of duplicates.
   */
  static boolean skip(JsonParser parser, int maxTokens) {
    int depth = 0;
    for (int tokens = 0; tokens < maxTokens; tokens++) {
      JsonToken token = parser.currentToken();
      if (token.isStructStart()) {
        depth++;
      } else if (token.isStructEnd()) {
        depth--;
      }
      if (depth == 0) {
        return true;
      }
      parser.nextToken();
    }
    return false;
  }

  /** Whether the parser stopped at a key that its object already had. */
  static boolean isDuplicateKey(JacksonException e) {
    // Jackson has no type of its own for it; SafetensorsBadFilesTest pins these words.
    return e.getOriginalMessage() != null && e.getOriginalMessage().startsWith("Duplicate ");
  }

  /** Whether the bytes were not UTF-8. */
  static boolean isMalformedUtf8(JacksonException e) {
    return e.getCause() instanceof CharacterCodingException;
  }

  /** What failed in the file system while the parser pulled bytes; null if nothing did. */
  static @Nullable IOException readFailure(JacksonException e) {
    return e.getCause() instanceof IOException failure && !isMalformedUtf8(e) ? failure : null;
  }

  /** The parser's complaint as a clause: position and first line of the message. */
  static String complaint(JacksonException e) {
    String message = String.valueOf(e.getOriginalMessage()).lines().findFirst().orElse("");
    String plain =
        message.replaceAll("^Duplicate Object property (.*)$", "the key $1 occurs twice");
    for (String forProgrammers : HINTS_FOR_PROGRAMMERS) {
      plain = plain.replaceAll(forProgrammers, "");
    }
    TokenStreamLocation at = e.getLocation();
    return at == null || at.getLineNr() < 1
        ? plain
        : "line " + at.getLineNr() + ", column " + at.getColumnNr() + ": " + plain;
  }
}
