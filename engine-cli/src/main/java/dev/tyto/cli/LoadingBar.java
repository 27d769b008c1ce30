package dev.tyto.cli;

import dev.tyto.core.LoadProgress;
import org.jspecify.annotations.Nullable;

/** A progress bar for loading, on a terminal, once it takes long enough that one wonders. */
final class LoadingBar implements LoadProgress, AutoCloseable {
  private static final long PATIENCE_NANOS = 1_000_000_000L;
  private static final long MEBIBYTE = 1 << 20;

  private final Console console;
  private final long patienceNanos;
  private final long start = System.nanoTime();
  private @Nullable Bar bar;

  LoadingBar(Console console) {
    this(console, PATIENCE_NANOS);
  }

  LoadingBar(Console console, long patienceNanos) {
    this.console = console;
    this.patienceNanos = patienceNanos;
  }

  @Override
  public void update(long done, long total) {
    if (bar == null) {
      if (System.nanoTime() - start < patienceNanos || done >= total) {
        return;
      }
      bar = new Bar(console, "Loading", total / MEBIBYTE, " MiB");
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
