/** A tiny trained DeepSeek-V3-architecture model, for demonstration and tests. */
@org.jspecify.annotations.NullMarked
module dev.tyto.demo {
  requires static org.jspecify;

  exports dev.tyto.demo;
}
