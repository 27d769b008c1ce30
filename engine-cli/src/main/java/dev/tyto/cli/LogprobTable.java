package dev.tyto.cli;

import dev.tyto.core.Token;
import dev.tyto.core.TokenLogprob;
import dev.tyto.text.Tokenizer;
import java.util.List;

/** The tokens of a text and what else they could have been, one line each. */
final class LogprobTable {
  private LogprobTable() {}

  static void print(Console console, Tokenizer tokenizer, List<Token> tokens) {
    for (Token token : tokens) {
      StringBuilder line = new StringBuilder();
      append(line, tokenizer, token.position(), token.id(), token.logprob());
      for (TokenLogprob other : token.top()) {
        line.append(Formats.format("  %s %.4f", quote(tokenizer, other.id()), other.logprob()));
      }
      console.err().println(line);
    }
  }

  private static void append(
      StringBuilder line, Tokenizer tokenizer, int position, int id, float logprob) {
    line.append(
        Formats.format("%6d %7d %10.4f  %-16s |", position, id, logprob, quote(tokenizer, id)));
  }

  /** The token's text with line breaks and quotes made visible. */
  private static String quote(Tokenizer tokenizer, int id) {
    return Json.write(tokenizer.decode(new int[] {id}, false));
  }
}
