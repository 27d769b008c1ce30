package dev.tyto.cli;

import java.util.function.Supplier;

/**
 * Turns what the engine says about its arguments into what a user did wrong on the command line.
 */
final class Usage {
  private Usage() {}

  /** The supplier's value; an {@link IllegalArgumentException} becomes a usage error. */
  static <T> T check(String option, Supplier<T> value) {
    try {
      return value.get();
    } catch (IllegalArgumentException e) {
      throw new UsageException(option + ": " + e.getMessage());
    }
  }

  /** A number that must not be below a minimum. */
  static int atLeast(int minimum, String option, int value) {
    if (value < minimum) {
      throw new UsageException(option + " is " + value + ", but must be at least " + minimum);
    }
    return value;
  }
}
