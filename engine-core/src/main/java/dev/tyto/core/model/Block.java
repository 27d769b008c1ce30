package dev.tyto.core.model;

import dev.tyto.core.PassObserver;
import dev.tyto.core.spec.DecoderSpec;
import dev.tyto.core.spec.LayerSpec;
import dev.tyto.core.spec.MoeSpec;
import dev.tyto.core.weights.LayerWeights;
import dev.tyto.core.weights.MlpWeights;
import dev.tyto.core.weights.MoeWeights;
import dev.tyto.kernels.Kernels;
import dev.tyto.kernels.WorkerPool;
import org.jspecify.annotations.Nullable;

/**
 * One decoder layer at a time over the rows of a pass: norm, attention, residual, norm,
 * feed-forward, residual. Holds the residual stream and its norm, both [R, D]; all layers share
 * them.
 */
final class Block {
  private final int width;
  private final float epsilon;
  private final Workers workers;
  private final LinearRegion region;
  private final RoutingControl routing;
  private final LatentAttention attention;
  private final FeedForward feedForward;
  private @Nullable MoeLayer moe;
  private final Workspace residual = new Workspace();
  private final Workspace normed = new Workspace();
  private final Workspace branch = new Workspace();
  private final WorkerPool.Task normTask = this::norm;
  private final WorkerPool.Task addNormTask = this::addNorm;

  /** The norm that the tasks apply next. */
  private float[] normWeight;

  Block(
      DecoderSpec spec,
      LayerWeights first,
      Workers workers,
      RopeTable rope,
      RoutingControl routing) {
    this.width = spec.hiddenSize();
    this.epsilon = spec.normEpsilon();
    this.workers = workers;
    this.region = new LinearRegion(workers);
    this.routing = routing;
    this.normWeight = first.attentionNorm();
    this.attention =
        new LatentAttention(
            workers,
            rope,
            region,
            epsilon,
            new Batch(),
            spec.layers().getFirst().attention(),
            first.attention());
    this.feedForward = new FeedForward(region);
  }

  /** The residual stream of {@code rows} rows, to be filled before the first layer. */
  float[] residual(int rows) {
    return residual.get((long) rows * width);
  }

  /** The normed residual stream that the last call has left, [R, D]. */
  float[] normed() {
    return normed.get();
  }

  /** Norms the residual stream for the first layer. */
  void begin(int rows, float[] weight) {
    normed.get((long) rows * width);
    branch.get((long) rows * width);
    normWeight = weight;
    workers.run(rows, rowWork(rows), normTask);
  }

  /**
   * Runs a layer.
   *
   * @param layer index of the layer in the KV cache
   * @param nextNorm weight of the norm that follows: the next layer's, or the final one
   * @throws RowException if a row's router scores are not numbers
   */
  void forward(Batch pass, int layer, LayerSpec spec, LayerWeights w, float[] nextNorm) {
    int rows = pass.rows();
    float[] x = normed.get();
    float[] y = branch.get();
    attention.forward(pass, layer, spec.attention(), w.attention(), x, y, width);
    normWeight = w.feedForwardNorm();
    workers.run(rows, rowWork(rows), addNormTask);
    switch (w.feedForward()) {
      case MlpWeights mlp -> feedForward.forward(mlp, rows, x, y, width);
      case MoeWeights experts -> experts(pass, layer, spec, experts, x, y);
    }
    normWeight = nextNorm;
    workers.run(rows, rowWork(rows), addNormTask);
    if (pass.observed()) {
      observe(pass, layer);
    }
  }

  private void experts(
      Batch pass, int layer, LayerSpec spec, MoeWeights experts, float[] x, float[] y) {
    if (!(spec.feedForward() instanceof MoeSpec moeSpec)) {
      throw new IllegalStateException("layer " + layer + " has experts, but its spec has none");
    }
    if (moe == null) {
      moe = new MoeLayer(workers, region, routing, pass, moeSpec, experts);
    }
    moe.forward(pass, layer, moeSpec, experts, x, y, width);
  }

  private long rowWork(int rows) {
    return (long) rows * width * 8;
  }

  private void norm(int row, int worker) {
    int at = row * width;
    workers.kernels().rmsNorm(residual.get(), at, normWeight, epsilon, width, normed.get(), at);
  }

  /** Residual plus branch, then the norm of what follows. */
  private void addNorm(int row, int worker) {
    Kernels kernels = workers.kernels();
    kernels.add(branch.get(), row * width, residual.get(), row * width, width);
    norm(row, worker);
  }

  private void observe(Batch pass, int layer) {
    for (int r = 0; r < pass.rows(); r++) {
      PassObserver observer = pass.observer(r);
      if (observer != null) {
        observer.hidden(layer, pass.position(r), residual.get(), r * width, width);
      }
    }
  }
}
