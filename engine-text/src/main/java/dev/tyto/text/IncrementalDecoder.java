package dev.tyto.text;

import java.util.Arrays;
import java.util.function.Function;
import java.util.function.IntPredicate;

/**
 * Decodes token by token through the decoder of whole sequences, whatever that does with spaces and
 * bytes: it decodes the tokens since the last piece together with those of the last piece, and the
 * new text is what comes out beyond the latter's. Text that ends in U+FFFD may be a character that
 * is not whole yet, and waits.
 */
final class IncrementalDecoder implements TokenDecoder {
  private static final char REPLACEMENT = '\ufffd';

  private final Function<int[], String> decode;
  private final IntPredicate silent;

  /** Tokens of the last piece, then tokens that wait. */
  private int[] window = new int[16];

  private int size;
  private int lastPieceSize;
  private String lastPiece = "";

  /**
   * @param decode of a whole sequence
   * @param silent ids that {@code decode} leaves out wherever they stand
   */
  IncrementalDecoder(Function<int[], String> decode, IntPredicate silent) {
    this.decode = decode;
    this.silent = silent;
  }

  @Override
  public String append(int id) {
    if (silent.test(id)) {
      return "";
    }
    if (size == window.length) {
      window = Arrays.copyOf(window, size * 2);
    }
    window[size++] = id;
    String text = decode.apply(Arrays.copyOf(window, size));
    boolean mayContinue = !text.isEmpty() && text.charAt(text.length() - 1) == REPLACEMENT;
    if (mayContinue || text.length() <= lastPiece.length()) {
      return "";
    }
    String piece = text.substring(lastPiece.length());
    System.arraycopy(window, lastPieceSize, window, 0, size - lastPieceSize);
    size -= lastPieceSize;
    lastPieceSize = size;
    lastPiece = decode.apply(Arrays.copyOf(window, size));
    return piece;
  }

  @Override
  public String finish() {
    String text = size == 0 ? "" : decode.apply(Arrays.copyOf(window, size));
    String piece = text.length() > lastPiece.length() ? text.substring(lastPiece.length()) : "";
    size = 0;
    lastPieceSize = 0;
    lastPiece = "";
    return piece;
  }
}
