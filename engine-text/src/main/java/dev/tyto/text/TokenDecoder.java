package dev.tyto.text;

/**
 * Decodes tokens one at a time. The concatenation of all pieces, {@link #finish} included, is what
 * {@link Tokenizer#decode} gives for all tokens at once. For one thread.
 */
public interface TokenDecoder {
  /**
   * Takes the next token.
   *
   * @return the text that is now certain; empty while the token leaves a character incomplete
   */
  String append(int id);

  /**
   * Ends the text.
   *
   * @return what was held back; bytes that never became a whole character come out as U+FFFD
   */
  String finish();
}
