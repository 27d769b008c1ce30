package dev.tyto.text;

import dev.tyto.core.ContextOverflowException;
import dev.tyto.text.TextStream.Ending;
import dev.tyto.text.TokenSession.TokenGeneration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What streams and chats of one model share. */
final class TextEngine {
  private final Tokenizer tokenizer;
  private final @Nullable ChatTemplate template;
  private final Set<Integer> eosIds;
  private final int contextLength;
  private final Supplier<TokenSession> sessions;

  /** Streams that have not ended: they end before the tokenizer is closed. */
  private final Set<TextStream> running = ConcurrentHashMap.newKeySet();

  /**
   * @param tokenizer of the model
   * @param template of the model, if it has one
   * @param eosIds tokens that end a text
   * @param contextLength most tokens of a session
   * @param sessions opens a session
   */
  TextEngine(
      Tokenizer tokenizer,
      @Nullable ChatTemplate template,
      Set<Integer> eosIds,
      int contextLength,
      Supplier<TokenSession> sessions) {
    this.tokenizer = tokenizer;
    this.template = template;
    this.eosIds = Set.copyOf(eosIds);
    this.contextLength = contextLength;
    this.sessions = sessions;
  }

  Tokenizer tokenizer() {
    return tokenizer;
  }

  @Nullable ChatTemplate template() {
    return template;
  }

  TokenSession newSession() {
    return sessions.get();
  }

  /** Cancels every stream that has not ended. */
  void cancelAll() {
    running.forEach(TextStream::cancel);
  }

  TextStream stream(String prompt, TextOptions options) {
    int[] ids = tokenizer.encode(prompt, true);
    if (ids.length == 0) {
      throw new IllegalArgumentException(
          "the prompt is empty, and this model's tokenizer adds nothing to it: give a text");
    }
    TokenSession session = newSession();
    try {
      return stream(session, ids, options, (stream, text, reason) -> session.close());
    } catch (RuntimeException e) {
      session.close();
      throw e;
    }
  }

  /** Continues a session by a prompt. */
  TextStream stream(TokenSession session, int[] prompt, TextOptions options, Ending ending) {
    Set<Integer> stopIds = new HashSet<>(options.ignoreEos() ? Set.of() : eosIds);
    List<String> stops = new ArrayList<>();
    for (String stop : options.stop()) {
      OptionalInt id = tokenizer.idOf(stop);
      // A special token never shows in the text, so that its text would never be met.
      if (id.isPresent() && tokenizer.isSpecial(id.getAsInt())) {
        stopIds.add(id.getAsInt());
      } else {
        stops.add(stop);
      }
    }
    TokenGeneration generation =
        session.generate(prompt, options.sampling(), options.maxTokens(), stopIds);
    Ending andForget =
        (stream, text, reason) -> {
          running.remove(stream);
          ending.ended(stream, text, reason);
        };
    TextStream stream =
        new TextStream(generation, tokenizer.newDecoder(true), new StopStrings(stops), andForget);
    running.add(stream);
    return stream;
  }

  ChatTemplate requireTemplate() {
    if (template == null) {
      throw new ChatTemplateException(
          "the model has no chat template in its tokenizer_config.json: it is a base model,"
              + " continue plain text with it");
    }
    return template;
  }

  /**
   * Brings a session to the tokens of a whole conversation: keeps the common prefix, and returns
   * what is left to run, one token at least. Nothing changes if the conversation does not fit.
   */
  int[] alignTo(TokenSession session, int[] conversation) {
    int[] held = session.tokens();
    int limit = Math.min(held.length, conversation.length - 1);
    int common = 0;
    while (common < limit && held[common] == conversation[common]) {
      common++;
    }
    if (conversation.length > contextLength) {
      throw new ContextOverflowException(common, conversation.length - common, contextLength);
    }
    if (common < held.length) {
      session.truncate(common);
    }
    return Arrays.copyOfRange(conversation, common, conversation.length);
  }
}
