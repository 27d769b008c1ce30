package dev.tyto.core.model;

import dev.tyto.core.PassObserver;
import dev.tyto.core.spec.DecoderSpec;
import dev.tyto.core.spec.LayerSpec;
import dev.tyto.core.spec.MoeSpec;
import dev.tyto.core.weights.DecoderWeights;
import dev.tyto.core.weights.LayerWeights;
import dev.tyto.core.weights.MlpWeights;
import dev.tyto.core.weights.MoeWeights;
import dev.tyto.kernels.Kernels;
import dev.tyto.kernels.WorkerPool;
import org.jspecify.annotations.Nullable;

/**
 * The forward pass: embedding, then per layer norm, attention, residual, norm, feed-forward,
 * residual; final norm and head for the rows that want logits. Executes a spec; knows no family.
 * One pass at a time, from one thread.
 */
public final class Decoder {
  private final DecoderSpec spec;
  private final DecoderWeights weights;
  private final Workers workers;
  private final RopeTable rope;
  private final LinearRegion region;
  private final LatentAttention attention;
  private final FeedForward feedForward;
  private final @Nullable MoeLayer moe;
  private final Workspace residual = new Workspace();
  private final Workspace normed = new Workspace();
  private final Workspace branch = new Workspace();
  private final Workspace logits = new Workspace();
  private final WorkerPool.Task embedTask = this::embed;
  private final WorkerPool.Task normTask = this::norm;
  private final WorkerPool.Task addNormTask = this::addNorm;
  private final WorkerPool.Task headRowTask = this::headRow;

  // The pass at work; read by the tasks.
  private Batch batch = new Batch();
  private float[] normWeight;

  /** A decoder over loaded weights; {@code workers} stays the caller's. */
  public Decoder(DecoderSpec spec, DecoderWeights weights, Workers workers) {
    this.spec = spec;
    this.weights = weights;
    this.workers = workers;
    this.rope = new RopeTable(spec.rope());
    this.region = new LinearRegion(workers);
    this.normWeight = weights.finalNorm();
    this.attention =
        new LatentAttention(
            workers,
            rope,
            region,
            spec.normEpsilon(),
            batch,
            spec.layers().getFirst().attention(),
            weights.layers().getFirst().attention());
    this.feedForward = new FeedForward(region);
    this.moe = firstMoe();
  }

  private @Nullable MoeLayer firstMoe() {
    for (int l = 0; l < spec.layers().size(); l++) {
      if (spec.layers().get(l).feedForward() instanceof MoeSpec s
          && weights.layers().get(l).feedForward() instanceof MoeWeights w) {
        return new MoeLayer(workers, region, batch, s, w);
      }
    }
    return null;
  }

  /**
   * Runs a pass. Keys are written to the rows' caches, which must have room.
   *
   * @return logits, [logitRows, V]; valid until the next pass
   * @throws RowException if a row's router scores are not numbers
   */
  public float[] forward(Batch pass) {
    this.batch = pass;
    int rows = pass.rows();
    int d = spec.hiddenSize();
    for (int r = 0; r < rows; r++) {
      rope.reserve(pass.position(r));
    }
    long rowWork = (long) rows * d * 8;
    float[] x = normed.get((long) rows * d);
    float[] y = branch.get((long) rows * d);
    residual.get((long) rows * d);
    workers.run(rows, rowWork, embedTask);
    normWeight = weights.layers().getFirst().attentionNorm();
    workers.run(rows, rowWork, normTask);
    for (int l = 0; l < spec.layers().size(); l++) {
      LayerSpec layer = spec.layers().get(l);
      LayerWeights w = weights.layers().get(l);
      attention.forward(pass, l, layer.attention(), w.attention(), x, y, d);
      normWeight = w.feedForwardNorm();
      workers.run(rows, rowWork, addNormTask);
      switch (w.feedForward()) {
        case MlpWeights mlp -> feedForward.forward(mlp, rows, x, y, d);
        case MoeWeights experts -> experts(pass, l, layer, experts, x, y);
      }
      boolean last = l + 1 == spec.layers().size();
      normWeight = last ? weights.finalNorm() : weights.layers().get(l + 1).attentionNorm();
      workers.run(rows, rowWork, addNormTask);
      if (pass.observed()) {
        observeHidden(l);
      }
    }
    return head(pass, d);
  }

  private void experts(
      Batch pass, int l, LayerSpec layer, MoeWeights experts, float[] x, float[] y) {
    if (moe == null || !(layer.feedForward() instanceof MoeSpec s)) {
      throw new IllegalStateException("layer " + l + " has experts, but its spec has none");
    }
    moe.forward(pass, l, s, experts, x, y, spec.hiddenSize());
  }

  private float[] head(Batch pass, int d) {
    int rows = pass.logitRows();
    if (rows == 0) {
      return logits.get();
    }
    int vocab = spec.vocabSize();
    float[] out = logits.get((long) rows * vocab);
    // The last addNorm has left the final norm of every row in normed; gather the rows wanted.
    float[] x = branch.get((long) rows * d);
    workers.run(rows, (long) rows * d, headRowTask);
    region.add(weights.head(), x, 0, d, rows, out, 0, vocab);
    region.run();
    for (int i = 0; i < rows && pass.observed(); i++) {
      PassObserver observer = pass.observer(pass.logitRow(i));
      if (observer != null) {
        observer.logits(pass.position(pass.logitRow(i)), out, i * vocab, vocab);
      }
    }
    return out;
  }

  private void embed(int row, int worker) {
    int d = spec.hiddenSize();
    weights.embedding().gather(workers.kernels(), batch.token(row), residual.get(), row * d);
  }

  private void norm(int row, int worker) {
    int d = spec.hiddenSize();
    workers
        .kernels()
        .rmsNorm(residual.get(), row * d, normWeight, spec.normEpsilon(), d, normed.get(), row * d);
  }

  /** Residual plus branch, then the norm of the next half. */
  private void addNorm(int row, int worker) {
    int d = spec.hiddenSize();
    Kernels kernels = workers.kernels();
    kernels.add(branch.get(), row * d, residual.get(), row * d, d);
    norm(row, worker);
  }

  private void headRow(int i, int worker) {
    int d = spec.hiddenSize();
    System.arraycopy(normed.get(), batch.logitRow(i) * d, branch.get(), i * d, d);
  }

  private void observeHidden(int layer) {
    int d = spec.hiddenSize();
    for (int r = 0; r < batch.rows(); r++) {
      PassObserver observer = batch.observer(r);
      if (observer != null) {
        observer.hidden(layer, batch.position(r), residual.get(), r * d, d);
      }
    }
  }
}
