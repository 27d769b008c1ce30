package dev.tyto.cli;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * The memory of this machine, or of the container around the process.
 *
 * @param total bytes in all
 * @param available bytes that a new process can use without swapping
 */
record MachineMemory(long total, long available) {
  private static final Path MEMINFO = Path.of("/proc/meminfo");

  static MachineMemory read() {
    OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    long total = system.getTotalMemorySize();
    // On Linux the bean's "free" leaves out the page cache, most of which can be used.
    long available = Math.max(system.getFreeMemorySize(), linuxAvailable());
    return new MachineMemory(total, Math.min(total, available));
  }

  private static long linuxAvailable() {
    if (!Files.isReadable(MEMINFO)) {
      return 0;
    }
    try (Stream<String> lines = Files.lines(MEMINFO)) {
      return lines
          .filter(line -> line.startsWith("MemAvailable:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
          .findFirst()
          .orElse(0);
    } catch (IOException | NumberFormatException e) {
      return 0;
    }
  }
}
