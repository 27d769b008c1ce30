package dev.tyto.text;

import java.util.OptionalInt;

/** Text to token ids and back. Safe for use by many threads at once. */
public interface Tokenizer {
  /**
   * The token ids of a text. Special tokens spelled out in the text ({@code <|user|>}) are
   * recognised.
   *
   * @param text any text
   * @param addSpecialTokens whether to add what the tokenizer's configuration asks for around a
   *     text, such as the beginning-of-text token
   */
  int[] encode(String text, boolean addSpecialTokens);

  /**
   * The text of token ids. Bytes that are not UTF-8 come out as U+FFFD.
   *
   * @param ids token ids
   * @param skipSpecialTokens whether special tokens are left out
   * @throws IllegalArgumentException if an id is negative; an id that the tokenizer does not know
   *     decodes to nothing
   */
  String decode(int[] ids, boolean skipSpecialTokens);

  /** Number of token ids, added tokens included. A model may have a few more rows than that. */
  int vocabSize();

  /** The id of a token, spelled as in tokenizer.json. */
  OptionalInt idOf(String token);

  /** Whether a token is special: markup, which {@link #decode} can leave out. */
  boolean isSpecial(int id);

  /** A decoder for one stream of tokens. */
  TokenDecoder newDecoder(boolean skipSpecialTokens);
}
