package dev.tyto.text.jinja;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The arguments of a call, filter or test. */
record Arguments(List<Object> positional, Map<String, Object> named) {
  static final Arguments NONE = new Arguments(List.of(), Map.of());

  static Arguments of(Object... positional) {
    return new Arguments(List.of(positional), Map.of());
  }

  /** These arguments without the first positional one. */
  Arguments rest() {
    return new Arguments(positional.subList(1, positional.size()), named);
  }

  /**
   * Assigns the arguments to a function's parameters.
   *
   * @throws TemplateException on too many arguments or a name that is no parameter
   */
  Bound bind(String function, String... parameters) {
    List<String> names = Arrays.asList(parameters);
    if (positional.size() > names.size()) {
      throw new TemplateException(
          function + "() takes at most " + names.size() + " arguments, not " + positional.size());
    }
    List<@Nullable Object> values = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      values.add(i < positional.size() ? positional.get(i) : null);
    }
    for (Map.Entry<String, Object> entry : named.entrySet()) {
      int index = names.indexOf(entry.getKey());
      if (index < 0) {
        throw new TemplateException(function + "() has no argument '" + entry.getKey() + "'");
      }
      if (values.get(index) != null) {
        throw new TemplateException(function + "() got '" + entry.getKey() + "' twice");
      }
      values.set(index, entry.getValue());
    }
    return new Bound(function, names, values);
  }

  /** Values by parameter. */
  record Bound(String function, List<String> names, List<@Nullable Object> values) {
    boolean has(int index) {
      return values.get(index) != null;
    }

    Object required(int index) {
      Object value = values.get(index);
      if (value == null) {
        throw new TemplateException(function + "() needs '" + names.get(index) + "'");
      }
      return value;
    }

    Object get(int index, Object fallback) {
      Object value = values.get(index);
      return value != null ? value : fallback;
    }

    String string(int index) {
      return text(index, required(index));
    }

    String string(int index, String fallback) {
      return text(index, get(index, fallback));
    }

    private String text(int index, Object value) {
      if (value instanceof String s) {
        return s;
      }
      throw new TemplateException(
          function + "() needs '" + names.get(index) + "' to be a string, not " + Text.type(value));
    }

    int integer(int index, int fallback) {
      Object value = get(index, (long) fallback);
      if (value instanceof Long l && l == l.intValue()) {
        return l.intValue();
      }
      throw new TemplateException(
          function + "() needs '" + names.get(index) + "' to be a small integer");
    }

    boolean truth(int index, boolean fallback) {
      return Operators.truth(get(index, fallback));
    }
  }
}
