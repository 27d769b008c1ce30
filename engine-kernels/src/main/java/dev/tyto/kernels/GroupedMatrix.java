package dev.tyto.kernels;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Integer codes with one fp32 scale per output and group of 32 inputs. A group is 64 scales, then
 * its words; the last group of a panel is whole, filled up with zeros.
 */
abstract sealed class GroupedMatrix extends PackedMatrix permits Int8Matrix, Int4Matrix {
  private final int perWord;
  private final int bits;

  /** Bytes of a group: scales and words of 64 outputs. */
  private final int groupBytes;

  GroupedMatrix(int outputs, int inputs, int bits, Arena arena) {
    super(outputs, inputs, groups(inputs) * (long) groupBytes(bits), arena);
    this.bits = bits;
    this.perWord = Integer.SIZE / bits;
    this.groupBytes = groupBytes(bits);
  }

  static int groups(int inputs) {
    return (int) (((long) inputs + GROUP - 1) / GROUP);
  }

  private static int groupBytes(int bits) {
    return WORD_STRIDE + GROUP * bits / Integer.SIZE * WORD_STRIDE;
  }

  /** The largest code. */
  abstract float limit();

  final int groupBytes() {
    return groupBytes;
  }

  @Override
  final ElementType elementType() {
    return ElementType.F32;
  }

  @Override
  final boolean invalid(int word) {
    return (word & 0x7F800000) == 0x7F800000;
  }

  @Override
  final String invalidReason() {
    return "F32 weight to be quantised is infinite or NaN";
  }

  @Override
  public final void packPanel(int panel, MemorySegment rows, ElementType type) {
    int rowCount = checkRows(panel, rows, type);
    float[] group = new float[GROUP];
    float[] codes = new float[GROUP];
    for (int n = 0; n < rowCount; n++) {
      for (int k = 0; k < inputs(); k += GROUP) {
        int count = Math.min(GROUP, inputs() - k);
        long source = ((long) n * inputs() + k) * Float.BYTES;
        Elements.widen(ElementType.F32, rows, source, group, 0, count);
        checkFinite(group, count, panel * PANEL + n, k);
        float scale = Quantization.group(group, 0, count, limit(), codes, 0);
        putGroup(panel, k / GROUP, n, scale, codes, count);
      }
    }
  }

  private void checkFinite(float[] group, int count, int row, int k) {
    for (int i = 0; i < count; i++) {
      if (invalid(Float.floatToRawIntBits(group[i]))) {
        throw new InvalidWeightException(invalidReason(), row, k + i);
      }
    }
  }

  private void putGroup(int panel, int group, int n, float scale, float[] codes, int count) {
    long target = groupOffset(panel, group) + (long) n * Integer.BYTES;
    data().set(Elements.FLOAT, target, scale);
    for (int q = 0; q * perWord < count; q++) {
      int word = 0;
      for (int j = 0; j < perWord && q * perWord + j < count; j++) {
        int code = (int) codes[q * perWord + j];
        word |= (code & ((1 << bits) - 1)) << (bits * j);
      }
      data().set(WORD, target + (long) (q + 1) * WORD_STRIDE, word);
    }
  }

  final long groupOffset(int panel, int group) {
    return panelOffset(panel) + (long) group * groupBytes;
  }

  /** The 64 scales of a group. */
  final void scales(int panel, int group, float[] target) {
    Elements.widen(ElementType.F32, data(), groupOffset(panel, group), target, 0, PANEL);
  }

  @Override
  final void decode(int panel, int firstInput, int count, float[] target) {
    for (int k = 0; k < count; k++) {
      int group = (firstInput + k) / GROUP;
      int within = (firstInput + k) % GROUP;
      long base = groupOffset(panel, group) + (long) (within / perWord + 1) * WORD_STRIDE;
      int left = Integer.SIZE - bits - bits * (within % perWord);
      for (int n = 0; n < PANEL; n++) {
        int word = data().get(WORD, base + (long) n * Integer.BYTES);
        target[k * PANEL + n] = (word << left) >> (Integer.SIZE - bits);
      }
    }
  }
}
