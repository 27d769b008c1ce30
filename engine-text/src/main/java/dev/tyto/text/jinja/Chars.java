package dev.tyto.text.jinja;

/** Characters and strings as Python and Jinja2 see them. */
final class Chars {
  private Chars() {}

  /** Python's {@code str.isspace} for one character; none lies outside the basic plane. */
  static boolean isSpace(char c) {
    return (c >= '\t' && c <= '\r')
        || (c >= 0x1c && c <= ' ')
        || c == 0x85
        || c == 0xa0
        || c == 0x1680
        || (c >= 0x2000 && c <= 0x200a)
        || c == 0x2028
        || c == 0x2029
        || c == 0x202f
        || c == 0x205f
        || c == 0x3000;
  }

  static boolean isNameStart(int codePoint) {
    return codePoint == '_' || Character.isUnicodeIdentifierStart(codePoint);
  }

  static boolean isNamePart(int codePoint) {
    return codePoint == '_'
        || (Character.isUnicodeIdentifierPart(codePoint)
            && !Character.isIdentifierIgnorable(codePoint));
  }

  static int skipSpace(String text, int from) {
    int position = from;
    while (position < text.length() && isSpace(text.charAt(position))) {
      position++;
    }
    return position;
  }

  /** Whether there is only white space from {@code from} on, and some. */
  static boolean isBlank(String text, int from) {
    return from < text.length() && skipSpace(text, from) == text.length();
  }

  static String stripRight(String text) {
    int end = text.length();
    while (end > 0 && isSpace(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(0, end);
  }

  static String stripLeft(String text) {
    return text.substring(skipSpace(text, 0));
  }

  /** Without the leading and trailing characters that are in {@code set}. */
  static String strip(String text, String set, boolean left, boolean right) {
    int start = 0;
    int end = text.length();
    while (left && start < end && set.indexOf(text.codePointAt(start)) >= 0) {
      start += Character.charCount(text.codePointAt(start));
    }
    while (right && end > start && set.indexOf(text.codePointBefore(end)) >= 0) {
      end -= Character.charCount(text.codePointBefore(end));
    }
    return text.substring(start, end);
  }

  /** Length in code points, which is what Python counts. */
  static int length(String text) {
    return text.codePointCount(0, text.length());
  }

  /** Resolves the backslash escapes of a Python string literal. */
  static String unescape(String literal) {
    if (literal.indexOf('\\') < 0) {
      return literal;
    }
    StringBuilder result = new StringBuilder(literal.length());
    int i = 0;
    while (i < literal.length()) {
      char c = literal.charAt(i++);
      if (c != '\\') {
        result.append(c);
        continue;
      }
      char escape = literal.charAt(i++);
      switch (escape) {
        case '\n' -> {}
        case '\\', '\'', '"' -> result.append(escape);
        case 'a' -> result.append('\u0007');
        case 'b' -> result.append('\b');
        case 'f' -> result.append('\f');
        case 'n' -> result.append('\n');
        case 'r' -> result.append('\r');
        case 't' -> result.append('\t');
        case 'v' -> result.append('\u000b');
        case 'x' -> i = appendHex(literal, i, 2, result);
        case 'u' -> i = appendHex(literal, i, 4, result);
        case 'U' -> i = appendHex(literal, i, 8, result);
        case '0', '1', '2', '3', '4', '5', '6', '7' -> i = appendOctal(literal, i - 1, result);
        default -> result.append('\\').append(escape);
      }
    }
    return result.toString();
  }

  private static int appendHex(String literal, int from, int digits, StringBuilder result) {
    try {
      int codePoint = Integer.parseUnsignedInt(literal, from, from + digits, 16);
      result.appendCodePoint(codePoint);
      return from + digits;
    } catch (RuntimeException e) {
      throw new TemplateException("a string has an escape that is not valid");
    }
  }

  private static int appendOctal(String literal, int from, StringBuilder result) {
    int value = 0;
    int i = from;
    while (i < Math.min(from + 3, literal.length())
        && literal.charAt(i) >= '0'
        && literal.charAt(i) <= '7') {
      value = value * 8 + literal.charAt(i++) - '0';
    }
    result.appendCodePoint(value);
    return i;
  }
}
