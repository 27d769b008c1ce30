package dev.tyto.kernels;

/** A weight that no kernel can multiply with, such as an FP8 NaN code. */
public final class InvalidWeightException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final int row;
  private final int column;

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
