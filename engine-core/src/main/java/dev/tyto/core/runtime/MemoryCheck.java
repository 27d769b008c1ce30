package dev.tyto.core.runtime;

import com.sun.management.OperatingSystemMXBean;
import dev.tyto.loader.LoadException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;

/** Refuses a model before it starts that cannot fit into this machine (or container). */
final class MemoryCheck {
  private MemoryCheck() {}

  static void weightsFit(Path folder, long weightBytes) throws LoadException {
    if (ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean os
        && weightBytes > os.getTotalMemorySize()) {
      throw new LoadException(
          folder,
          "the weights take %.1f GB, but this machine has %.1f GB of memory: use a smaller or quantised checkpoint"
              .formatted(weightBytes / 1e9, os.getTotalMemorySize() / 1e9));
    }
  }
}
