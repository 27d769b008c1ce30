package dev.tyto.cli;

import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes JSON: maps in their order, lists, strings, booleans, numbers, null. Numbers that JSON
 * cannot say (NaN, infinity) become null.
 */
final class Json {
  private Json() {}

  /** The value as JSON, indented by two spaces. */
  static String write(@Nullable Object value) {
    StringBuilder out = new StringBuilder();
    write(value, "\n", out);
    return out.toString();
  }

  private static void write(@Nullable Object value, String newline, StringBuilder out) {
    switch (value) {
      case null -> out.append("null");
      case Map<?, ?> map -> writeMap(map, newline, out);
      case List<?> list -> writeList(list, newline, out);
      case Double number when !Double.isFinite(number) -> out.append("null");
      case Float number when !Float.isFinite(number) -> out.append("null");
      case Number number -> out.append(number);
      case Boolean flag -> out.append(flag);
      default -> writeString(value.toString(), out);
    }
  }

  private static void writeMap(Map<?, ?> map, String newline, StringBuilder out) {
    if (map.isEmpty()) {
      out.append("{}");
      return;
    }
    out.append('{');
    String separator = "";
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      out.append(separator).append(newline).append("  ");
      writeString(String.valueOf(entry.getKey()), out);
      out.append(": ");
      write(entry.getValue(), newline + "  ", out);
      separator = ",";
    }
    out.append(newline).append('}');
  }

  private static void writeList(List<?> list, String newline, StringBuilder out) {
    out.append('[');
    for (Iterator<?> values = list.iterator(); values.hasNext(); ) {
      write(values.next(), newline + "  ", out);
      out.append(values.hasNext() ? ", " : "");
    }
    out.append(']');
  }

  private static void writeString(String text, StringBuilder out) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          // A lone surrogate has no UTF-8 form, so it is written as an escape too.
          if (c < 0x20 || isLoneSurrogate(text, i)) {
            out.append(Formats.format("\\u%04x", (int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }

  private static boolean isLoneSurrogate(String text, int i) {
    char c = text.charAt(i);
    if (Character.isHighSurrogate(c)) {
      return i + 1 == text.length() || !Character.isLowSurrogate(text.charAt(i + 1));
    }
    return Character.isLowSurrogate(c)
        && (i == 0 || !Character.isHighSurrogate(text.charAt(i - 1)));
  }
}
