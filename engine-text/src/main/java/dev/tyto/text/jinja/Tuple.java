package dev.tyto.text.jinja;

import java.util.List;

/** Python's tuple: a list that prints with round brackets and never equals a list. */
record Tuple(List<Object> items) {
  static Tuple of(Object... items) {
    return new Tuple(List.of(items));
  }
}
