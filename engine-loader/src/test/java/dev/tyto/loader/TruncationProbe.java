package dev.tyto.loader;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Reads a tensor of a file that it truncates. Run by {@link TruncatedMappingTest}. */
final class TruncationProbe {
  private static long sum;

  private TruncationProbe() {}

  public static void main(String[] arguments) throws Exception {
    Path path = Path.of(arguments[0]);
    int warmUp = Integer.parseInt(arguments[1]);
    try (SafetensorsFile file = SafetensorsFile.open(path);
        Arena arena = Arena.ofConfined()) {
      Tensor tensor = file.tensor("w").orElseThrow();
      MemorySegment mapped = tensor.mapped();
      MemorySegment target = arena.allocate(tensor.byteSize());
      for (int i = 0; i < warmUp; i++) {
        tensor.copyTo(0, target, 0, 64);
        sum += read(mapped, i % 100);
      }
      tensor.copyTo(0, target, 0, tensor.byteSize());

      try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
        channel.truncate(4096);
      }

      try {
        tensor.copyTo(0, target, 0, tensor.byteSize());
        System.out.println("copied");
      } catch (SafetensorsException e) {
        System.out.println("copy: " + e.reason());
      }
      try {
        for (int i = 0; i < 1000; i++) {
          sum += read(mapped, mapped.byteSize() - 1 - i);
        }
        System.out.println("read " + sum);
      } catch (InternalError e) {
        System.out.println("mapped: InternalError");
      }
    }
    System.out.println("alive");
  }

  private static int read(MemorySegment mapped, long offset) {
    return mapped.get(ValueLayout.JAVA_BYTE, offset);
  }
}
