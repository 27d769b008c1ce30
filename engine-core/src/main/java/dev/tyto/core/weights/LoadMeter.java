package dev.tyto.core.weights;

import dev.tyto.core.LoadProgress;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Counts bytes read and packed, and tells the listener. */
final class LoadMeter {
  private final Map<String, Long> packedBytes = new TreeMap<>();
  private final long total;
  private final @Nullable LoadProgress listener;
  private long done;

  LoadMeter(long total, @Nullable LoadProgress listener) {
    this.total = total;
    this.listener = listener;
  }

  void add(String format, long packed, long read) {
    packedBytes.merge(format, packed, Long::sum);
    done += read;
    if (listener != null) {
      listener.update(Math.min(done, total), total);
    }
  }

  Map<String, Long> packedBytes() {
    return Map.copyOf(packedBytes);
  }
}
