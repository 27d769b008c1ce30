package dev.tyto.core.balance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What holds for every placement. */
class ExpertPlacementProperties {
  record Case(double[][] load, int replicas, int groups, int nodes, int devices) {
    ExpertPlacement plan() {
      return ExpertPlacement.plan(load, replicas, groups, nodes, devices);
    }

    int experts() {
      return load[0].length;
    }

    @Override
    public String toString() {
      return "%s, %d replicas, %d groups, %d nodes, %d devices"
          .formatted(Arrays.deepToString(load), replicas, groups, nodes, devices);
    }
  }

  private static Arbitrary<Integer> upTo(int most) {
    return Arbitraries.integers().between(1, most);
  }

  @Provide
  Arbitrary<Case> cases() {
    return Combinators.combine(upTo(6), upTo(6), upTo(4), upTo(4), upTo(4), upTo(3))
        .flatAs(
            (groups, groupSize, nodes, nodeDevices, spare, layers) -> {
              int experts = groups * groupSize;
              int devices = nodes * nodeDevices;
              int perDevice = (experts + devices - 1) / devices + spare - 1;
              Arbitrary<Double> load =
                  Arbitraries.oneOf(
                      Arbitraries.integers().between(0, 5).map(Integer::doubleValue),
                      Arbitraries.doubles().between(0, 1e6));
              return load.array(double[].class)
                  .ofSize(experts)
                  .array(double[][].class)
                  .ofSize(layers)
                  .map(l -> new Case(l, perDevice * devices, groups, nodes, devices));
            });
  }

  @Property(seed = "20261125")
  void everyExpertIsPlacedAndReplicasSum(@ForAll("cases") Case c) {
    ExpertPlacement plan = c.plan();
    for (int l = 0; l < c.load.length; l++) {
      int[] counts = new int[c.experts()];
      for (int e : plan.physicalToLogical()[l]) {
        counts[e]++;
      }
      assertArrayEquals(counts, plan.replicaCounts()[l]);
      assertEquals(c.replicas, Arrays.stream(counts).sum());
      assertTrue(Arrays.stream(counts).allMatch(n -> n >= 1), "an expert is nowhere");
    }
  }

  @Property(seed = "20261125")
  void theTwoMapsAreInverse(@ForAll("cases") Case c) {
    ExpertPlacement plan = c.plan();
    int[][] physical = plan.physicalToLogical();
    int[][][] logical = plan.logicalToPhysical();
    for (int l = 0; l < c.load.length; l++) {
      int slots = 0;
      for (int e = 0; e < c.experts(); e++) {
        for (int slot : logical[l][e]) {
          assertEquals(e, physical[l][slot]);
          slots++;
        }
      }
      assertEquals(c.replicas, slots);
    }
  }

  /** A device holds replicas / devices slots by construction of the map; its load is their sum. */
  @Property(seed = "20261125")
  void noDeviceIsOverCapacityAndLoadIsConserved(@ForAll("cases") Case c) {
    ExpertPlacement plan = c.plan();
    for (int l = 0; l < c.load.length; l++) {
      assertEquals(c.replicas, plan.physicalToLogical()[l].length);
      assertEquals(c.devices, plan.deviceLoads()[l].length);
      double total = Arrays.stream(c.load[l]).sum();
      assertEquals(total, Arrays.stream(plan.deviceLoads()[l]).sum(), 1e-9 * total);
    }
  }

  @Property(seed = "20261125")
  void groupsStayOnTheirNodeIfTheNodesDivideThem(@ForAll("cases") Case c) {
    ExpertPlacement plan = c.plan();
    if (plan.policy() != ExpertPlacement.Policy.HIERARCHICAL) {
      return;
    }
    int groupSize = c.experts() / c.groups;
    for (int[] slots : plan.physicalToLogical()) {
      int[] nodeOf = new int[c.groups];
      Arrays.fill(nodeOf, -1);
      for (int s = 0; s < slots.length; s++) {
        int group = slots[s] / groupSize;
        int node = s / (c.replicas / c.nodes);
        assertTrue(nodeOf[group] < 0 || nodeOf[group] == node, "group " + group);
        nodeOf[group] = node;
      }
    }
  }

  /** Round-robin as one would write it, without regard to nodes: only the global policy may. */
  @Property(seed = "20261125")
  void thePlanIsNeverWorseThanRoundRobin(@ForAll("cases") Case c) {
    ExpertPlacement plan = ExpertPlacement.plan(c.load, c.replicas, 1, 1, c.devices);
    for (int l = 0; l < c.load.length; l++) {
      double[] device = new double[c.devices];
      int experts = c.experts();
      for (int slot = 0; slot < c.replicas; slot++) {
        int e = slot % experts;
        int copies = c.replicas / experts + (e < c.replicas % experts ? 1 : 0);
        device[slot % c.devices] += c.load[l][e] / copies;
      }
      double worst = Arrays.stream(device).max().orElseThrow();
      double got = Arrays.stream(plan.deviceLoads()[l]).max().orElseThrow();
      assertTrue(got <= worst * (1 + 1e-12), got + " > " + worst);
    }
  }

  @Property(seed = "20261125")
  void theUnitOfLoadDoesNotMatter(@ForAll("cases") Case c) {
    double[][] halved =
        Arrays.stream(c.load)
            .map(l -> Arrays.stream(l).map(x -> x / 2).toArray())
            .toArray(double[][]::new);
    assertArrayEquals(
        c.plan().physicalToLogical(),
        ExpertPlacement.plan(halved, c.replicas, c.groups, c.nodes, c.devices).physicalToLogical());
  }
}
