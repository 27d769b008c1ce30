package dev.tyto.core.model;

import dev.tyto.kernels.WeightMatrix;
import dev.tyto.kernels.WorkerPool;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One parallel region of matrix products whose outputs do not overlap: projections of one input,
 * all heads, or all experts of a layer. Products are cut into tiles of about equal cost (panels
 * first, then rows), which the workers take as they come, the costliest first, so that what evens
 * out the end is small; an output element is computed whole by one tile, so the cut cannot change
 * it. Reused; no allocation once grown.
 */
final class LinearRegion implements WorkerPool.Task {
  /** Tiles per worker: enough to even out, few enough to hand out. */
  private static final int TILES_PER_WORKER = 10;

  /** Rows below which a tile's rows are not split: each split decodes the panel again. */
  private static final int MIN_TILE_ROWS = 96;

  /** Reading a weight costs about as much as this many multiply-adds. */
  private static final int READ_COST = 4;

  private final Workers workers;

  private int jobs;
  private @Nullable WeightMatrix[] matrix = new @Nullable WeightMatrix[8];
  private @Nullable WeightMatrix[] second = new @Nullable WeightMatrix[8];
  private float[][] inputs = new float[8][];
  private float[][] outputs = new float[8][];
  private int[] numbers = new int[8 * NUMBERS];
  private long cost;

  private int tiles;
  private int[] tile = new int[64 * TILE];
  private long[] tileCost = new long[64];
  private int[] order = new int[64];

  private static final int NUMBERS = 5;
  private static final int TILE = 5;

  LinearRegion(Workers workers) {
    this.workers = workers;
  }

  /** {@code y = w x} for {@code rows} rows. */
  void add(
      WeightMatrix w,
      float[] x,
      int xOffset,
      int xStride,
      int rows,
      float[] y,
      int yOffset,
      int yStride) {
    addJob(w, null, x, xOffset, xStride, rows, y, yOffset, yStride);
  }

  /** {@code y = silu(gate x) * (up x)} for {@code rows} rows. */
  void addGateUp(
      WeightMatrix gate,
      WeightMatrix up,
      float[] x,
      int xOffset,
      int xStride,
      int rows,
      float[] y,
      int yOffset,
      int yStride) {
    addJob(gate, up, x, xOffset, xStride, rows, y, yOffset, yStride);
  }

  private void addJob(
      WeightMatrix w,
      @Nullable WeightMatrix w2,
      float[] x,
      int xOffset,
      int xStride,
      int rows,
      float[] y,
      int yOffset,
      int yStride) {
    if (rows == 0) {
      return;
    }
    if (jobs == matrix.length) {
      grow();
    }
    matrix[jobs] = w;
    second[jobs] = w2;
    inputs[jobs] = x;
    outputs[jobs] = y;
    int n = jobs * NUMBERS;
    numbers[n] = xOffset;
    numbers[n + 1] = xStride;
    numbers[n + 2] = rows;
    numbers[n + 3] = yOffset;
    numbers[n + 4] = yStride;
    cost += w.panels() * panelCost(w, w2, rows);
    jobs++;
  }

  private static long panelCost(WeightMatrix w, @Nullable WeightMatrix w2, int rows) {
    long one = (long) WeightMatrix.PANEL * w.inputs() * (rows + READ_COST);
    return w2 == null ? one : 2 * one;
  }

  /** Runs all products added since the last run. */
  void run() {
    cut();
    try {
      workers.run(tiles, cost, this);
    } finally {
      Arrays.fill(matrix, 0, jobs, null);
      Arrays.fill(second, 0, jobs, null);
      jobs = 0;
      tiles = 0;
      cost = 0;
    }
  }

  /** Cuts the products into tiles, in the order in which they are handed out. */
  void cut() {
    if (workers.threads() == 1 || cost < Workers.INLINE_WORK) {
      for (int j = 0; j < jobs; j++) {
        WeightMatrix w = job(j);
        addTile(j, 0, w.panels(), 0, numbers[j * NUMBERS + 2]);
      }
      return;
    }
    long target =
        Math.max(Workers.INLINE_WORK / 4, cost / ((long) workers.threads() * TILES_PER_WORKER));
    for (int j = 0; j < jobs; j++) {
      WeightMatrix w = job(j);
      int rows = numbers[j * NUMBERS + 2];
      int rowTiles =
          Math.clamp(panelCost(w, second[j], rows) / target, 1, Math.max(1, rows / MIN_TILE_ROWS));
      int tileRows = (rows + rowTiles - 1) / rowTiles;
      int tilePanels = Math.clamp(target / panelCost(w, second[j], tileRows), 1, w.panels());
      for (int p = 0; p < w.panels(); p += tilePanels) {
        for (int r = 0; r < rows; r += tileRows) {
          addTile(j, p, Math.min(tilePanels, w.panels() - p), r, Math.min(tileRows, rows - r));
        }
      }
    }
    sort();
  }

  /** By insertion: most tiles cost the same or come in order. */
  private void sort() {
    for (int i = 1; i < tiles; i++) {
      int one = order[i];
      int at = i;
      while (at > 0 && tileCost[order[at - 1]] < tileCost[one]) {
        order[at] = order[at - 1];
        at--;
      }
      order[at] = one;
    }
  }

  /** Tiles of the products added, once cut. */
  int tiles() {
    return tiles;
  }

  /** Cost of the tile that is handed out as the i-th. */
  long tileCost(int i) {
    return tileCost[order[i]];
  }

  private void addTile(int job, int firstPanel, int panels, int firstRow, int rows) {
    if ((tiles + 1) * TILE > tile.length) {
      tile = Arrays.copyOf(tile, tile.length * 2);
      tileCost = Arrays.copyOf(tileCost, tileCost.length * 2);
      order = Arrays.copyOf(order, order.length * 2);
    }
    order[tiles] = tiles;
    tileCost[tiles] = panels * panelCost(job(job), second[job], rows);
    int t = tiles++ * TILE;
    tile[t] = job;
    tile[t + 1] = firstPanel;
    tile[t + 2] = panels;
    tile[t + 3] = firstRow;
    tile[t + 4] = rows;
  }

  /** Runs one tile. */
  @Override
  public void run(int index, int worker) {
    int t = order[index] * TILE;
    int j = tile[t];
    int n = j * NUMBERS;
    WeightMatrix w = job(j);
    WeightMatrix up = second[j];
    int x = numbers[n] + tile[t + 3] * numbers[n + 1];
    int y = numbers[n + 3] + tile[t + 3] * numbers[n + 4];
    if (up == null) {
      workers
          .kernels()
          .multiply(
              w,
              tile[t + 1],
              tile[t + 2],
              inputs[j],
              x,
              numbers[n + 1],
              tile[t + 4],
              outputs[j],
              y,
              numbers[n + 4],
              workers.scratch(worker));
    } else {
      workers
          .kernels()
          .gateUp(
              w,
              up,
              tile[t + 1],
              tile[t + 2],
              inputs[j],
              x,
              numbers[n + 1],
              tile[t + 4],
              outputs[j],
              y,
              numbers[n + 4],
              workers.scratch(worker));
    }
  }

  private WeightMatrix job(int j) {
    WeightMatrix w = matrix[j];
    if (w == null) {
      throw new IndexOutOfBoundsException("job " + j + " of " + jobs);
    }
    return w;
  }

  private void grow() {
    int capacity = matrix.length * 2;
    matrix = Arrays.copyOf(matrix, capacity);
    second = Arrays.copyOf(second, capacity);
    inputs = Arrays.copyOf(inputs, capacity);
    outputs = Arrays.copyOf(outputs, capacity);
    numbers = Arrays.copyOf(numbers, capacity * NUMBERS);
  }
}
