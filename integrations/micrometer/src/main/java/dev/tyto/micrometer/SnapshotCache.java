package dev.tyto.micrometer;

import dev.tyto.core.ExpertStatistics;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One snapshot for all meters that are read at about the same time. */
final class SnapshotCache {
  private final Supplier<ExpertStatistics> source;
  private final long intervalNanos;
  private @Nullable ExpertStatistics snapshot;
  private long taken;

  SnapshotCache(Supplier<ExpertStatistics> source, Duration interval) {
    this.source = source;
    this.intervalNanos = interval.toNanos();
  }

  synchronized ExpertStatistics get() {
    ExpertStatistics current = snapshot;
    long now = System.nanoTime();
    if (current == null || now - taken >= intervalNanos) {
      current = source.get();
      snapshot = current;
      taken = now;
    }
    return current;
  }
}
