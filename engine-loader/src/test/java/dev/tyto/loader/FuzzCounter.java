package dev.tyto.loader;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts what a fuzz test really executed. A fuzz test that is not told to search replays its seeds
 * and passes; so does one whose setting is lost in a build file.
 */
final class FuzzCounter {
  /** How many inputs each fuzz test tries. */
  static final long EXECUTIONS = 40_000;

  private final AtomicLong executions = new AtomicLong();

  void count() {
    executions.incrementAndGet();
  }

  void assertSearched() {
    // Set beside JAZZER_FUZZ by the build, and not asked of Jazzer: were its setting lost, this
    // would not be.
    if (!Boolean.getBoolean("tyto.fuzz")) {
      return;
    }
    assertTrue(
        executions.get() >= EXECUTIONS * 9 / 10,
        () -> "Jazzer executed only " + executions.get() + " inputs");
  }
}
