package dev.tyto.core;

/** The model could not go on: not-a-number scores or logits, or no memory for the KV cache. */
public class ModelException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public ModelException(String message) {
    super(message);
  }

  public ModelException(String message, Throwable cause) {
    super(message, cause);
  }
}
