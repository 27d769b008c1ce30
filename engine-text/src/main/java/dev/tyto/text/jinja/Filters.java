package dev.tyto.text.jinja;

import dev.tyto.text.jinja.Arguments.Bound;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.Map;

/** What stands after {@code |}, for single values; {@link SequenceFilters} has the others. */
final class Filters {
  private Filters() {}

  static Object apply(String name, Object value, Arguments arguments, Budget budget) {
    budget.step();
    return switch (name) {
      case "abs" -> abs(value, arguments);
      case "capitalize" -> StringMethods.capitalize(text(value, budget));
      case "count", "length" -> Values.length(value, budget);
      case "d", "default" -> byDefault(value, arguments);
      case "e", "escape" -> escape(text(value, budget), budget);
      case "float" -> toFloat(value, arguments);
      case "format" -> Printf.format(text(value, budget), arguments.positional(), budget);
      case "indent" -> indent(text(value, budget), arguments, budget);
      case "int" -> toInteger(value, arguments);
      case "items" -> items(value, budget);
      case "lower" -> text(value, budget).toLowerCase(Locale.ROOT);
      case "replace" -> replace(text(value, budget), arguments, budget);
      case "round" -> round(value, arguments);
      case "safe" -> text(value, budget);
      case "string" -> value instanceof Undefined ? "" : Text.str(value, budget);
      case "title" -> title(text(value, budget));
      case "tojson" -> Json.write(value, arguments, budget);
      case "trim" -> trim(text(value, budget), arguments);
      case "upper" -> text(value, budget).toUpperCase(Locale.ROOT);
      case "wordcount" -> (long) wordCount(text(value, budget));
      default -> SequenceFilters.apply(name, value, arguments, budget);
    };
  }

  private static String text(Object value, Budget budget) {
    String text = Text.str(value, budget);
    budget.string(text.length());
    return text;
  }

  private static Object abs(Object value, Arguments arguments) {
    arguments.bind("abs");
    return switch (value) {
      case Long l when l != Long.MIN_VALUE -> Math.abs(l);
      case Double d -> Math.abs(d);
      default -> throw new TemplateException("abs needs a number, not " + Text.type(value));
    };
  }

  private static Object byDefault(Object value, Arguments arguments) {
    Bound bound = arguments.bind("default", "default_value", "boolean");
    boolean missing =
        value instanceof Undefined || (bound.truth(1, false) && !Operators.truth(value));
    return missing ? bound.get(0, "") : value;
  }

  private static String escape(String text, Budget budget) {
    Output out = new Output(budget);
    int start = 0;
    for (int i = 0; i < text.length(); i++) {
      String escaped =
          switch (text.charAt(i)) {
            case '&' -> "&amp;";
            case '<' -> "&lt;";
            case '>' -> "&gt;";
            case '\'' -> "&#39;";
            case '"' -> "&#34;";
            default -> "";
          };
      if (!escaped.isEmpty()) {
        out.append(text.substring(start, i)).append(escaped);
        start = i + 1;
      }
    }
    return out.append(text.substring(start)).toString();
  }

  private static Object toFloat(Object value, Arguments arguments) {
    Object fallback = arguments.bind("float", "default").get(0, 0.0);
    return switch (value) {
      case Double d -> d;
      case Long l -> (double) l;
      case Boolean b -> b ? 1.0 : 0.0;
      case String s -> {
        try {
          yield Double.valueOf(s.strip());
        } catch (NumberFormatException e) {
          yield fallback;
        }
      }
      default -> fallback;
    };
  }

  private static Object toInteger(Object value, Arguments arguments) {
    Bound bound = arguments.bind("int", "default", "base");
    Object fallback = bound.get(0, 0L);
    return switch (value) {
      case Long l -> l;
      case Double d when Math.abs(d) < 9e18 -> (long) (double) d;
      case Boolean b -> b ? 1L : 0L;
      case String s -> integer(s.strip().replace("_", ""), bound.integer(1, 10), fallback);
      default -> fallback;
    };
  }

  private static Object integer(String text, int base, Object fallback) {
    try {
      return Long.valueOf(text, base);
    } catch (NumberFormatException e) {
      try {
        double number = Double.parseDouble(text);
        return Math.abs(number) < 9e18 ? (Object) (long) number : fallback;
      } catch (NumberFormatException f) {
        return fallback;
      }
    }
  }

  private static String indent(String text, Arguments arguments, Budget budget) {
    Bound bound = arguments.bind("indent", "width", "first", "blank");
    String prefix;
    if (bound.get(0, 4L) instanceof String s) {
      prefix = s;
    } else {
      int width = Math.max(0, bound.integer(0, 4));
      budget.string(width);
      prefix = " ".repeat(width);
    }
    boolean first = bound.truth(1, false);
    boolean blank = bound.truth(2, false);
    Output out = new Output(budget);
    int start = 0;
    boolean firstLine = true;
    while (start <= text.length()) {
      int end = text.indexOf('\n', start);
      end = end < 0 ? text.length() : end;
      boolean empty = end == start;
      if (firstLine ? first : blank || !empty) {
        out.append(prefix);
      }
      out.append(text.substring(start, Math.min(end + 1, text.length())));
      start = end + 1;
      firstLine = false;
    }
    return out.toString();
  }

  private static Object items(Object value, Budget budget) {
    return switch (value) {
      case Undefined u -> java.util.List.of();
      case Map<?, ?> map -> Methods.items(map, budget);
      default -> throw new TemplateException("items needs a dict, not " + Text.type(value));
    };
  }

  private static String replace(String text, Arguments arguments, Budget budget) {
    Bound bound = arguments.bind("replace", "old", "new", "count");
    int limit = bound.get(2, None.NONE) == None.NONE ? -1 : bound.integer(2, -1);
    return StringMethods.replace(text, bound.string(0), bound.string(1), limit, budget);
  }

  private static Object round(Object value, Arguments arguments) {
    Bound bound = arguments.bind("round", "precision", "method");
    int precision = Math.clamp(bound.integer(0, 0), -400, 400);
    RoundingMode mode =
        switch (bound.string(1, "common")) {
          case "common" -> RoundingMode.HALF_EVEN;
          case "ceil" -> RoundingMode.CEILING;
          case "floor" -> RoundingMode.FLOOR;
          default -> throw new TemplateException("round knows common, ceil and floor");
        };
    return switch (value) {
      case Long l when precision >= 0 -> mode == RoundingMode.HALF_EVEN ? (Object) l : (double) l;
      case Double d when Double.isFinite(d) ->
          new BigDecimal(d).setScale(precision, mode).doubleValue();
      default -> throw new TemplateException("round needs a number, not " + Text.type(value));
    };
  }

  /** Jinja2's own: words start after white space, a hyphen or an opening bracket. */
  private static String title(String text) {
    StringBuilder result = new StringBuilder(text.length());
    boolean start = true;
    for (int c : text.codePoints().toArray()) {
      result.appendCodePoint(start ? Character.toUpperCase(c) : Character.toLowerCase(c));
      start = c < 0x10000 && (Chars.isSpace((char) c) || "-({[<".indexOf(c) >= 0);
    }
    return result.toString();
  }

  private static String trim(String text, Arguments arguments) {
    Object set = arguments.bind("trim", "chars").get(0, None.NONE);
    return set instanceof String s
        ? Chars.strip(text, s, true, true)
        : Chars.stripLeft(Chars.stripRight(text));
  }

  private static int wordCount(String text) {
    int words = 0;
    boolean inWord = false;
    for (int c : text.codePoints().toArray()) {
      boolean part = Chars.isNamePart(c);
      words += part && !inWord ? 1 : 0;
      inWord = part;
    }
    return words;
  }
}
