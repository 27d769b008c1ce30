package dev.tyto.cli;

import dev.tyto.core.LoadProgress;
import me.tongfei.progressbar.ProgressBar;
import org.jspecify.annotations.Nullable;

/** A progress bar for loading, on a terminal, once it takes long enough that one wonders. */
final class LoadingBar implements LoadProgress, AutoCloseable {
  private static final long PATIENCE_NANOS = 1_000_000_000L;
  private static final long MEBIBYTE = 1 << 20;

  private final Console console;
  private final long start = System.nanoTime();
  private @Nullable ProgressBar bar;

  LoadingBar(Console console) {
    this.console = console;
  }

  @Override
  public void update(long done, long total) {
    if (bar == null) {
      if (!console.errIsTerminal() || System.nanoTime() - start < PATIENCE_NANOS || done >= total) {
        return;
      }
      bar = Bars.builder(console, "Loading", total / MEBIBYTE).setUnit(" MiB", 1).build();
    }
    bar.stepTo(done / MEBIBYTE);
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
