/** Files in, named tensors and typed records out. Knows no maths. */
@org.jspecify.annotations.NullMarked
module dev.tyto.loader {
  requires org.slf4j;
  requires tools.jackson.core;
  requires tools.jackson.databind;
  requires static org.jspecify;

  exports dev.tyto.loader;
}
