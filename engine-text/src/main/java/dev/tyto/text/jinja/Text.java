package dev.tyto.text.jinja;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;

/** Values as text: Python's {@code str} and {@code repr}. */
final class Text {
  private Text() {}

  /** What a print writes. */
  static String str(Object value, Budget budget) {
    return switch (value) {
      case String s -> s;
      case Undefined u -> "";
      case List<?> list -> repr(list, budget);
      case Tuple tuple -> repr(tuple, budget);
      case Map<?, ?> map -> repr(map, budget);
      default -> scalar(value);
    };
  }

  static String repr(Object value, Budget budget) {
    Output out = new Output(budget);
    appendRepr(value, out, budget);
    return out.toString();
  }

  private static void appendRepr(Object value, Output out, Budget budget) {
    budget.enter();
    switch (value) {
      case String s -> out.append(quoted(s));
      case Undefined u -> out.append("Undefined");
      case List<?> list -> appendItems("[", list, "]", out, budget);
      case Tuple tuple ->
          appendItems("(", tuple.items(), tuple.items().size() == 1 ? ",)" : ")", out, budget);
      case Map<?, ?> map -> {
        String separator = "{";
        for (Map.Entry<?, ?> entry : map.entrySet()) {
          out.append(separator);
          appendRepr(entry.getKey(), out, budget);
          out.append(": ");
          appendRepr(entry.getValue(), out, budget);
          separator = ", ";
        }
        out.append(map.isEmpty() ? "{}" : "}");
      }
      default -> out.append(scalar(value));
    }
    budget.leave();
  }

  private static void appendItems(
      String open, List<?> items, String close, Output out, Budget budget) {
    out.append(open);
    String separator = "";
    for (Object item : items) {
      out.append(separator);
      appendRepr(item, out, budget);
      separator = ", ";
    }
    out.append(close);
  }

  private static String scalar(Object value) {
    return switch (value) {
      case Boolean b -> b ? "True" : "False";
      case None none -> "None";
      case Double d -> number(d);
      case Long l -> l.toString();
      default -> "<" + type(value) + ">";
    };
  }

  /** Python's repr of a float: the shortest digits, an exponent below -4 and from 16 on. */
  static String number(double value) {
    if (Double.isNaN(value)) {
      return "nan";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "inf" : "-inf";
    }
    if (value == 0) {
      return 1 / value < 0 ? "-0.0" : "0.0";
    }
    BigDecimal decimal = new BigDecimal(Double.toString(value)).stripTrailingZeros();
    int exponent = decimal.precision() - decimal.scale() - 1;
    if (exponent >= -4 && exponent < 16) {
      String plain = decimal.toPlainString();
      return plain.contains(".") ? plain : plain + ".0";
    }
    String digits = decimal.unscaledValue().abs().toString();
    String mantissa = digits.length() == 1 ? digits : digits.charAt(0) + "." + digits.substring(1);
    return (value < 0 ? "-" : "")
        + mantissa
        + (exponent < 0 ? "e-" : "e+")
        + (Math.abs(exponent) < 10 ? "0" : "")
        + Math.abs(exponent);
  }

  private static String quoted(String text) {
    char quote = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
    StringBuilder out = new StringBuilder(text.length() + 2).append(quote);
    text.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\\' -> out.append("\\\\");
                default -> {
                  if (c == quote) {
                    out.append('\\').append(quote);
                  } else if (c != ' ' && !isPrintable(c)) {
                    out.append(
                        c < 0x100
                            ? "\\x%02x".formatted(c)
                            : c < 0x10000 ? "\\u%04x".formatted(c) : "\\U%08x".formatted(c));
                  } else {
                    out.appendCodePoint(c);
                  }
                }
              }
            });
    return out.append(quote).toString();
  }

  private static boolean isPrintable(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SPACE_SEPARATOR ->
          false;
      default -> true;
    };
  }

  /** Python's name of a value's type, for errors. */
  static String type(Object value) {
    return switch (value) {
      case String s -> "str";
      case Long l -> "int";
      case Double d -> "float";
      case Boolean b -> "bool";
      case None none -> "none";
      case Undefined u -> "undefined";
      case List<?> list -> "list";
      case Tuple tuple -> "tuple";
      case Map<?, ?> map -> "dict";
      case Namespace namespace -> "namespace";
      case Loop loop -> "loop";
      default -> "function";
    };
  }
}
