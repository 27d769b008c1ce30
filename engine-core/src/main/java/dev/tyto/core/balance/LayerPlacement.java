package dev.tyto.core.balance;

/**
 * The placement of one layer.
 *
 * @param expertOf expert of each slot
 * @param replicas replicas of each expert
 * @param deviceLoad load of each device
 * @param roundRobin whether it was dealt out in turn
 */
record LayerPlacement(int[] expertOf, int[] replicas, double[] deviceLoad, boolean roundRobin) {

  static LayerPlacement of(double[] load, int[] expertOf, int devices, boolean roundRobin) {
    int[] replicas = new int[load.length];
    for (int expert : expertOf) {
      replicas[expert]++;
    }
    double[] deviceLoad = new double[devices];
    int perDevice = expertOf.length / devices;
    for (int s = 0; s < expertOf.length; s++) {
      deviceLoad[s / perDevice] += load[expertOf[s]] / replicas[expertOf[s]];
    }
    return new LayerPlacement(expertOf, replicas, deviceLoad, roundRobin);
  }

  int[][] slotsOf() {
    int[][] slots = new int[replicas.length][];
    for (int e = 0; e < slots.length; e++) {
      slots[e] = new int[replicas[e]];
    }
    int[] next = new int[replicas.length];
    for (int s = 0; s < expertOf.length; s++) {
      int e = expertOf[s];
      slots[e][next[e]++] = s;
    }
    return slots;
  }

  double largest() {
    double largest = 0;
    for (double l : deviceLoad) {
      largest = Math.max(largest, l);
    }
    return largest;
  }

  double imbalance() {
    double total = 0;
    for (double l : deviceLoad) {
      total += l;
    }
    return total == 0 ? 0 : largest() * deviceLoad.length / total - 1;
  }
}
