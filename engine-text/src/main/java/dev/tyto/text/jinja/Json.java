package dev.tyto.text.jinja;

import dev.tyto.text.jinja.Arguments.Bound;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * The filter {@code tojson} as transformers sets it: Python's {@code json.dumps}, no HTML escapes.
 */
final class Json {
  private final Output out;
  private final Budget budget;
  private final boolean ascii;
  private final boolean sortKeys;
  private final boolean indented;
  private final String indent;
  private final String itemSeparator;
  private final String keySeparator;

  private Json(Output out, Budget budget, Bound bound) {
    this.out = out;
    this.budget = budget;
    Object width = bound.get(1, None.NONE);
    ascii = bound.truth(0, false);
    indented = width != None.NONE;
    indent =
        width instanceof String s
            ? s
            : " ".repeat(indented ? Math.clamp(bound.integer(1, 0), 0, 64) : 0);
    sortKeys = bound.truth(3, false);
    List<Object> separators = separators(bound.get(2, None.NONE), budget);
    itemSeparator = separators.isEmpty() ? (indented ? "," : ", ") : (String) separators.get(0);
    keySeparator = separators.isEmpty() ? ": " : (String) separators.get(1);
  }

  static String write(Object value, Arguments arguments, Budget budget) {
    Output out = new Output(budget);
    Bound bound = arguments.bind("tojson", "ensure_ascii", "indent", "separators", "sort_keys");
    new Json(out, budget, bound).value(value, 0);
    return out.toString();
  }

  private static List<Object> separators(Object given, Budget budget) {
    if (given == None.NONE) {
      return List.of();
    }
    List<Object> both = Values.iterate(given, budget);
    if (both.size() != 2 || !both.stream().allMatch(String.class::isInstance)) {
      throw new TemplateException("tojson needs two strings as separators");
    }
    return both;
  }

  private void value(Object value, int level) {
    budget.enter();
    switch (value) {
      case String s -> string(s);
      case Boolean b -> out.append(b ? "true" : "false");
      case None none -> out.append("null");
      case Long l -> out.append(l.toString());
      case Double d -> out.append(number(d));
      case List<?> list -> items(list, level);
      case Tuple tuple -> items(tuple.items(), level);
      case Map<?, ?> map -> entries(map, level);
      default -> throw new TemplateException("tojson cannot write " + Text.type(value));
    }
    budget.leave();
  }

  private void items(List<?> items, int level) {
    if (items.isEmpty()) {
      out.append("[]");
      return;
    }
    out.append("[");
    boolean first = true;
    for (Object item : items) {
      out.append(first ? "" : itemSeparator);
      newline(level + 1);
      value(item, level + 1);
      first = false;
    }
    newline(level);
    out.append("]");
  }

  private void entries(Map<?, ?> map, int level) {
    if (map.isEmpty()) {
      out.append("{}");
      return;
    }
    out.append("{");
    boolean first = true;
    List<Map.Entry<?, ?>> entries = new ArrayList<>(map.entrySet());
    if (sortKeys) {
      entries.sort(
          Comparator.comparing(Map.Entry::getKey, (a, b) -> Operators.compare(a, b, budget)));
    }
    for (Map.Entry<?, ?> entry : entries) {
      out.append(first ? "" : itemSeparator);
      newline(level + 1);
      string(key(entry.getKey()));
      out.append(keySeparator);
      value(entry.getValue(), level + 1);
      first = false;
    }
    newline(level);
    out.append("}");
  }

  private String key(Object key) {
    return switch (key) {
      case String s -> s;
      case Long l -> l.toString();
      case Double d -> number(d);
      case None none -> "null";
      default -> throw new TemplateException("tojson cannot write a key of " + Text.type(key));
    };
  }

  private static String number(double value) {
    return Double.isNaN(value)
        ? "NaN"
        : Double.isInfinite(value) ? (value > 0 ? "Infinity" : "-Infinity") : Text.number(value);
  }

  private void newline(int level) {
    if (indented) {
      out.append("\n");
      for (int i = 0; i < level; i++) {
        out.append(indent);
      }
    }
  }

  private void string(String text) {
    budget.string(text.length());
    StringBuilder quoted = new StringBuilder(text.length() + 2).append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> quoted.append("\\\"");
        case '\\' -> quoted.append("\\\\");
        case '\n' -> quoted.append("\\n");
        case '\r' -> quoted.append("\\r");
        case '\t' -> quoted.append("\\t");
        case '\b' -> quoted.append("\\b");
        case '\f' -> quoted.append("\\f");
        default -> {
          if (c < 0x20 || (ascii && c > 0x7e)) {
            quoted.append("\\u%04x".formatted((int) c));
          } else {
            quoted.append(c);
          }
        }
      }
    }
    out.append(quoted.append('"').toString());
  }
}
