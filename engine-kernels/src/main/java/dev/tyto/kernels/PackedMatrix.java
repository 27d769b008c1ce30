package dev.tyto.kernels;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Objects;

/** What all formats share: the panel geometry and the transposition from row-major rows. */
abstract sealed class PackedMatrix implements WeightMatrix
    permits F32Matrix, F16Matrix, Bf16Matrix, Fp8Matrix, GroupedMatrix {

  /** Bytes from one word of an output to its next: 64 outputs x 4 bytes. */
  static final int WORD_STRIDE = PANEL * Integer.BYTES;

  static final ValueLayout.OfInt WORD =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;

  /** Words transposed at a time: a cache line of each row, and 4 KB of the panel. */
  private static final int TILE = 16;

  private final int outputs;
  private final int inputs;
  private final MemorySegment data;
  private final long panelBytes;

  PackedMatrix(int outputs, int inputs, long panelBytes, Arena arena) {
    this.outputs = outputs;
    this.inputs = inputs;
    this.panelBytes = panelBytes;
    long panels = ((long) outputs + PANEL - 1) / PANEL;
    this.data = arena.allocate(Math.multiplyExact(panels, panelBytes), 64);
  }

  /** Bytes of a panel whose words hold {@code perWord} inputs each. */
  static long panelBytes(int inputs, int perWord) {
    return ((long) inputs + perWord - 1) / perWord * WORD_STRIDE;
  }

  @Override
  public final int outputs() {
    return outputs;
  }

  @Override
  public final int inputs() {
    return inputs;
  }

  @Override
  public final long byteSize() {
    return data.byteSize();
  }

  /** The packed words; native, so that kernels see one kind of segment only. */
  final MemorySegment data() {
    return data;
  }

  final long panelOffset(int panel) {
    return panel * panelBytes;
  }

  /**
   * Decodes inputs {@code firstInput .. firstInput+count-1} of a panel to {@code target[k*64 + n]}:
   * the scalar specification of the format. {@code firstInput} is a multiple of 32.
   */
  abstract void decode(int panel, int firstInput, int count, float[] target);

  /** The type of the row-major elements that this format is packed from. */
  abstract ElementType elementType();

  /** Whether any element in the word cannot be multiplied with. */
  abstract boolean invalid(int word);

  /** What {@link #invalid} means, for the message. */
  abstract String invalidReason();

  /** Rejects what cannot be packed; returns the number of rows of the panel. */
  final int checkRows(int panel, MemorySegment rows, ElementType type) {
    Objects.checkIndex(panel, panels());
    if (type != elementType()) {
      throw new IllegalArgumentException(
          format() + " weights are packed from " + elementType() + " elements, not " + type);
    }
    int rowCount = Math.min(PANEL, outputs - panel * PANEL);
    long bytes = rowCount * (long) inputs * type.bytes();
    if (rows.byteSize() < bytes) {
      throw new IllegalArgumentException(
          "packing panel " + panel + " needs " + bytes + " bytes of rows, not " + rows.byteSize());
    }
    return rowCount;
  }

  @Override
  public void packPanel(int panel, MemorySegment rows, ElementType type) {
    int rowCount = checkRows(panel, rows, type);
    int firstRow = panel * PANEL;
    long rowBytes = (long) inputs * type.bytes();
    int wholeWords = (int) (rowBytes / Integer.BYTES);
    long base = panelOffset(panel);
    // Through arrays and in bulk: much faster than word by word, above all before it is compiled.
    int[] source = new int[PANEL * TILE];
    int[] target = new int[PANEL * TILE];
    for (int q = 0; q < wholeWords; q += TILE) {
      int count = Math.min(TILE, wholeWords - q);
      for (int n = 0; n < rowCount; n++) {
        long from = n * rowBytes + (long) q * Integer.BYTES;
        MemorySegment.copy(rows, WORD, from, source, n * TILE, count);
      }
      transpose(source, target, rowCount, count, q, firstRow);
      MemorySegment.copy(target, 0, data, WORD, base + (long) q * WORD_STRIDE, count * PANEL);
    }
    int left = (int) (rowBytes - (long) wholeWords * Integer.BYTES);
    if (left > 0) {
      for (int n = 0; n < rowCount; n++) {
        int word = lastWord(rows, n * rowBytes + (long) wholeWords * Integer.BYTES, left);
        put(word, wholeWords, base + (long) n * Integer.BYTES, firstRow + n);
      }
    }
  }

  private void transpose(
      int[] source, int[] target, int rowCount, int count, int firstWord, int firstRow) {
    for (int n = 0; n < rowCount; n++) {
      for (int i = 0; i < count; i++) {
        int word = source[n * TILE + i];
        if (invalid(word)) {
          throw invalidWeight(word, firstWord + i, firstRow + n);
        }
        target[i * PANEL + n] = word;
      }
    }
  }

  private void put(int word, int q, long target, int row) {
    if (invalid(word)) {
      throw invalidWeight(word, q, row);
    }
    data.set(WORD, target + (long) q * WORD_STRIDE, word);
  }

  private static int lastWord(MemorySegment rows, long offset, int bytes) {
    int word = 0;
    for (int i = 0; i < bytes; i++) {
      word |= (rows.get(BYTE, offset + i) & 0xFF) << (8 * i);
    }
    return word;
  }

  private InvalidWeightException invalidWeight(int word, int q, int row) {
    int bits = 8 * elementType().bytes();
    int mask = (int) ((1L << bits) - 1);
    int perWord = Integer.SIZE / bits;
    int j = 0;
    while (j < perWord - 1 && !invalid((word >>> (bits * j)) & mask)) {
      j++;
    }
    return new InvalidWeightException(invalidReason(), row, q * perWord + j);
  }

  @Override
  public void blockScales(float[] scales) {
    throw new IllegalStateException(format() + " weights have no block scales");
  }
}
