package dev.tyto.core.model;

import dev.tyto.core.PassObserver;
import dev.tyto.kernels.WeightMatrix;

/** From normed hidden states to logits, for the rows of a pass that want them. */
final class Head {
  private final WeightMatrix weight;
  private final LinearRegion region;
  private final Workspace input = new Workspace();
  private final Workspace logits = new Workspace();

  /**
   * @param weight [V, D]
   */
  Head(WeightMatrix weight, Workers workers) {
    this.weight = weight;
    this.region = new LinearRegion(workers);
  }

  /**
   * Multiplies the rows wanted by the head.
   *
   * @param normed [R, D]
   * @return logits [logitRows, V], valid until the next call
   */
  float[] forward(Batch pass, float[] normed) {
    int rows = pass.logitRows();
    int d = weight.inputs();
    int vocab = weight.outputs();
    float[] x = input.get((long) rows * d);
    float[] y = logits.get((long) rows * vocab);
    for (int i = 0; i < rows; i++) {
      System.arraycopy(normed, pass.logitRow(i) * d, x, i * d, d);
    }
    region.add(weight, x, 0, d, rows, y, 0, vocab);
    region.run();
    for (int i = 0; i < rows && pass.observed(); i++) {
      PassObserver observer = pass.observer(pass.logitRow(i));
      if (observer != null) {
        observer.logits(pass.position(pass.logitRow(i)), y, i * vocab, vocab);
      }
    }
    return y;
  }
}
