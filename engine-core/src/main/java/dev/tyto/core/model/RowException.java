package dev.tyto.core.model;

import dev.tyto.core.ModelException;

/** A failure that concerns one row of a pass; the other rows may run again without it. */
public final class RowException extends ModelException {
  private static final long serialVersionUID = 1L;

  private final int row;

  RowException(int row, String message) {
    super(message);
    this.row = row;
  }

  /** The row of the batch. */
  public int row() {
    return row;
  }
}
