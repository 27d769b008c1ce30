package dev.tyto.core.weights;

import dev.tyto.core.WeightType;
import dev.tyto.kernels.ElementType;
import dev.tyto.kernels.InvalidWeightException;
import dev.tyto.kernels.Kernels;
import dev.tyto.kernels.WeightFormat;
import dev.tyto.kernels.WeightMatrix;
import dev.tyto.kernels.WorkerPool;
import dev.tyto.loader.Checkpoint;
import dev.tyto.loader.LoadException;
import dev.tyto.loader.Tensor;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads tensors of a checkpoint into kernels' memory: checks shape and dtype, copies, packs. Panels
 * are read and packed in parallel; each worker has one staging buffer, freed by {@link #close}.
 */
final class TensorReader implements AutoCloseable {
  private static final String SCALE_SUFFIX = "_scale_inv";

  private final Checkpoint checkpoint;
  private final Arena arena;
  private final WorkerPool pool;
  private final LoadMeter meter;
  private final WeightType weights;
  private final Arena stagingArena = Arena.ofShared();
  private final MemorySegment[] staging;

  TensorReader(
      Checkpoint checkpoint, Arena arena, WorkerPool pool, LoadMeter meter, WeightType weights) {
    this.weights = weights;
    this.checkpoint = checkpoint;
    this.arena = arena;
    this.pool = pool;
    this.meter = meter;
    this.staging = new MemorySegment[pool.threads()];
    Arrays.fill(staging, MemorySegment.NULL);
  }

  /** A vector of {@code length} values as floats. */
  float[] vector(String name, int length) throws LoadException {
    Tensor t = checked(name, length);
    return floats(t, length);
  }

  /** A matrix [outputs, inputs] of a projection: quantised if that was asked for. */
  WeightMatrix projection(String name, int outputs, int inputs) throws LoadException {
    if (weights == WeightType.ORIGINAL) {
      return matrix(name, outputs, inputs);
    }
    Tensor t = checked(name, outputs, inputs);
    ElementType type = elementType(t);
    float[] scales = type == ElementType.F8_E4M3 ? scales(t, outputs, inputs) : null;
    WeightFormat format = weights == WeightType.INT8 ? WeightFormat.INT8 : WeightFormat.INT4;
    WeightMatrix m = WeightMatrix.allocate(format, outputs, inputs, arena);
    long rowBytes = (long) inputs * type.bytes();
    inParallel(
        m.panels(),
        (panel, worker) -> {
          int first = panel * WeightMatrix.PANEL;
          int rows = Math.min(WeightMatrix.PANEL, outputs - first);
          long floatBytes = (long) rows * inputs * Float.BYTES;
          MemorySegment buffer = staging(worker, floatBytes + rows * rowBytes);
          MemorySegment source = buffer.asSlice(floatBytes);
          t.copyTo(first * rowBytes, source, 0, rows * rowBytes);
          widenRows(type, source, buffer, scales, first, rows, inputs, t);
          pack(m, panel, buffer, ElementType.F32, t, 0, 0);
        });
    meter.add(format.name(), m.byteSize(), t.byteSize());
    return m;
  }

  /** A matrix [outputs, inputs], packed in its own format. */
  WeightMatrix matrix(String name, int outputs, int inputs) throws LoadException {
    Tensor t = checked(name, outputs, inputs);
    ElementType type = elementType(t);
    WeightMatrix m = WeightMatrix.allocate(format(type), outputs, inputs, arena);
    if (type == ElementType.F8_E4M3) {
      m.blockScales(scales(t, outputs, inputs));
    }
    long rowBytes = (long) inputs * type.bytes();
    inParallel(
        m.panels(),
        (panel, worker) -> {
          int first = panel * WeightMatrix.PANEL;
          long bytes = Math.min(WeightMatrix.PANEL, outputs - first) * rowBytes;
          MemorySegment rows = staging(worker, bytes);
          t.copyTo(first * rowBytes, rows, 0, bytes);
          pack(m, panel, rows, type, t, first, 0);
        });
    meter.add(m.format().name(), m.byteSize(), t.byteSize());
    return m;
  }

  /** The row-major table [rows, width], as it is. */
  EmbeddingTable table(String name, int rows, int width) throws LoadException {
    Tensor t = checked(name, rows, width);
    ElementType type = elementType(t);
    if (type == ElementType.F8_E4M3) {
      throw new LoadException(
          t.file(), "tensor " + name + " is F8_E4M3, but an embedding must be F32, F16 or BF16");
    }
    MemorySegment data = arena.allocate(t.byteSize(), 64);
    long chunk = 1L << 22;
    inParallel(
        Math.toIntExact((t.byteSize() + chunk - 1) / chunk),
        (i, worker) -> {
          long from = i * chunk;
          t.copyTo(from, data, from, Math.min(chunk, t.byteSize() - from));
        });
    meter.add(type.name(), data.byteSize(), t.byteSize());
    return new EmbeddingTable(type, data, width);
  }

  /** The two halves of kv_b_proj, per head. */
  record KvUp(List<WeightMatrix> keyUp, List<WeightMatrix> valueUp) {}

  /**
   * Splits kv_b_proj [heads * (nope + value), latent] by head into the key half, transposed to
   * [latent, nope], and the value half [value, latent]. Where FP8 blocks do not align with the
   * halves (never in a released model), the weights become code x scale in fp32.
   */
  KvUp kvUp(String name, int heads, int nope, int value, int latent) throws LoadException {
    int rows = Math.multiplyExact(heads, nope + value);
    Tensor t = checked(name, rows, latent);
    ElementType type = elementType(t);
    float[] scales = type == ElementType.F8_E4M3 ? scales(t, rows, latent) : null;
    boolean aligned = nope % WeightMatrix.BLOCK == 0 && value % WeightMatrix.BLOCK == 0;
    ElementType packed = scales != null && !aligned ? ElementType.F32 : type;
    WeightMatrix[] keyUp = new WeightMatrix[heads];
    WeightMatrix[] valueUp = new WeightMatrix[heads];
    for (int h = 0; h < heads; h++) {
      keyUp[h] = WeightMatrix.allocate(format(packed), latent, nope, arena);
      valueUp[h] = WeightMatrix.allocate(format(packed), value, latent, arena);
      if (scales != null && aligned) {
        keyUp[h].blockScales(transposedBlocks(scales, h * (nope + value), nope, latent));
        valueUp[h].blockScales(blocks(scales, h * (nope + value) + nope, value, latent));
      }
    }
    int pitch = packed.bytes();
    long sourceBytes = (long) (nope + value) * latent * type.bytes();
    long packedBytes = (long) (nope + value) * latent * pitch;
    inParallel(
        heads,
        (h, worker) -> {
          int firstRow = h * (nope + value);
          MemorySegment buffer =
              staging(worker, sourceBytes + packedBytes + (long) nope * latent * pitch);
          MemorySegment source = buffer.asSlice(0, sourceBytes);
          t.copyTo((long) firstRow * latent * type.bytes(), source, 0, sourceBytes);
          MemorySegment rowMajor = source;
          if (packed != type) {
            rowMajor = buffer.asSlice(sourceBytes, packedBytes);
            widenRows(type, source, rowMajor, scales, firstRow, nope + value, latent, t);
          }
          MemorySegment transposed = buffer.asSlice(sourceBytes + packedBytes);
          transpose(rowMajor, transposed, nope, latent, pitch);
          packAll(keyUp[h], transposed, packed, t, 0);
          packAll(
              valueUp[h],
              rowMajor.asSlice((long) nope * latent * pitch),
              packed,
              t,
              firstRow + nope);
        });
    for (int h = 0; h < heads; h++) {
      meter.add(format(packed).name(), keyUp[h].byteSize() + valueUp[h].byteSize(), sourceBytes);
    }
    return new KvUp(List.of(keyUp), List.of(valueUp));
  }

  @Override
  public void close() {
    stagingArena.close();
  }

  private Tensor checked(String name, long... shape) throws LoadException {
    Tensor t = checkpoint.tensor(name);
    List<Long> expected = Arrays.stream(shape).boxed().toList();
    if (!t.shape().equals(expected)) {
      throw new LoadException(
          t.file(),
          "tensor "
              + name
              + " has shape "
              + t.shape()
              + ", but config.json asks for "
              + expected
              + ": the two files do not belong together");
    }
    return t;
  }

  private float[] floats(Tensor t, int length) throws LoadException {
    ElementType type = elementType(t);
    try (Arena temporary = Arena.ofConfined()) {
      MemorySegment raw = temporary.allocate(Math.max(1, t.byteSize()), 64);
      t.copyTo(0, raw, 0, t.byteSize());
      float[] values = new float[length];
      Kernels.get().widen(type, raw, 0, values, 0, length);
      return values;
    }
  }

  /** weight_scale_inv of an FP8 weight, which may lie in another shard. */
  private float[] scales(Tensor weight, int outputs, int inputs) throws LoadException {
    int rows = blocks(outputs);
    int columns = blocks(inputs);
    String name = weight.name() + SCALE_SUFFIX;
    float[] scales = floats(checked(name, rows, columns), Math.multiplyExact(rows, columns));
    for (int i = 0; i < scales.length; i++) {
      if (!Float.isFinite(scales[i])) {
        throw new LoadException(
            weight.file(),
            "tensor "
                + name
                + " has the scale "
                + scales[i]
                + " at block "
                + i
                + ": the checkpoint is damaged");
      }
    }
    return scales;
  }

  private static int blocks(int n) {
    return (n + WeightMatrix.BLOCK - 1) / WeightMatrix.BLOCK;
  }

  private static float[] blocks(float[] scales, int firstRow, int rows, int columns) {
    int width = blocks(columns);
    int from = firstRow / WeightMatrix.BLOCK * width;
    return Arrays.copyOfRange(scales, from, from + blocks(rows) * width);
  }

  private static float[] transposedBlocks(float[] scales, int firstRow, int rows, int columns) {
    float[] block = blocks(scales, firstRow, rows, columns);
    int width = blocks(columns);
    int height = blocks(rows);
    float[] transposed = new float[block.length];
    for (int r = 0; r < height; r++) {
      for (int c = 0; c < width; c++) {
        transposed[c * height + r] = block[r * width + c];
      }
    }
    return transposed;
  }

  /** Row-major elements to row-major floats, FP8 codes times their scales. */
  private static void widenRows(
      ElementType type,
      MemorySegment source,
      MemorySegment target,
      float @Nullable [] scales,
      int firstRow,
      int rows,
      int columns,
      Tensor t)
      throws LoadException {
    float[] row = new float[columns];
    int width = blocks(columns);
    for (int r = 0; r < rows; r++) {
      long at = (long) r * columns;
      Kernels.get().widen(type, source, at * type.bytes(), row, 0, columns);
      int scaleRow = (firstRow + r) / WeightMatrix.BLOCK * width;
      for (int c = 0; c < columns; c++) {
        if (!Float.isFinite(row[c])) {
          throw new LoadException(t.file(), nanMessage(t, firstRow + r, c));
        }
        if (scales != null) {
          row[c] *= scales[scaleRow + c / WeightMatrix.BLOCK];
        }
      }
      MemorySegment.copy(row, 0, target, ValueLayout.JAVA_FLOAT, at * Float.BYTES, columns);
    }
  }

  private static void transpose(
      MemorySegment source, MemorySegment target, int rows, int columns, int bytes) {
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        long from = ((long) r * columns + c) * bytes;
        long to = ((long) c * rows + r) * bytes;
        switch (bytes) {
          case 1 -> target.set(ValueLayout.JAVA_BYTE, to, source.get(ValueLayout.JAVA_BYTE, from));
          case 2 ->
              target.set(
                  ValueLayout.JAVA_SHORT_UNALIGNED,
                  to,
                  source.get(ValueLayout.JAVA_SHORT_UNALIGNED, from));
          default ->
              target.set(
                  ValueLayout.JAVA_INT_UNALIGNED,
                  to,
                  source.get(ValueLayout.JAVA_INT_UNALIGNED, from));
        }
      }
    }
  }

  private static void packAll(
      WeightMatrix m, MemorySegment rows, ElementType type, Tensor t, int firstRow)
      throws LoadException {
    long rowBytes = (long) m.inputs() * type.bytes();
    for (int p = 0; p < m.panels(); p++) {
      pack(m, p, rows.asSlice((long) p * WeightMatrix.PANEL * rowBytes), type, t, firstRow, 0);
    }
  }

  private static void pack(
      WeightMatrix m,
      int panel,
      MemorySegment rows,
      ElementType type,
      Tensor t,
      int firstRow,
      int firstColumn)
      throws LoadException {
    try {
      m.packPanel(panel, rows, type);
    } catch (InvalidWeightException e) {
      throw new LoadException(
          t.file(), nanMessage(t, firstRow + e.row(), firstColumn + e.column()), e);
    }
  }

  private static String nanMessage(Tensor t, int row, int column) {
    return "tensor "
        + t.name()
        + " has a weight that is not a finite number at row "
        + row
        + ", column "
        + column
        + ": the checkpoint is damaged";
  }

  private static ElementType elementType(Tensor t) throws LoadException {
    return switch (t.dtype()) {
      case F32 -> ElementType.F32;
      case F16 -> ElementType.F16;
      case BF16 -> ElementType.BF16;
      case F8_E4M3 -> ElementType.F8_E4M3;
      default ->
          throw new LoadException(
              t.file(),
              "tensor "
                  + t.name()
                  + " has dtype "
                  + t.dtype()
                  + ", but weights must be F32, F16, BF16 or F8_E4M3");
    };
  }

  private static WeightFormat format(ElementType type) {
    return switch (type) {
      case F32 -> WeightFormat.F32;
      case F16 -> WeightFormat.F16;
      case BF16 -> WeightFormat.BF16;
      case F8_E4M3 -> WeightFormat.FP8_E4M3;
    };
  }

  private MemorySegment staging(int worker, long bytes) {
    MemorySegment buffer = staging[worker];
    if (buffer.byteSize() < bytes) {
      buffer = stagingArena.allocate(bytes, 64);
      staging[worker] = buffer;
    }
    return buffer.asSlice(0, bytes);
  }

  @FunctionalInterface
  private interface LoadTask {
    void run(int index, int worker) throws LoadException;
  }

  private void inParallel(int count, LoadTask task) throws LoadException {
    try {
      pool.run(
          count,
          (index, worker) -> {
            try {
              task.run(index, worker);
            } catch (LoadException e) {
              throw new UncheckedIOException(e);
            }
          });
    } catch (UncheckedIOException e) {
      throw rethrown(e);
    }
  }

  private static LoadException rethrown(UncheckedIOException e) {
    if (e.getCause() instanceof LoadException cause) {
      return cause;
    }
    throw e;
  }
}
