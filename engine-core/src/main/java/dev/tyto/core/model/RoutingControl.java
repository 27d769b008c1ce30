package dev.tyto.core.model;

import dev.tyto.core.ExpertStatistics;
import dev.tyto.core.balance.LoadBalancer;
import dev.tyto.core.spec.LayerSpec;
import dev.tyto.core.weights.LayerWeights;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The outside's view of a decoder's routers: what they have chosen, and the biases they choose
 * with. The decoder's thread runs {@link #beginPass} to {@link #endPass}; everything public may be
 * called from any thread.
 */
public final class RoutingControl {
  private final ExpertLedger ledger;
  private final SelectionBiases biases;
  private volatile @Nullable LoadBalancer balancer;

  // Those of the pass at work.
  private float[] @Nullable [] passBiases;

  /** For a list of layers, which calls name by their index in it. */
  RoutingControl(List<LayerSpec> specs, List<LayerWeights> weights) {
    ledger = new ExpertLedger(specs);
    biases = new SelectionBiases(weights);
    passBiases = biases.current();
  }

  /** A copy of what the passes so far have chosen. */
  public ExpertStatistics statistics() {
    return ledger.snapshot();
  }

  /** Forgets what the passes so far have chosen. */
  public void resetStatistics() {
    ledger.reset();
  }

  /** The biases that the next pass will use. */
  public SelectionBiases biases() {
    return biases;
  }

  /**
   * Lets a balancer adapt the biases after each pass; null ends that and leaves them as they are.
   *
   * @throws IllegalStateException if the model's routers have no selection bias
   */
  public void balancer(@Nullable LoadBalancer value) {
    if (value != null) {
      biases.requirePresent();
    }
    balancer = value;
  }

  /** Token-expert pairs of the last pass, over all layers. For the decoder's thread. */
  public long passPairs() {
    return ledger.passPairs();
  }

  void beginPass() {
    ledger.begin();
    passBiases = biases.current();
  }

  float @Nullable [] bias(int layer) {
    return passBiases[layer];
  }

  void record(int layer, int rows, int[] ids, float[] weights) {
    ledger.record(layer, rows, ids, weights);
  }

  void endPass(int rows) {
    ledger.commit(rows);
    LoadBalancer current = balancer;
    if (current != null) {
      ledger.showPass(current);
      LoadBalancer.Step step = current.endPass();
      if (step != null) {
        biases.apply(step);
      }
    }
  }
}
