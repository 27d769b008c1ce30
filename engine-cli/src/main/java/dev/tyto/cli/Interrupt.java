package dev.tyto.cli;

import org.jline.utils.Signals;
import org.jspecify.annotations.Nullable;

/**
 * While open, the first Ctrl-C stops the work at hand instead of ending the JVM. A second one ends
 * it at once, in case the first has no effect.
 */
final class Interrupt implements AutoCloseable {
  /** What a shell reports for a process that Ctrl-C ended. */
  static final int EXIT_CODE = 130;

  private static final String INT = "INT";

  private final @Nullable Object previous;
  private @Nullable Runnable action;
  private boolean happened;

  Interrupt() {
    // JLine's way to sun.misc.Signal, the only one there is, which javac warns of unconditionally.
    previous = Signals.register(INT, this::interrupt);
  }

  /** What stops the work at hand; runs now if Ctrl-C was pressed already. */
  void stopBy(Runnable stop) {
    synchronized (this) {
      action = stop;
    }
    if (happened()) {
      stop.run();
    }
  }

  /** Whether Ctrl-C was pressed. */
  synchronized boolean happened() {
    return happened;
  }

  private void interrupt() {
    Runnable stop;
    synchronized (this) {
      if (happened) {
        Runtime.getRuntime().halt(EXIT_CODE);
      }
      happened = true;
      stop = action;
    }
    // Outside the lock: it waits for the pass that runs.
    if (stop != null) {
      stop.run();
    }
  }

  @Override
  public void close() {
    Signals.unregister(INT, previous);
  }
}
