package dev.tyto.core.model;

import dev.tyto.core.PassObserver;
import dev.tyto.core.cache.LatentCache;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The rows of one pass: tokens of one or many sessions. Rows of a session must be consecutive
 * positions in ascending order, and all earlier positions must be in its cache. Reused from pass to
 * pass.
 */
public final class Batch {
  private int rows;
  private int logitRows;
  private int observedRows;
  private int[] tokens = new int[16];
  private int[] positions = new int[16];
  private int[] logitRow = new int[16];
  private @Nullable LatentCache[] caches = new @Nullable LatentCache[16];
  private @Nullable PassObserver[] observers = new @Nullable PassObserver[16];

  /** Forgets all rows. */
  public void clear() {
    Arrays.fill(caches, 0, rows, null);
    Arrays.fill(observers, 0, rows, null);
    rows = 0;
    logitRows = 0;
    observedRows = 0;
  }

  /**
   * Adds a row.
   *
   * @return the index of its logits, -1 if not wanted
   */
  public int add(
      int token,
      int position,
      LatentCache cache,
      boolean wantsLogits,
      @Nullable PassObserver observer) {
    if (rows == tokens.length) {
      int capacity = rows * 2;
      tokens = Arrays.copyOf(tokens, capacity);
      positions = Arrays.copyOf(positions, capacity);
      logitRow = Arrays.copyOf(logitRow, capacity);
      caches = Arrays.copyOf(caches, capacity);
      observers = Arrays.copyOf(observers, capacity);
    }
    tokens[rows] = token;
    positions[rows] = position;
    caches[rows] = cache;
    observers[rows] = observer;
    if (observer != null) {
      observedRows++;
    }
    int index = -1;
    if (wantsLogits) {
      index = logitRows;
      logitRow[logitRows++] = rows;
    }
    rows++;
    return index;
  }

  /** Rows R of the pass. */
  public int rows() {
    return rows;
  }

  /** Rows that want logits. */
  public int logitRows() {
    return logitRows;
  }

  /** The row of the i-th logits. */
  public int logitRow(int i) {
    return logitRow[i];
  }

  int token(int row) {
    return tokens[row];
  }

  /** The position of a row in its session. */
  public int position(int row) {
    return positions[row];
  }

  LatentCache cache(int row) {
    LatentCache cache = caches[row];
    if (cache == null) {
      throw new IndexOutOfBoundsException("row " + row + " of " + rows);
    }
    return cache;
  }

  @Nullable PassObserver observer(int row) {
    return observers[row];
  }

  boolean observed() {
    return observedRows > 0;
  }
}
