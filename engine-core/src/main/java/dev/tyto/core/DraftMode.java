package dev.tyto.core;

/**
 * How tokens are drafted for speculative decoding. Whatever the mode, the text is that of plain
 * decoding, token for token: a draft is kept only if it equals the model's own draw.
 */
public enum DraftMode {
  /** {@link #MTP} if the checkpoint has the module, else {@link #OFF}. */
  AUTO,
  /** One token per pass. */
  OFF,
  /** The checkpoint's multi-token-prediction module (DeepSeek-V3 technical report, section 2.2). */
  MTP,
  /** Prompt lookup: what followed the last tokens when they occurred before in the session. */
  NGRAM,
  /** A small model with the same vocabulary; see {@link LoadOptions#draftModel}. */
  MODEL
}
