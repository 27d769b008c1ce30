package dev.tyto.core.model;

import dev.tyto.core.spec.DecoderSpec;
import dev.tyto.core.weights.DecoderWeights;
import dev.tyto.core.weights.LayerWeights;
import dev.tyto.kernels.WorkerPool;
import java.util.List;

/**
 * The forward pass: embedding, layers, final norm, and the head for the rows that want logits.
 * Executes a spec; knows no family. One pass at a time, from one thread.
 */
public final class Decoder {
  private final DecoderSpec spec;
  private final DecoderWeights weights;
  private final Workers workers;
  private final RopeTable rope;
  private final Block block;
  private final Head head;
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
    this.block = new Block(spec, weights.layers().getFirst(), workers, rope);
    this.head = new Head(weights.head(), workers);
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
    residual = block.residual(rows);
    workers.run(rows, (long) rows * spec.hiddenSize(), embedTask);
    block.begin(rows, layers.getFirst().attentionNorm());
    for (int l = 0; l < layers.size(); l++) {
      boolean last = l + 1 == layers.size();
      float[] nextNorm = last ? weights.finalNorm() : layers.get(l + 1).attentionNorm();
      block.forward(pass, l, spec.layers().get(l), layers.get(l), nextNorm);
    }
    return head.forward(pass, block.normed());
  }

  private void embed(int row, int worker) {
    int d = spec.hiddenSize();
    weights.embedding().gather(workers.kernels(), batch.token(row), residual, row * d);
  }
}
