package dev.tyto.core.balance;

import java.util.Arrays;
import java.util.Comparator;

/**
 * Items packed into packs that all hold the same number of items.
 *
 * @param packOf pack of each item
 * @param items items of each pack, in order of packing
 */
record Packing(int[] packOf, int[][] items) {

  /**
   * The heaviest item first, each to the lightest pack that still has room (the lower index on a
   * tie).
   *
   * @param weights one per item; the number of packs must divide their number
   */
  static Packing greedy(double[] weights, int packs) {
    int capacity = weights.length / packs;
    Integer[] order = new Integer[weights.length];
    Arrays.setAll(order, i -> i);
    // Stable: equal weights keep their order.
    Arrays.sort(order, Comparator.comparingDouble(i -> -weights[i]));
    int[] packOf = new int[weights.length];
    int[][] items = new int[packs][capacity];
    int[] held = new int[packs];
    double[] load = new double[packs];
    for (int item : order) {
      int pack = -1;
      for (int p = 0; p < packs; p++) {
        if (held[p] < capacity && (pack < 0 || load[p] < load[pack])) {
          pack = p;
        }
      }
      items[pack][held[pack]++] = item;
      load[pack] += weights[item];
      packOf[item] = pack;
    }
    return new Packing(packOf, items);
  }

  /** Item i to pack i mod packs. */
  static Packing roundRobin(int count, int packs) {
    int[] packOf = new int[count];
    int[][] items = new int[packs][count / packs];
    for (int i = 0; i < count; i++) {
      packOf[i] = i % packs;
      items[i % packs][i / packs] = i;
    }
    return new Packing(packOf, items);
  }
}
