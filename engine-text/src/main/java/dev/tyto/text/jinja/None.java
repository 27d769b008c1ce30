package dev.tyto.text.jinja;

/** Python's {@code None}. */
enum None {
  NONE
}
