package dev.tyto.core.balance;

import java.util.Arrays;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Auxiliary-loss-free load balancing (DeepSeek-V3 technical report, section 2.1.2): counts the load
 * of each expert over a window of passes, then moves each expert's selection bias by {@code gamma *
 * sign(mean load - load)}. The bias takes part in choosing experts only; routing weights stay those
 * of the unbiased scores.
 *
 * <p>Give it to {@link dev.tyto.core.Model#setLoadBalancer} to adapt a model to its traffic. One
 * balancer serves one model. Safe for use by many threads.
 */
public final class LoadBalancer {
  private final double gamma;
  private final int decaySteps;
  private final int window;
  private final TreeMap<Integer, long[]> loads = new TreeMap<>();
  private int passes;
  private int steps;
  private @Nullable Step last;

  private LoadBalancer(double gamma, int decaySteps, int window) {
    if (!(gamma > 0 && gamma < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("gamma is " + gamma + ", but must be a positive number");
    }
    if (window < 1) {
      throw new IllegalArgumentException("window is " + window + ", but must be 1 pass or more");
    }
    this.gamma = gamma;
    this.decaySteps = decaySteps;
    this.window = window;
  }

  /**
   * A balancer whose steps all have the same size.
   *
   * @param gamma how far a bias moves in a step (0.001 in DeepSeek-V3's training); a bias that is
   *     wrong by b needs b / gamma steps
   * @param window passes whose load is counted before each step
   */
  public static LoadBalancer constant(double gamma, int window) {
    return new LoadBalancer(gamma, 0, window);
  }

  /**
   * A balancer whose steps shrink linearly to nothing, so that the biases come to rest: step i of
   * {@code steps} has size {@code gamma * (1 - i / steps)}; there are no steps after them.
   */
  public static LoadBalancer decaying(double gamma, int steps, int window) {
    if (steps < 1) {
      throw new IllegalArgumentException("steps is " + steps + ", but must be 1 or more");
    }
    return new LoadBalancer(gamma, steps, window);
  }

  /**
   * What a step saw and did.
   *
   * @param number of the step, from 1
   * @param gamma the size of the step
   * @param layers the layers, ascending
   * @param loads of each expert over the window, by layer as in {@code layers}
   */
  public record Step(int number, double gamma, int[] layers, long[][] loads) {
    /** MaxVio of the window before the step, averaged over layers. */
    public double meanMaxVio() {
      return Arrays.stream(loads).mapToDouble(LoadMetrics::maxVio).average().orElse(0);
    }
  }

  /**
   * Moves biases by one step, the rule itself.
   *
   * @param bias one per expert, changed in place
   * @param load one per expert
   */
  public static void update(float[] bias, long[] load, double gamma) {
    long total = Arrays.stream(load).sum();
    for (int e = 0; e < bias.length; e++) {
      // mean > load, without the rounding of a division.
      int sign = Long.signum(total - Math.multiplyExact(load[e], (long) load.length));
      bias[e] = (float) (bias[e] + gamma * sign);
    }
  }

  /** Counts the routing of a pass in a layer: {@code count} expert ids from {@code offset}. */
  public synchronized void count(int layer, int experts, int[] ids, int offset, int count) {
    long[] load = loads.computeIfAbsent(layer, l -> new long[experts]);
    for (int i = offset; i < offset + count; i++) {
      load[ids[i]]++;
    }
  }

  /**
   * Ends a pass.
   *
   * @return the step to apply now with {@link #update} to each layer, null if the window is not
   *     full yet or the steps of a decaying balancer are used up
   */
  public synchronized @Nullable Step endPass() {
    if (loads.isEmpty() || ++passes < window) {
      return null;
    }
    passes = 0;
    if (finished()) {
      loads.clear();
      return null;
    }
    double size = decaySteps == 0 ? gamma : gamma * (1 - (double) steps / decaySteps);
    steps++;
    int[] layers = loads.keySet().stream().mapToInt(Integer::intValue).toArray();
    Step step = new Step(steps, size, layers, loads.values().toArray(long[][]::new));
    loads.clear();
    last = step;
    return step;
  }

  /** Steps made. */
  public synchronized int steps() {
    return steps;
  }

  /** Whether no step will follow, since those of a decaying balancer are used up. */
  public synchronized boolean finished() {
    return decaySteps > 0 && steps == decaySteps;
  }

  /** The last step, null before the first. */
  public synchronized @Nullable Step lastStep() {
    return last;
  }
}
