package dev.tyto.core.balance;

import java.util.Arrays;

/**
 * Plans a layer: groups to nodes, replicas within a node, replicas to the node's devices. The
 * global policy is the case of one group on one node.
 */
final class PlacementPlanner {
  private final int groups;
  private final int nodes;
  private final int nodeSlots;
  private final int nodeDevices;

  PlacementPlanner(int replicas, int groups, int nodes, int devices) {
    this.groups = groups;
    this.nodes = nodes;
    this.nodeSlots = replicas / nodes;
    this.nodeDevices = devices / nodes;
  }

  LayerPlacement best(double[] load) {
    LayerPlacement greedy = place(load, false);
    LayerPlacement dealt = place(load, true);
    return dealt.largest() < greedy.largest() ? dealt : greedy;
  }

  private LayerPlacement place(double[] load, boolean roundRobin) {
    int groupSize = load.length / groups;
    double[] groupLoad = new double[groups];
    for (int e = 0; e < load.length; e++) {
      groupLoad[e / groupSize] += load[e];
    }
    Packing groupsToNodes =
        roundRobin ? Packing.roundRobin(groups, nodes) : Packing.greedy(groupLoad, nodes);
    int[] expertOf = new int[nodeSlots * nodes];
    for (int node = 0; node < nodes; node++) {
      int[] experts = expertsOf(groupsToNodes.items()[node], groupSize);
      int[] replicas = roundRobin ? dealt(experts) : replicated(experts, load);
      int at = node * nodeSlots;
      for (int[] device : toDevices(replicas, load, roundRobin).items()) {
        for (int replica : device) {
          expertOf[at++] = replicas[replica];
        }
      }
    }
    return LayerPlacement.of(load, expertOf, nodeDevices * nodes, roundRobin);
  }

  private static int[] expertsOf(int[] groups, int groupSize) {
    int[] experts = new int[groups.length * groupSize];
    for (int i = 0; i < experts.length; i++) {
      experts[i] = groups[i / groupSize] * groupSize + i % groupSize;
    }
    return experts;
  }

  /** The expert of each of the node's replicas: all once, then the one that bears most again. */
  private int[] replicated(int[] experts, double[] load) {
    int[] replicas = Arrays.copyOf(experts, nodeSlots);
    int[] count = new int[experts.length];
    Arrays.fill(count, 1);
    for (int r = experts.length; r < nodeSlots; r++) {
      int heaviest = 0;
      for (int i = 1; i < experts.length; i++) {
        if (load[experts[i]] / count[i] > load[experts[heaviest]] / count[heaviest]) {
          heaviest = i;
        }
      }
      count[heaviest]++;
      replicas[r] = experts[heaviest];
    }
    return replicas;
  }

  private int[] dealt(int[] experts) {
    int[] replicas = new int[nodeSlots];
    Arrays.setAll(replicas, r -> experts[r % experts.length]);
    return replicas;
  }

  private Packing toDevices(int[] replicas, double[] load, boolean roundRobin) {
    if (roundRobin) {
      return Packing.roundRobin(nodeSlots, nodeDevices);
    }
    int[] count = new int[load.length];
    for (int expert : replicas) {
      count[expert]++;
    }
    double[] share = new double[nodeSlots];
    Arrays.setAll(share, r -> load[replicas[r]] / count[replicas[r]]);
    return Packing.greedy(share, nodeDevices);
  }
}
