package dev.tyto.text;

import java.util.List;

/**
 * A conversation with a model. It keeps its history and the KV cache over turns: each turn the
 * whole conversation is rendered with the model's chat template, and only the tokens that differ
 * from what the cache holds are run. For one thread, but for {@link TextStream#cancel}.
 */
public final class ChatSession implements AutoCloseable {
  ChatSession() {}

  /**
   * Says something to the model and streams its answer. Both enter the history when the stream
   * ends; a cancelled answer stays there as far as it was taken, and a failed one leaves the
   * history as it was.
   *
   * @throws ChatTemplateException if the template does not accept the conversation; nothing changes
   * @throws dev.tyto.core.ContextOverflowException if the conversation no longer fits the context;
   *     nothing changes
   * @throws IllegalStateException if closed, or if the last answer is still being generated
   */
  public TextStream send(String userMessage, TextOptions options) {
    throw new UnsupportedOperationException("contract");
  }

  /** The conversation so far, the system prompt first if there is one. A copy. */
  public List<ChatMessage> history() {
    throw new UnsupportedOperationException("contract");
  }

  /** Forgets all turns, but not the system prompt. Cancels an answer that is being generated. */
  public void reset() {
    throw new UnsupportedOperationException("contract");
  }

  /** Cancels what runs and frees the cache. Closing twice is harmless. */
  @Override
  public void close() {
    throw new UnsupportedOperationException("contract");
  }
}
