package dev.tyto.text;

import dev.tyto.core.FinishReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A conversation with a model. It keeps its history and the KV cache over turns: each turn the
 * whole conversation is rendered with the model's chat template, and only the tokens that differ
 * from what the cache holds are run. For one thread, but for {@link TextStream#cancel}.
 */
public final class ChatSession implements AutoCloseable {
  private final TextEngine engine;
  private final ChatTemplate template;
  private final TokenSession session;
  private final List<ChatMessage> opening;

  /** An answer may be cancelled, and so enter the history, from another thread. */
  private final Lock lock = new ReentrantLock();

  private final List<ChatMessage> history;
  private @Nullable TextStream answer;
  private boolean answering;
  private boolean closed;

  ChatSession(TextEngine engine, List<ChatMessage> opening) {
    this.engine = engine;
    this.template = engine.requireTemplate();
    this.opening = List.copyOf(opening);
    this.history = new ArrayList<>(opening);
    this.session = engine.newSession();
  }

  /**
   * Says something to the model and streams its answer. Both enter the history when the stream
   * ends; a cancelled answer as far as it was taken. If the generation fails, the history stays as
   * it was before.
   *
   * @throws ChatTemplateException if the template does not accept the conversation; nothing changes
   * @throws dev.tyto.core.ContextOverflowException if the conversation no longer fits the context;
   *     nothing changes
   * @throws IllegalStateException if closed, or if the last answer has not ended
   */
  public TextStream send(String userMessage, TextOptions options) {
    ChatMessage message = ChatMessage.user(userMessage);
    Objects.requireNonNull(options, "options");
    lock.lock();
    try {
      if (closed) {
        throw new IllegalStateException("the chat is closed");
      }
      if (answering) {
        throw new IllegalStateException(
            "the last answer has not ended: read it to its end or cancel it");
      }
      List<ChatMessage> conversation = new ArrayList<>(history);
      conversation.add(message);
      int[] ids = engine.tokenizer().encode(template.render(conversation, true), false);
      if (ids.length == 0) {
        throw new ChatTemplateException("the chat template rendered nothing");
      }
      int[] rest = engine.alignTo(session, ids);
      TextStream stream =
          engine.stream(
              session, rest, options, (answered, text, reason) -> endAnswer(message, text, reason));
      answering = true;
      answer = stream;
      return stream;
    } finally {
      lock.unlock();
    }
  }

  private void endAnswer(ChatMessage message, String text, FinishReason reason) {
    lock.lock();
    try {
      answering = false;
      if (reason != FinishReason.FAILED) {
        history.add(message);
        history.add(ChatMessage.assistant(text));
      }
    } finally {
      lock.unlock();
    }
  }

  /** The conversation so far, the system prompt first if there is one. A copy. */
  public List<ChatMessage> history() {
    lock.lock();
    try {
      return List.copyOf(history);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Forgets all turns, but not the system prompt. Cancels an answer that is being generated.
   *
   * @throws IllegalStateException if closed
   */
  public void reset() {
    cancelAnswer();
    lock.lock();
    try {
      if (closed) {
        throw new IllegalStateException("the chat is closed");
      }
      session.truncate(0);
      history.clear();
      history.addAll(opening);
    } finally {
      lock.unlock();
    }
  }

  /** Cancels what runs and frees the cache. The history can still be read. Harmless if closed. */
  @Override
  public void close() {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
    } finally {
      lock.unlock();
    }
    cancelAnswer();
    session.close();
  }

  /** Without the lock: the stream takes it when it ends. */
  private void cancelAnswer() {
    TextStream running;
    lock.lock();
    try {
      running = answer;
      answer = null;
    } finally {
      lock.unlock();
    }
    if (running != null) {
      running.cancel();
    }
  }
}
