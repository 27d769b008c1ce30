package dev.tyto.text;

import org.jspecify.annotations.Nullable;

/**
 * A conversation that the model's chat template cannot or will not render: the template is not
 * valid, went over its limits, or refused the messages through {@code raise_exception}, or there is
 * no template at all.
 */
public final class ChatTemplateException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  /** With a one-sentence message. */
  public ChatTemplateException(String message) {
    super(message);
  }

  /** With a one-sentence message and what lies below it. */
  public ChatTemplateException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
