/** Text in, text out: tokenizers, chat templates, and the few lines that most users call. */
@org.jspecify.annotations.NullMarked
module dev.tyto.text {
  requires transitive dev.tyto.core;
  requires ai.djl.tokenizers;
  requires tools.jackson.core;
  requires static org.jspecify;

  exports dev.tyto.text;
}
