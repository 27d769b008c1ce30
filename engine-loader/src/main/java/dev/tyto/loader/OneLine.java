package dev.tyto.loader;

/** Makes text from files fit to print: error messages are one line whatever a file contains. */
final class OneLine {
  private static final int MAX_QUOTED = 120;

  private OneLine() {}

  /**
   * Escapes control, formatting and unpaired surrogate characters, so that a name taken from a
   * hostile file can neither break the line nor drive the terminal.
   */
  static String of(String text) {
    StringBuilder out = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c -> {
              if (isPrintable(c)) {
                out.appendCodePoint(c);
              } else {
                out.append(String.format("\\u%04x", c));
              }
            });
    return out.toString();
  }

  /** The text in double quotes, shortened in the middle if it is very long. */
  static String quote(String text) {
    if (text.length() <= MAX_QUOTED) {
      return '"' + text + '"';
    }
    return '"'
        + text.substring(0, MAX_QUOTED / 2)
        + "..."
        + text.substring(text.length() - MAX_QUOTED / 4)
        + "\" ("
        + text.length()
        + " characters)";
  }

  private static boolean isPrintable(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
