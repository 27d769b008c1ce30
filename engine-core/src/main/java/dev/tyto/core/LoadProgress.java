package dev.tyto.core;

/** Told how far loading has come. Called from one thread. */
@FunctionalInterface
public interface LoadProgress {
  /**
   * Takes note of progress.
   *
   * @param done bytes of weights read and packed so far
   * @param total bytes of weights to read in all
   */
  void update(long done, long total);
}
