package dev.tyto.core.model;

import dev.tyto.core.spec.DecoderSpec;
import dev.tyto.core.weights.DecoderWeights;
import dev.tyto.core.weights.LayerWeights;
import dev.tyto.kernels.WorkerPool;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The forward pass: embedding, layers, final norm, and the head for the rows that want logits.
 * Executes a spec; knows no family. One pass at a time, from one thread.
 */
public final class Decoder {
  private final DecoderSpec spec;
  private final DecoderWeights weights;
  private final Workers workers;
  private final RopeTable rope;
  private final RoutingControl routing;
  private final Block block;
  private final Head head;
  private final @Nullable MtpModule mtp;
  private final WorkerPool.Task embedTask = this::embed;

  /** The pass at work, for the task. */
  private Batch batch = new Batch();

  private float[] residual = new float[0];

  /** A decoder over loaded weights; {@code workers} stays the caller's. */
  public Decoder(DecoderSpec spec, DecoderWeights weights, Workers workers) {
    this.spec = spec;
    this.weights = weights;
    this.workers = workers;
    this.rope = new RopeTable(spec.rope());
    this.routing = new RoutingControl(spec.layers(), weights.layers());
    this.block = new Block(spec, weights.layers().getFirst(), workers, rope, routing);
    this.head = new Head(weights.head(), workers);
    this.mtp =
        spec.mtp() == null || weights.mtp() == null
            ? null
            : new MtpModule(
                spec,
                spec.mtp(),
                weights.mtp(),
                weights.layers(),
                weights.embedding(),
                rope,
                head,
                workers);
  }

  /**
   * Runs a pass. Keys are written to the rows' caches, which must have room.
   *
   * @return logits, [logitRows, V]; valid until the next pass
   * @throws RowException if a row's router scores are not numbers
   */
  public float[] forward(Batch pass) {
    int rows = pass.rows();
    List<LayerWeights> layers = weights.layers();
    for (int r = 0; r < rows; r++) {
      rope.reserve(pass.position(r));
    }
    batch = pass;
    routing.beginPass();
    residual = block.residual(rows);
    workers.run(rows, (long) rows * spec.hiddenSize(), embedTask);
    block.begin(rows, layers.getFirst().attentionNorm());
    for (int l = 0; l < layers.size(); l++) {
      boolean last = l + 1 == layers.size();
      float[] nextNorm = last ? weights.finalNorm() : layers.get(l + 1).attentionNorm();
      block.forward(pass, l, spec.layers().get(l), layers.get(l), nextNorm);
    }
    routing.endPass(rows);
    return head.forward(pass, block.normed());
  }

  /** Width D of the hidden states. */
  public int hiddenSize() {
    return spec.hiddenSize();
  }

  /** The states after the final norm of all rows of the last pass, [R, D]; until the next one. */
  public float[] states() {
    return block.normed();
  }

  /** Whether there is a multi-token-prediction module. */
  public boolean hasMtp() {
    return mtp != null;
  }

  /**
   * Runs the multi-token-prediction module: row i holds token t_{i+1} at position i, and {@code
   * states} row i is h_i. Its logits predict t_{i+2}; its own states, for drafting further, are
   * {@link #draftStates}. Keys go to the module's own layer of the caches.
   *
   * @param states [R, D]
   * @return logits, [logitRows, V]; valid until the next pass
   */
  public float[] draft(Batch pass, float[] states) {
    return requireMtp().forward(pass, states);
  }

  /** The module's states before its final norm, [R, D]; until the next pass. */
  public float[] draftStates() {
    return requireMtp().states();
  }

  private MtpModule requireMtp() {
    if (mtp == null) {
      throw new IllegalStateException("the model has no multi-token-prediction module");
    }
    return mtp;
  }

  /** What the routers choose, and with which biases. */
  public RoutingControl routing() {
    return routing;
  }

  private void embed(int row, int worker) {
    int d = spec.hiddenSize();
    weights.embedding().gather(workers.kernels(), batch.token(row), residual, row * d);
  }
}
