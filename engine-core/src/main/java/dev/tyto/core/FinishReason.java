package dev.tyto.core;

/** Why a generation ended. */
public enum FinishReason {
  /** A stop id was drawn (it is the last token delivered), or a stop string was met. */
  STOP,
  /** The maximum number of tokens was reached. */
  MAX_TOKENS,
  /** The session's context is full. */
  CONTEXT_FULL,
  /** {@link Generation#cancel} was called, or the session or model was closed. */
  CANCELLED,
  /** The pass failed; {@link Generation#next} throws the cause. */
  FAILED
}
