package dev.tyto.cli;

import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** A progress bar on standard error; nothing at all if that is not a terminal. */
final class Bar implements AutoCloseable {
  /** Fits the narrowest usual terminal; asking for the real width would start JLine. */
  private static final int WIDTH = 79;

  private final @Nullable ProgressBar bar;

  /**
   * Leaves the line of the bar when Ctrl-C ends the program, so that the shell's prompt does not.
   */
  private final Thread leaveLine;

  /**
   * @param unit of a step, such as " MiB", or empty
   */
  Bar(Console console, String task, long steps, String unit) {
    leaveLine = new Thread(console.err()::println);
    if (!console.errIsTerminal()) {
      bar = null;
      return;
    }
    bar =
        new ProgressBarBuilder()
            .setTaskName(task)
            .setInitialMax(steps)
            .setUnit(unit, 1)
            .setStyle(ProgressBarStyle.ASCII)
            .setUpdateIntervalMillis(200)
            .clearDisplayOnFinish()
            .setConsumer(new ConsoleProgressBarConsumer(console.err(), WIDTH))
            .build();
    Runtime.getRuntime().addShutdownHook(leaveLine);
  }

  void step() {
    if (bar != null) {
      bar.step();
    }
  }

  void stepTo(long step) {
    if (bar != null) {
      bar.stepTo(step);
    }
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
      try {
        Runtime.getRuntime().removeShutdownHook(leaveLine);
      } catch (IllegalStateException e) {
        // The JVM is shutting down, and the hook has its say.
      }
    }
  }
}
