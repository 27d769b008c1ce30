package dev.tyto.core.model;

import dev.tyto.core.weights.MlpWeights;

/** The dense half: {@code y = down(silu(gate x) * (up x))}. */
final class FeedForward {
  private final LinearRegion region;
  private final Workspace hidden = new Workspace();

  FeedForward(LinearRegion region) {
    this.region = region;
  }

  /**
   * @param x normed residual stream [R, width]
   * @param y [R, width]
   */
  void forward(MlpWeights w, int rows, float[] x, float[] y, int width) {
    int inner = w.gate().outputs();
    float[] h = hidden.get((long) rows * inner);
    region.addGateUp(w.gate(), w.up(), x, 0, width, rows, h, 0, inner);
    region.run();
    region.add(w.down(), h, 0, inner, rows, y, 0, width);
    region.run();
  }
}
