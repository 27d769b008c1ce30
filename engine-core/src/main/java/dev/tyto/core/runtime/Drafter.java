package dev.tyto.core.runtime;

import java.util.List;

/**
 * Guesses the next tokens of sessions, to be verified in their next pass. Guesses can only cost
 * time: a token is kept only if it is the model's own draw. Runs on the scheduler's thread, after
 * each pass.
 */
interface Drafter {
  /** A drafter for models that draft nothing. */
  Drafter NONE = (jobs, length) -> {};

  /**
   * Called after every pass, so that a drafter can follow what the pass has put into the caches.
   *
   * @param jobs the generations that took part in the pass and go on
   * @param length most tokens to draft per session, 0 for none
   */
  void draft(List<GenerationJob> jobs, int length);

  /** Tokens of a session, from its first, whose drafting state is complete. */
  default int drafted(LocalSession session) {
    return Integer.MAX_VALUE;
  }
}
