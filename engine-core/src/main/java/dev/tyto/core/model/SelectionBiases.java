package dev.tyto.core.model;

import dev.tyto.core.balance.LoadBalancer;
import dev.tyto.core.weights.LayerWeights;
import dev.tyto.core.weights.MoeWeights;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The selection biases that routers use: the checkpoint's until someone sets others. A pass uses
 * those that were current when it began.
 */
public final class SelectionBiases {
  // Replaced as a whole, never changed in place: a pass may be reading it.
  private volatile float[] @Nullable [] current;

  /** The biases of loaded weights. */
  SelectionBiases(List<LayerWeights> weights) {
    current = new float[weights.size()][];
    for (int l = 0; l < current.length; l++) {
      current[l] =
          weights.get(l).feedForward() instanceof MoeWeights moe ? moe.selectionBias() : null;
    }
  }

  /** All biases as they are now, by layer; null for a layer that has none. Not to be changed. */
  float[] @Nullable [] current() {
    return current;
  }

  /** Whether a layer has biases. */
  public boolean has(int layer) {
    return current[layer] != null;
  }

  /**
   * Checks that there are any biases.
   *
   * @throws IllegalStateException if no layer has
   */
  public void requirePresent() {
    for (float[] bias : current) {
      if (bias != null) {
        return;
      }
    }
    throw new IllegalStateException("the model's routers have no selection bias");
  }

  /**
   * A copy of the biases of a layer.
   *
   * @throws IllegalArgumentException if the layer has none
   */
  public float[] get(int layer) {
    return of(current, layer).clone();
  }

  /**
   * Sets the biases of a layer, from the next pass on.
   *
   * @throws IllegalArgumentException if the layer has none, or their number or a value is wrong
   */
  public synchronized void set(int layer, float[] bias) {
    float[] old = of(current, layer);
    if (bias.length != old.length) {
      throw new IllegalArgumentException(
          "layer %d has %d experts, but %d biases are given"
              .formatted(layer, old.length, bias.length));
    }
    for (int e = 0; e < bias.length; e++) {
      if (!Float.isFinite(bias[e])) {
        throw new IllegalArgumentException(
            "the bias of expert %d in layer %d is %s".formatted(e, layer, bias[e]));
      }
    }
    replace(layer, bias.clone());
  }

  /** Moves the biases as a balancer's step says. */
  synchronized void apply(LoadBalancer.Step step) {
    for (int i = 0; i < step.layers().length; i++) {
      int layer = step.layers()[i];
      float[] bias = get(layer);
      LoadBalancer.update(bias, step.loads()[i], step.gamma());
      replace(layer, bias);
    }
  }

  private void replace(int layer, float[] bias) {
    float[] @Nullable [] next = current.clone();
    next[layer] = bias;
    current = next;
  }

  private static float[] of(float[] @Nullable [] biases, int layer) {
    if (layer < 0 || layer >= biases.length) {
      throw new IllegalArgumentException(
          "there is no layer " + layer + ": the model has " + biases.length);
    }
    float[] bias = biases[layer];
    if (bias == null) {
      throw new IllegalArgumentException("layer " + layer + " has no selection bias");
    }
    return bias;
  }
}
