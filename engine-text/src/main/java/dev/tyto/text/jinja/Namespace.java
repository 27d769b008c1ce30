package dev.tyto.text.jinja;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What {@code namespace()} makes: the one thing that a template can assign to from an inner scope.
 */
final class Namespace {
  private final Map<String, Object> attributes = new LinkedHashMap<>();

  Object get(String name) {
    Object value = attributes.get(name);
    return value != null
        ? value
        : new Undefined("'namespace object' has no attribute '" + name + "'");
  }

  void set(String name, Object value) {
    attributes.put(name, value);
  }
}
