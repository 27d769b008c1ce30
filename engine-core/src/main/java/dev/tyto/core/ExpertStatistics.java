package dev.tyto.core;

import dev.tyto.core.balance.LoadMetrics;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * How a model's routers have spread tokens over experts since it was loaded or the statistics were
 * reset: a copy that does not change. Whole passes only: a pass that runs or has failed does not
 * count. Every row that went through a layer counts, prompt and generated alike.
 *
 * @param passes passes counted
 * @param rows rows of these passes
 * @param layers layers with routed experts, in order
 */
public record ExpertStatistics(long passes, long rows, List<Layer> layers) {
  /** Copies the list. */
  public ExpertStatistics {
    layers = List.copyOf(layers);
  }

  /**
   * A pair of experts that tokens were sent to together.
   *
   * @param first the lower id
   * @param second the higher id
   * @param count tokens sent to both
   * @param lift how many times more often than if experts were chosen independently
   */
  public record Pair(int first, int second, long count, double lift) {}

  /** One layer. */
  public static final class Layer {
    private final int layer;
    private final long rows;
    private final long[] counts;
    private final double[] weightMass;
    private final long[] pairs;

    /**
     * @param layer index of the decoder layer, from 0
     * @param rows rows routed
     * @param counts rows sent to each expert [E]
     * @param weightMass sum of routing weights of each expert [E]
     * @param pairs rows sent to both of two experts a {@literal <} b, at {@link #pairIndex} [E (E -
     *     1) / 2]
     */
    public Layer(int layer, long rows, long[] counts, double[] weightMass, long[] pairs) {
      this.layer = layer;
      this.rows = rows;
      this.counts = counts.clone();
      this.weightMass = weightMass.clone();
      this.pairs = pairs.clone();
    }

    /** Where the pair of experts a {@literal <} b is counted. */
    public static int pairIndex(int a, int b) {
      return b * (b - 1) / 2 + a;
    }

    /** Index of the decoder layer, from 0. */
    public int layer() {
      return layer;
    }

    /** Rows routed. */
    public long rows() {
      return rows;
    }

    /** Routed experts. */
    public int experts() {
      return counts.length;
    }

    /** Rows sent to each expert; a copy. */
    public long[] counts() {
      return counts.clone();
    }

    /** Rows sent to an expert. */
    public long count(int expert) {
      return counts[expert];
    }

    /** Sum of the routing weights (normalised and scaled) of an expert. */
    public double weightMass(int expert) {
      return weightMass[expert];
    }

    /** Rows sent to both of two different experts. */
    public long together(int a, int b) {
      return pairs[pairIndex(Math.min(a, b), Math.max(a, b))];
    }

    /** Max load / mean load - 1; see {@link LoadMetrics#maxVio}. */
    public double maxVio() {
      return LoadMetrics.maxVio(counts);
    }

    /** Gini coefficient of the loads; see {@link LoadMetrics#gini}. */
    public double gini() {
      return LoadMetrics.gini(counts);
    }

    /** Entropy of the loads in bits; see {@link LoadMetrics#entropy}. */
    public double entropy() {
      return LoadMetrics.entropy(counts);
    }

    /** The pairs that were chosen together most often, at most {@code limit}, most often first. */
    public List<Pair> topPairs(int limit) {
      List<Pair> found = new ArrayList<>();
      for (int b = 1; b < counts.length; b++) {
        for (int a = 0; a < b; a++) {
          long count = pairs[pairIndex(a, b)];
          if (count > 0) {
            double lift = (double) count * rows / ((double) counts[a] * counts[b]);
            found.add(new Pair(a, b, count, lift));
          }
        }
      }
      found.sort(Comparator.comparingLong(Pair::count).reversed());
      return List.copyOf(found.subList(0, Math.min(limit, found.size())));
    }
  }
}
