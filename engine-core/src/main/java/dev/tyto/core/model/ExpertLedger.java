package dev.tyto.core.model;

import dev.tyto.core.ExpertStatistics;
import dev.tyto.core.balance.LoadBalancer;
import dev.tyto.core.spec.LayerSpec;
import dev.tyto.core.spec.MoeSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Counts which experts the rows of each pass went to. The routing of a pass is kept until the pass
 * is over, so that one that fails and runs again without its failing row is counted once. One
 * thread writes; any may take a snapshot. No allocation once grown.
 */
final class ExpertLedger {
  private final @Nullable LayerLedger[] layers;
  private final ReentrantLock lock = new ReentrantLock();
  private long passes;
  private long rows;

  /** An empty ledger for those of a list of layers that have routed experts. */
  ExpertLedger(List<LayerSpec> specs) {
    layers = new @Nullable LayerLedger[specs.size()];
    for (int l = 0; l < layers.length; l++) {
      if (specs.get(l).feedForward() instanceof MoeSpec moe) {
        layers[l] = new LayerLedger(l, moe.router().experts(), moe.router().topK());
      }
    }
  }

  /** Starts a pass; the routing of one that was not committed is dropped. */
  void begin() {
    for (LayerLedger layer : layers) {
      if (layer != null) {
        layer.pendingRows = 0;
      }
    }
  }

  /** Notes the routing of a layer in the pass at work. */
  void record(int layer, int rows, int[] ids, float[] weights) {
    LayerLedger ledger = layers[layer];
    if (ledger != null) {
      ledger.record(rows, ids, weights);
    }
  }

  /** The pass has succeeded: counts its routing. */
  void commit(int passRows) {
    lock.lock();
    try {
      passes++;
      rows += passRows;
      for (LayerLedger layer : layers) {
        if (layer != null) {
          layer.commit();
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** Token-expert pairs of the pass at work or the last one. */
  long passPairs() {
    long pairs = 0;
    for (LayerLedger layer : layers) {
      if (layer != null) {
        pairs += (long) layer.pendingRows * layer.topK;
      }
    }
    return pairs;
  }

  /** Shows the committed pass to a balancer. */
  void showPass(LoadBalancer balancer) {
    for (LayerLedger layer : layers) {
      if (layer != null && layer.pendingRows > 0) {
        balancer.count(
            layer.layer, layer.counts.length, layer.ids, 0, layer.pendingRows * layer.topK);
      }
    }
  }

  /** A copy of all counts. */
  ExpertStatistics snapshot() {
    List<ExpertStatistics.Layer> copy = new ArrayList<>();
    lock.lock();
    try {
      for (LayerLedger layer : layers) {
        if (layer != null) {
          copy.add(layer.snapshot());
        }
      }
      return new ExpertStatistics(passes, rows, copy);
    } finally {
      lock.unlock();
    }
  }

  /** Sets all counts to zero. */
  void reset() {
    lock.lock();
    try {
      passes = 0;
      rows = 0;
      for (LayerLedger layer : layers) {
        if (layer != null) {
          layer.reset();
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private static final class LayerLedger {
    private final int layer;
    private final int topK;
    private final long[] counts;
    private final double[] weightMass;
    // Made when the layer is first used: it is the largest part.
    private long[] pairs = new long[0];
    private long rows;
    private int pendingRows;
    private int[] ids = new int[0];
    private float[] weights = new float[0];

    LayerLedger(int layer, int experts, int topK) {
      this.layer = layer;
      this.topK = topK;
      this.counts = new long[experts];
      this.weightMass = new double[experts];
    }

    void record(int passRows, int[] passIds, float[] passWeights) {
      int length = passRows * topK;
      if (ids.length < length) {
        ids = new int[length];
        weights = new float[length];
      }
      System.arraycopy(passIds, 0, ids, 0, length);
      System.arraycopy(passWeights, 0, weights, 0, length);
      pendingRows = passRows;
    }

    void commit() {
      if (pendingRows > 0 && pairs.length == 0) {
        pairs = new long[pairCount()];
      }
      rows += pendingRows;
      int end = pendingRows * topK;
      for (int row = 0; row < end; row += topK) {
        for (int j = row; j < row + topK; j++) {
          int b = ids[j];
          counts[b]++;
          weightMass[b] += weights[j];
          for (int i = row; i < j; i++) {
            int a = ids[i];
            pairs[ExpertStatistics.Layer.pairIndex(Math.min(a, b), Math.max(a, b))]++;
          }
        }
      }
    }

    private int pairCount() {
      return counts.length * (counts.length - 1) / 2;
    }

    ExpertStatistics.Layer snapshot() {
      long[] copied = pairs.length == 0 ? new long[pairCount()] : pairs;
      return new ExpertStatistics.Layer(layer, rows, counts, weightMass, copied);
    }

    void reset() {
      rows = 0;
      Arrays.fill(counts, 0);
      Arrays.fill(weightMass, 0);
      Arrays.fill(pairs, 0);
    }
  }
}
