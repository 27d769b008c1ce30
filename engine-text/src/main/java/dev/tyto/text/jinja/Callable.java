package dev.tyto.text.jinja;

/** Something that a template can call: a global function, a method bound to its value, a macro. */
@FunctionalInterface
interface Callable {
  Object call(Arguments arguments);
}
