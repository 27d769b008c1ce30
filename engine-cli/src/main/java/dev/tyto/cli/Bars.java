package dev.tyto.cli;

import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** Progress bars on standard error. */
final class Bars {
  /** Fits the narrowest usual terminal; asking for the real width would start JLine. */
  private static final int WIDTH = 79;

  private Bars() {}

  /** A bar, or null if nobody watches. try-with-resources takes both. */
  static @Nullable ProgressBar open(Console console, String task, long steps) {
    return console.errIsTerminal() ? builder(console, task, steps).build() : null;
  }

  static ProgressBarBuilder builder(Console console, String task, long steps) {
    return new ProgressBarBuilder()
        .setTaskName(task)
        .setInitialMax(steps)
        .setStyle(ProgressBarStyle.ASCII)
        .setUpdateIntervalMillis(200)
        .clearDisplayOnFinish()
        .setConsumer(new ConsoleProgressBarConsumer(console.err(), WIDTH));
  }
}
