package dev.tyto.core.model;

import java.util.Arrays;

/**
 * Which rows each expert of a layer works on in a pass: the token-expert pairs, counting-sorted by
 * expert (CSR: expert -> pairs). Pair p belongs to row {@link #row}; the pairs of a row ascend with
 * their expert. Reused; no allocation once grown.
 */
final class DispatchPlan {
  private int experts;
  private int topK;
  private int rows;
  private int[] start = new int[0];
  private int[] next = new int[0];
  private int[] pairRow = new int[0];
  private int[] pairOfSlot = new int[0];
  private float[] pairWeight = new float[0];

  /**
   * @param ids expert ids [R, k]
   * @param weights routing weights [R, k]
   */
  void build(int experts, int topK, int rows, int[] ids, float[] weights) {
    this.experts = experts;
    this.topK = topK;
    this.rows = rows;
    int pairs = rows * topK;
    if (start.length < experts + 1) {
      start = new int[experts + 1];
      next = new int[experts];
    }
    if (pairRow.length < pairs) {
      pairRow = new int[pairs];
      pairOfSlot = new int[pairs];
      pairWeight = new float[pairs];
    }
    Arrays.fill(start, 0, experts + 1, 0);
    for (int s = 0; s < pairs; s++) {
      start[ids[s] + 1]++;
    }
    for (int e = 0; e < experts; e++) {
      start[e + 1] += start[e];
      next[e] = start[e];
    }
    for (int s = 0; s < pairs; s++) {
      int p = next[ids[s]]++;
      pairRow[p] = s / topK;
      pairWeight[p] = weights[s];
      pairOfSlot[s] = p;
    }
    // Pairs ascend with the expert, so a row's pairs in ascending order are its experts in order.
    for (int r = 0; r < rows; r++) {
      Arrays.sort(pairOfSlot, r * topK, (r + 1) * topK);
    }
  }

  int pairs() {
    return rows * topK;
  }

  int topK() {
    return topK;
  }

  int experts() {
    return experts;
  }

  /** First pair of an expert. */
  int start(int expert) {
    return start[expert];
  }

  /** Rows of an expert. */
  int load(int expert) {
    return start[expert + 1] - start[expert];
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
