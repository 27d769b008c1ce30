package dev.tyto.kernels;

/** A weight that no kernel can multiply with, such as an FP8 NaN code. */
public final class InvalidWeightException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  /** Output index within the matrix. */
  private final int row;

  /** Input index within the matrix. */
  private final int column;

  /**
   * Names the weight that is wrong.
   *
   * @param reason what is wrong with it
   * @param row its output index within the matrix
   * @param column its input index within the matrix
   */
  public InvalidWeightException(String reason, int row, int column) {
    super(reason + " at row " + row + ", column " + column);
    this.row = row;
    this.column = column;
  }

  /** Output index within the matrix. */
  public int row() {
    return row;
  }

  /** Input index within the matrix. */
  public int column() {
    return column;
  }
}
