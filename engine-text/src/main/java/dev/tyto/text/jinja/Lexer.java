package dev.tyto.text.jinja;

import dev.tyto.text.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Cuts a template into tokens and settles white space, as Jinja2 does with trim_blocks and
 * lstrip_blocks: the newline after a block tag goes, so does white space before one that starts a
 * line, {@code -} strips everything on its side and {@code +} nothing.
 */
final class Lexer {
  private static final Pattern FLOAT =
      Pattern.compile(
          "\\d++(?:_\\d++)*+(?:(?:\\.\\d++(?:_\\d++)*+)?+[eE][+-]?+\\d++(?:_\\d++)*+|\\.\\d++(?:_\\d++)*+)");
  private static final Pattern INTEGER =
      Pattern.compile(
          "0[bB](?:_?+[01])++|0[oO](?:_?+[0-7])++|0[xX](?:_?+[0-9a-fA-F])++|[1-9](?:_?+\\d)*+|0(?:_?+0)*+");
  private static final Pattern RAW_BEGIN = Pattern.compile("[-+]?+\\s*+raw\\s*+(-%\\}\\s*+|%\\})");
  private static final Pattern RAW_END =
      Pattern.compile("\\{%([-+]?+)\\s*+endraw\\s*+(?:\\+%\\}|-%\\}\\s*+|%\\}\\n?+)");
  private static final List<String> OPERATORS =
      List.of(
          "//", "**", "==", "!=", ">=", "<=", "+", "-", "/", "*", "%", "~", "[", "]", "(", ")", "{",
          "}", ">", "<", "=", ".", ":", "|", ",", ";");

  private final String source;
  private final List<Token> tokens = new ArrayList<>();
  private int position;
  private int line = 1;
  private int lineCountedTo;

  private Lexer(String source) {
    this.source = source;
  }

  /** The tokens of a template, the last one of kind END. */
  static List<Token> scan(String template) {
    String source = template.replace("\r\n", "\n").replace('\r', '\n');
    if (source.endsWith("\n")) {
      source = source.substring(0, source.length() - 1);
    }
    Lexer lexer = new Lexer(source);
    lexer.scanAll();
    return lexer.tokens;
  }

  private void scanAll() {
    while (position < source.length()) {
      int open = nextTag();
      if (open < 0) {
        add(Kind.TEXT, source.substring(position));
        position = source.length();
      } else {
        scanTag(open);
      }
    }
    add(Kind.END, "");
  }

  private int nextTag() {
    int open = source.indexOf('{', position);
    while (open >= 0 && open + 1 < source.length()) {
      if ("%{#".indexOf(source.charAt(open + 1)) >= 0) {
        return open;
      }
      open = source.indexOf('{', open + 1);
    }
    return -1;
  }

  private void scanTag(int open) {
    char kind = source.charAt(open + 1);
    char sign = open + 2 < source.length() ? source.charAt(open + 2) : ' ';
    addText(textBefore(open, sign, kind != '{'));
    position = open + 2;
    if (kind == '#') {
      skipComment(open);
      return;
    }
    if (kind == '%' && skipRaw()) {
      return;
    }
    if (sign == '-' || sign == '+') {
      position++;
    }
    add(kind == '%' ? Kind.BLOCK_BEGIN : Kind.PRINT_BEGIN, source.substring(open, position));
    scanExpression(kind == '%');
  }

  /** The text up to a tag, less the white space that the tag takes away. */
  private String textBefore(int open, char sign, boolean block) {
    String text = source.substring(position, open);
    if (sign == '-') {
      return Chars.stripRight(text);
    }
    if (sign != '+' && block) {
      int lineStart = text.lastIndexOf('\n') + 1;
      boolean startsLine = lineStart > 0 || position == 0 || source.charAt(position - 1) == '\n';
      if (startsLine && Chars.isBlank(text, lineStart)) {
        return text.substring(0, lineStart);
      }
    }
    return text;
  }

  private void addText(String text) {
    if (!text.isEmpty()) {
      add(Kind.TEXT, text);
    }
  }

  private void skipComment(int open) {
    int close = source.indexOf("#}", position);
    if (close < 0) {
      throw TemplateException.at(lineAt(open), "the comment has no end");
    }
    char sign = close > position ? source.charAt(close - 1) : ' ';
    position = close + 2;
    skipAfterTag(sign);
  }

  private boolean skipRaw() {
    Matcher begin = RAW_BEGIN.matcher(source).region(position, source.length());
    if (!begin.lookingAt()) {
      return false;
    }
    int open = position;
    position = begin.end();
    Matcher end = RAW_END.matcher(source).region(position, source.length());
    if (!end.find()) {
      throw TemplateException.at(lineAt(open), "the raw block has no end");
    }
    String sign = end.group(1);
    addText(textBefore(end.start(), sign.isEmpty() ? ' ' : sign.charAt(0), true));
    position = end.end();
    return true;
  }

  /** The tokens inside a tag, up to and with its end. */
  private void scanExpression(boolean block) {
    int open = position;
    int brackets = 0;
    while (true) {
      position = Chars.skipSpace(source, position);
      if (position >= source.length()) {
        throw TemplateException.at(lineAt(open), "the tag has no end");
      }
      if (brackets == 0 && scanEnd(block)) {
        return;
      }
      char c = source.charAt(position);
      if (c == '\'' || c == '"') {
        scanString(c);
      } else if (c >= '0' && c <= '9') {
        scanNumber();
      } else if (Chars.isNameStart(source.codePointAt(position))) {
        scanName();
      } else {
        brackets += scanOperator();
        if (brackets < 0) {
          throw TemplateException.at(lineAt(position), "a bracket was closed but never opened");
        }
      }
    }
  }

  private boolean scanEnd(boolean block) {
    char sign = source.charAt(position);
    boolean signed = sign == '-' || (block && sign == '+');
    int close = signed ? position + 1 : position;
    if (!source.startsWith(block ? "%}" : "}}", close)) {
      return false;
    }
    add(block ? Kind.BLOCK_END : Kind.PRINT_END, source.substring(position, close + 2));
    position = close + 2;
    if (block || sign == '-') {
      skipAfterTag(sign);
    }
    return true;
  }

  private void skipAfterTag(char sign) {
    if (sign == '-') {
      position = Chars.skipSpace(source, position);
    } else if (sign != '+' && position < source.length() && source.charAt(position) == '\n') {
      position++;
    }
  }

  private void scanString(char quote) {
    int end = position + 1;
    while (end < source.length() && source.charAt(end) != quote) {
      end += source.charAt(end) == '\\' ? 2 : 1;
    }
    if (end >= source.length()) {
      throw TemplateException.at(lineAt(position), "the string has no end");
    }
    add(Kind.STRING, Chars.unescape(source.substring(position + 1, end)));
    position = end + 1;
  }

  private void scanNumber() {
    Matcher matcher = FLOAT.matcher(source).region(position, source.length());
    Kind kind = Kind.FLOAT;
    // "x.0.1" is two subscripts, not a float.
    boolean afterDot = position > 0 && source.charAt(position - 1) == '.';
    if (afterDot || !matcher.lookingAt()) {
      kind = Kind.INTEGER;
      matcher = INTEGER.matcher(source).region(position, source.length());
      if (!matcher.lookingAt()) {
        throw TemplateException.at(lineAt(position), "a number is not valid");
      }
    }
    add(kind, matcher.group().replace("_", ""));
    position = matcher.end();
  }

  private void scanName() {
    int end = position;
    while (end < source.length() && Chars.isNamePart(source.codePointAt(end))) {
      end += Character.charCount(source.codePointAt(end));
    }
    add(Kind.NAME, source.substring(position, end));
    position = end;
  }

  /** How many brackets are open more (1) or fewer (-1) after it. */
  private int scanOperator() {
    for (String operator : OPERATORS) {
      if (source.startsWith(operator, position)) {
        add(Kind.OPERATOR, operator);
        position += operator.length();
        return "([{".contains(operator) ? 1 : ")]}".contains(operator) ? -1 : 0;
      }
    }
    throw TemplateException.at(
        lineAt(position),
        "unexpected character '" + Character.toString(source.codePointAt(position)) + "'");
  }

  private void add(Kind kind, String text) {
    tokens.add(new Token(kind, text, lineAt(position)));
  }

  /** Positions are asked for in ascending order, but for errors, where a line more is no harm. */
  private int lineAt(int index) {
    while (lineCountedTo < index) {
      if (source.charAt(lineCountedTo++) == '\n') {
        line++;
      }
    }
    return line;
  }
}
