package dev.tyto.cli;

import java.util.regex.Pattern;

/** Token ids on a command line. */
final class TokenIds {
  private static final Pattern SEPARATOR = Pattern.compile("[\\s,]+");

  private TokenIds() {}

  /** Numbers between commas or blanks. */
  static int[] parse(String text) {
    int[] ids =
        SEPARATOR
            .splitAsStream(text.strip())
            .filter(word -> !word.isEmpty())
            .mapToInt(TokenIds::parseOne)
            .toArray();
    if (ids.length == 0) {
      throw new UsageException("--tokens: no token ids");
    }
    return ids;
  }

  /** Checks that all ids are in the vocabulary. */
  static void check(int[] ids, int vocabSize) {
    for (int id : ids) {
      if (id >= vocabSize) {
        throw new UsageException(
            "--tokens: " + id + " is not in the vocabulary of " + vocabSize + " tokens");
      }
    }
  }

  private static int parseOne(String word) {
    try {
      int id = Integer.parseInt(word);
      if (id >= 0) {
        return id;
      }
    } catch (NumberFormatException e) {
      // Told below.
    }
    throw new UsageException("--tokens: '" + word + "' is not a token id");
  }
}
