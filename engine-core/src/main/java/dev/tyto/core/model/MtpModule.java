package dev.tyto.core.model;

import dev.tyto.core.spec.DecoderSpec;
import dev.tyto.core.spec.MtpSpec;
import dev.tyto.core.weights.EmbeddingTable;
import dev.tyto.core.weights.LayerWeights;
import dev.tyto.core.weights.MtpWeights;
import dev.tyto.kernels.Kernels;
import dev.tyto.kernels.WorkerPool;
import java.util.ArrayList;
import java.util.List;

/**
 * The multi-token-prediction module of DeepSeek-V3 (technical report, section 2.2; embedding first
 * and the state after the final norm, as vLLM and SGLang run it). Shares embedding and head with
 * the decoder.
 */
final class MtpModule {
  private final int width;
  private final int layer;
  private final float epsilon;
  private final MtpSpec spec;
  private final MtpWeights weights;
  private final EmbeddingTable embedding;
  private final RoutingControl routing;
  private final Block block;
  private final Head head;
  private final Workers workers;
  private final LinearRegion region;
  private final Workspace input = new Workspace();
  private final WorkerPool.Task inputTask = this::input;

  // The pass at work, for the task.
  private Batch batch = new Batch();
  private float[] states = new float[0];

  MtpModule(
      DecoderSpec decoder,
      MtpSpec spec,
      MtpWeights weights,
      List<LayerWeights> main,
      EmbeddingTable embedding,
      RopeTable rope,
      Head head,
      Workers workers) {
    this.width = decoder.hiddenSize();
    this.layer = decoder.layers().size();
    this.epsilon = decoder.normEpsilon();
    this.spec = spec;
    this.weights = weights;
    this.embedding = embedding;
    List<LayerWeights> layers = new ArrayList<>(main);
    layers.add(weights.block());
    this.routing = new RoutingControl(decoder.cachedLayers(), layers);
    this.block = new Block(decoder, weights.block(), workers, rope, routing);
    this.head = head;
    this.workers = workers;
    this.region = new LinearRegion(workers);
  }

  float[] forward(Batch pass, float[] h) {
    int rows = pass.rows();
    this.batch = pass;
    this.states = h;
    routing.beginPass();
    float[] x = input.get((long) rows * 2 * width);
    // Before the block: h may be its own buffer of the pass before.
    workers.run(rows, (long) rows * width * 8, inputTask);
    region.add(weights.projection(), x, 0, 2 * width, rows, block.residual(rows), 0, width);
    region.run();
    block.begin(rows, weights.block().attentionNorm());
    block.forward(pass, layer, spec.block(), weights.block(), weights.finalNorm());
    routing.endPass(rows);
    return head.forward(pass, block.normed());
  }

  /** The residual stream after the block, before the final norm, [R, D]. */
  float[] states() {
    return block.residual(0);
  }

  private void input(int row, int worker) {
    Kernels kernels = workers.kernels();
    float[] x = input.get();
    int at = row * 2 * width;
    embedding.gather(kernels, batch.token(row), x, at);
    kernels.rmsNorm(x, at, weights.tokenNorm(), epsilon, width, x, at);
    kernels.rmsNorm(states, row * width, weights.hiddenNorm(), epsilon, width, x, at + width);
  }
}
