package dev.tyto.core.model;

import java.util.Arrays;

/**
 * Which rows each expert of a layer works on in a pass: the token-expert pairs, counting-sorted by
 * expert (CSR: expert -> pairs). Pair p belongs to row {@link #row}; the pairs of a row ascend with
 * their expert. Only experts that have a row take part: they are numbered 0 to {@link #active} - 1,
 * ascending. Reused; no allocation once grown.
 */
final class DispatchPlan {
  private int topK;
  private int rows;
  private int active;
  private int[] expert = new int[0];
  private int[] start = new int[1];
  private int[] next = new int[0];
  private int[] pairRow = new int[0];
  private int[] pairOfSlot = new int[0];
  private float[] pairWeight = new float[0];
  private int[] filled = new int[0];

  /**
   * @param ids expert ids [R, k], k different ones per row
   * @param weights routing weights [R, k]
   */
  void build(int experts, int topK, int rows, int[] ids, float[] weights) {
    this.topK = topK;
    this.rows = rows;
    reserve(experts, rows * topK);
    if (rows == 1) {
      single(ids, weights);
    } else {
      sort(experts, ids, weights);
    }
  }

  private void reserve(int experts, int pairs) {
    if (expert.length < experts) {
      expert = new int[experts];
      start = new int[experts + 1];
      next = new int[experts];
    }
    if (pairRow.length < pairs) {
      pairRow = new int[pairs];
      pairOfSlot = new int[pairs];
      pairWeight = new float[pairs];
    }
  }

  /** One row: a pair per expert, put in order by insertion; k is small. */
  private void single(int[] ids, float[] weights) {
    active = topK;
    for (int j = 0; j < topK; j++) {
      int id = ids[j];
      int at = j;
      while (at > 0 && expert[at - 1] > id) {
        expert[at] = expert[at - 1];
        pairWeight[at] = pairWeight[at - 1];
        at--;
      }
      expert[at] = id;
      pairWeight[at] = weights[j];
      start[j] = j;
      pairRow[j] = 0;
      pairOfSlot[j] = j;
    }
    start[topK] = topK;
  }

  private void sort(int experts, int[] ids, float[] weights) {
    int pairs = rows * topK;
    Arrays.fill(next, 0, experts, 0);
    for (int s = 0; s < pairs; s++) {
      next[ids[s]]++;
    }
    active = 0;
    int at = 0;
    for (int e = 0; e < experts; e++) {
      int load = next[e];
      next[e] = at;
      if (load > 0) {
        expert[active] = e;
        start[active++] = at;
        at += load;
      }
    }
    start[active] = at;
    for (int row = 0, s = 0; row < rows; row++) {
      for (int j = 0; j < topK; j++, s++) {
        int p = next[ids[s]]++;
        pairRow[p] = row;
        pairWeight[p] = weights[s];
      }
    }
    // Pairs ascend with the expert, so dealing them out in order gives each row its in order.
    dealToRows(pairs);
  }

  private void dealToRows(int pairs) {
    if (filled.length < rows) {
      filled = new int[rows];
    }
    Arrays.fill(filled, 0, rows, 0);
    for (int p = 0; p < pairs; p++) {
      int row = pairRow[p];
      pairOfSlot[row * topK + filled[row]++] = p;
    }
  }

  int pairs() {
    return rows * topK;
  }

  int topK() {
    return topK;
  }

  /** Experts that have a row. */
  int active() {
    return active;
  }

  /** The id of the i-th expert that has a row. */
  int expert(int i) {
    return expert[i];
  }

  /** First pair of the i-th expert that has a row. */
  int start(int i) {
    return start[i];
  }

  /** Rows of the i-th expert that has a row. */
  int load(int i) {
    return start[i + 1] - start[i];
  }

  /** The row of a pair. */
  int row(int pair) {
    return pairRow[pair];
  }

  /** The routing weight of a pair. */
  float weight(int pair) {
    return pairWeight[pair];
  }

  /** The j-th pair of a row, in ascending order of expert. */
  int pair(int row, int j) {
    return pairOfSlot[row * topK + j];
  }
}
