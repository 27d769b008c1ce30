package dev.tyto.cli;

import dev.tyto.core.PassObserver;
import dev.tyto.loader.DType;
import dev.tyto.loader.SafetensorsWriter;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Keeps all that an observer sees, off-heap, since logits of a long prompt outgrow an array.
 * Written by the engine's thread and read when that has finished.
 */
final class PassCapture implements PassObserver, AutoCloseable {
  /**
   * A tensor with one row per position.
   *
   * @param width elements in a row
   */
  private record Rows(DType dtype, int width, MemorySegment data) {}

  private final Arena arena = Arena.ofShared();
  private final Map<String, Rows> tensors = new LinkedHashMap<>();
  private final int positions;

  PassCapture(int positions) {
    this.positions = positions;
  }

  @Override
  public void hidden(int layer, int position, float[] data, int offset, int length) {
    put("hidden" + layer, position, data, offset, length);
  }

  @Override
  public void route(int layer, int position, int[] ids, float[] weights, int offset, int k) {
    MemorySegment target = rows("layer" + layer + ".topk_ids", DType.I32, k);
    long start = (long) position * k * Integer.BYTES;
    MemorySegment.copy(ids, offset, target, ValueLayout.JAVA_INT, start, k);
    put("layer" + layer + ".topk_weights", position, weights, offset, k);
  }

  @Override
  public void logits(int position, float[] data, int offset, int length) {
    put("logits", position, data, offset, length);
  }

  private void put(String name, int position, float[] data, int offset, int length) {
    long start = (long) position * length * Float.BYTES;
    MemorySegment target = rows(name, DType.F32, length);
    MemorySegment.copy(data, offset, target, ValueLayout.JAVA_FLOAT, start, length);
  }

  private MemorySegment rows(String name, DType dtype, int width) {
    return tensors
        .computeIfAbsent(
            name,
            key -> {
              // Both dtypes have elements of 4 bytes.
              long bytes = (long) positions * width * Integer.BYTES;
              return new Rows(dtype, width, arena.allocate(bytes, Long.BYTES));
            })
        .data();
  }

  /** Writes all tensors to a safetensors file. */
  void write(Path file) throws IOException {
    SafetensorsWriter.Builder builder =
        SafetensorsWriter.to(file).metadata("producer", "tyto " + Version.number());
    tensors.forEach((name, rows) -> builder.tensor(name, rows.dtype(), positions, rows.width()));
    try (SafetensorsWriter writer = builder.open()) {
      for (Map.Entry<String, Rows> tensor : tensors.entrySet()) {
        writer.write(tensor.getKey(), tensor.getValue().data());
      }
      writer.commit();
    }
  }

  @Override
  public void close() {
    arena.close();
  }
}
