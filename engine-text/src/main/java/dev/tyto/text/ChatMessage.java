package dev.tyto.text;

import java.util.Objects;

/**
 * One turn of a conversation.
 *
 * @param role who speaks: {@link #SYSTEM}, {@link #USER}, {@link #ASSISTANT}, or another role that
 *     the model's chat template knows
 * @param content what was said
 */
public record ChatMessage(String role, String content) {
  /** The role of instructions that stand above the conversation. */
  public static final String SYSTEM = "system";

  /** The role of the person who asks. */
  public static final String USER = "user";

  /** The role of the model. */
  public static final String ASSISTANT = "assistant";

  /** Checks that neither is null. */
  public ChatMessage {
    Objects.requireNonNull(role, "role");
    Objects.requireNonNull(content, "content");
  }

  /** Instructions that stand above the conversation. */
  public static ChatMessage system(String content) {
    return new ChatMessage(SYSTEM, content);
  }

  /** A message of the user. */
  public static ChatMessage user(String content) {
    return new ChatMessage(USER, content);
  }

  /** An answer of the model. */
  public static ChatMessage assistant(String content) {
    return new ChatMessage(ASSISTANT, content);
  }
}
