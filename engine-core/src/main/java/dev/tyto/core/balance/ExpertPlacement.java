package dev.tyto.core.balance;

import java.util.Arrays;

/**
 * Where the experts of each layer live when they are spread over devices: which get redundant
 * copies, and which device holds what, so that devices work about equally (the expert-parallel load
 * balancing of DeepSeek-V3, technical report section 3.4).
 *
 * <p>Each layer has {@code replicas} slots; device d holds the slots d * n to d * n + n - 1, n =
 * replicas / devices. A replica bears its expert's load divided by the number of its expert's
 * replicas.
 */
public final class ExpertPlacement {
  /** How a plan was made. */
  public enum Policy {
    /**
     * Groups of experts are packed to nodes, then experts replicated and packed to devices within
     * each node: group-limited routing keeps a token's traffic inside few nodes. Taken when the
     * nodes divide the groups.
     */
    HIERARCHICAL,
    /** Experts are replicated and packed to all devices regardless of groups and nodes. */
    GLOBAL
  }

  private final Policy policy;
  private final int devices;
  private final LayerPlacement[] layers;

  private ExpertPlacement(Policy policy, int devices, LayerPlacement[] layers) {
    this.policy = policy;
    this.devices = devices;
    this.layers = layers;
  }

  /** As {@link #plan(double[][], int, int, int, int)}, from counts. */
  public static ExpertPlacement plan(
      long[][] load, int replicas, int groups, int nodes, int devices) {
    double[][] loads = new double[load.length][];
    for (int l = 0; l < load.length; l++) {
      loads[l] = Arrays.stream(load[l]).asDoubleStream().toArray();
    }
    return plan(loads, replicas, groups, nodes, devices);
  }

  /**
   * Plans each layer by itself. Heavy experts are replicated first: each further replica goes to
   * the expert whose replicas bear the most; then the heaviest replica first goes to the lightest
   * device that has room. Where dealing out replicas and slots in turn (round-robin, within nodes
   * if the policy is hierarchical) gives a smaller largest device load, that is the plan. A pure
   * function: the same arguments give the same plan.
   *
   * @param load expected load per layer and expert [L][E], any unit, not negative
   * @param replicas slots per layer, at least E; a multiple of {@code devices}
   * @param groups groups of E / groups consecutive experts each, as the router has them; 1 for none
   * @param nodes nodes; must divide {@code devices}
   * @param devices devices (or NUMA domains) of all nodes together
   * @throws IllegalArgumentException if the numbers do not fit each other or a load is negative or
   *     not finite; the message names which
   */
  public static ExpertPlacement plan(
      double[][] load, int replicas, int groups, int nodes, int devices) {
    int experts = load.length == 0 ? 0 : load[0].length;
    checkShape(experts, replicas, groups, nodes, devices);
    checkLoad(load, experts);
    Policy policy = groups % nodes == 0 ? Policy.HIERARCHICAL : Policy.GLOBAL;
    boolean hierarchical = policy == Policy.HIERARCHICAL;
    PlacementPlanner planner =
        new PlacementPlanner(
            replicas, hierarchical ? groups : 1, hierarchical ? nodes : 1, devices);
    LayerPlacement[] layers = new LayerPlacement[load.length];
    for (int l = 0; l < load.length; l++) {
      layers[l] = planner.best(load[l]);
    }
    return new ExpertPlacement(policy, devices, layers);
  }

  private static void checkShape(int experts, int replicas, int groups, int nodes, int devices) {
    check(experts > 0, "there is no load: give at least one layer of one expert");
    check(groups > 0 && nodes > 0 && devices > 0, "groups, nodes and devices must be 1 or more");
    check(
        experts % groups == 0,
        "%d experts cannot be divided into %d groups of equal size".formatted(experts, groups));
    check(
        devices % nodes == 0,
        "%d devices cannot be divided among %d nodes".formatted(devices, nodes));
    check(
        replicas >= experts,
        "%d replicas are too few: each of %d experts needs one".formatted(replicas, experts));
    check(
        replicas % devices == 0,
        "%d replicas cannot be divided among %d devices".formatted(replicas, devices));
  }

  private static void checkLoad(double[][] load, int experts) {
    for (int l = 0; l < load.length; l++) {
      check(
          load[l].length == experts,
          "layer %d has %d experts, but layer 0 has %d".formatted(l, load[l].length, experts));
      for (int e = 0; e < experts; e++) {
        check(
            load[l][e] >= 0 && load[l][e] < Double.POSITIVE_INFINITY,
            "the load of expert %d of layer %d is %s".formatted(e, l, load[l][e]));
      }
    }
  }

  private static void check(boolean holds, String message) {
    if (!holds) {
      throw new IllegalArgumentException(message);
    }
  }

  /** How the plan was made. */
  public Policy policy() {
    return policy;
  }

  /** Layers of the plan. */
  public int layers() {
    return layers.length;
  }

  /** Devices of the plan. */
  public int devices() {
    return devices;
  }

  /** The expert in each slot of each layer [L][replicas]; a copy. */
  public int[][] physicalToLogical() {
    return copy(layer -> layer.expertOf());
  }

  /** The slots of each expert of each layer, ascending [L][E][its replicas]; a copy. */
  public int[][][] logicalToPhysical() {
    int[][][] copy = new int[layers.length][][];
    for (int l = 0; l < copy.length; l++) {
      copy[l] = layers[l].slotsOf();
    }
    return copy;
  }

  /** Replicas of each expert of each layer [L][E]; a copy. */
  public int[][] replicaCounts() {
    return copy(layer -> layer.replicas());
  }

  /** Load of each device in each layer, in the unit of the loads planned for [L][devices]. */
  public double[][] deviceLoads() {
    double[][] copy = new double[layers.length][];
    for (int l = 0; l < copy.length; l++) {
      copy[l] = layers[l].deviceLoad().clone();
    }
    return copy;
  }

  /**
   * The balance reached: MaxVio over devices, largest device load / mean device load - 1, of a
   * layer; 0 is perfect.
   */
  public double imbalance(int layer) {
    return layers[layer].imbalance();
  }

  /** Whether round-robin was the better plan for a layer. */
  public boolean roundRobin(int layer) {
    return layers[layer].roundRobin();
  }

  private interface Part {
    int[] of(LayerPlacement layer);
  }

  private int[][] copy(Part part) {
    int[][] copy = new int[layers.length][];
    for (int l = 0; l < copy.length; l++) {
      copy[l] = part.of(layers[l]).clone();
    }
    return copy;
  }
}
