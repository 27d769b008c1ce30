package dev.tyto.core.weights;

import dev.tyto.core.LoadProgress;
import dev.tyto.core.WeightType;
import dev.tyto.core.spec.DecoderSpec;
import dev.tyto.core.spec.DenseSpec;
import dev.tyto.core.spec.LayerSpec;
import dev.tyto.core.spec.MlaSpec;
import dev.tyto.core.spec.MoeSpec;
import dev.tyto.core.spec.MtpSpec;
import dev.tyto.core.spec.TensorNames;
import dev.tyto.core.spec.TensorNames.Role;
import dev.tyto.kernels.WeightMatrix;
import dev.tyto.kernels.WorkerPool;
import dev.tyto.loader.Checkpoint;
import dev.tyto.loader.LoadException;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Loads the weights that a spec names. */
public final class WeightLoader {
  private final DecoderSpec spec;
  private final TensorNames names;
  private final TensorReader reader;

  private WeightLoader(DecoderSpec spec, TensorReader reader) {
    this.spec = spec;
    this.names = spec.names();
    this.reader = reader;
  }

  /**
   * The result of loading.
   *
   * @param weights views of memory that the given arena owns
   * @param bytesByFormat off-heap bytes by weight format
   */
  public record Loaded(DecoderWeights weights, Map<String, Long> bytesByFormat) {}

  /**
   * Reads and packs all weights of {@code spec} into {@code arena}.
   *
   * @param type what projections and experts become
   * @param totalBytes what the listener is told as total
   * @throws LoadException if a tensor is missing, has another shape or dtype, or cannot be read
   */
  public static Loaded load(
      DecoderSpec spec,
      Checkpoint checkpoint,
      Arena arena,
      WorkerPool pool,
      WeightType type,
      long totalBytes,
      @Nullable LoadProgress progress)
      throws LoadException {
    LoadMeter meter = new LoadMeter(totalBytes, progress);
    try (TensorReader reader = new TensorReader(checkpoint, arena, pool, meter, type)) {
      DecoderWeights weights = new WeightLoader(spec, reader).decoder();
      return new Loaded(weights, meter.packedBytes());
    }
  }

  private DecoderWeights decoder() throws LoadException {
    int d = spec.hiddenSize();
    EmbeddingTable embedding = reader.table(names.of(Role.EMBEDDING), spec.vocabSize(), d);
    List<LayerWeights> layers = new ArrayList<>();
    for (int l = 0; l < spec.layers().size(); l++) {
      layers.add(layer(l, spec.layers().get(l)));
    }
    float[] finalNorm = reader.vector(names.of(Role.FINAL_NORM), d);
    Role head = spec.tiedHead() ? Role.EMBEDDING : Role.HEAD;
    return new DecoderWeights(
        embedding,
        layers,
        finalNorm,
        reader.projection(names.of(head), spec.vocabSize(), d),
        spec.mtp() == null ? null : mtp(spec.layers().size(), spec.mtp()));
  }

  private MtpWeights mtp(int l, MtpSpec mtp) throws LoadException {
    int d = spec.hiddenSize();
    return new MtpWeights(
        reader.vector(names.of(Role.MTP_TOKEN_NORM, l), d),
        reader.vector(names.of(Role.MTP_HIDDEN_NORM, l), d),
        reader.projection(names.of(Role.MTP_PROJECTION, l), d, 2 * d),
        layer(l, mtp.block()),
        reader.vector(names.of(Role.MTP_FINAL_NORM, l), d));
  }

  /**
   * Whether a checkpoint has the MTP module that its config.json promises: copies often lack it.
   */
  public static boolean hasMtp(DecoderSpec spec, Checkpoint checkpoint) {
    return spec.mtp() != null
        && checkpoint.contains(spec.names().of(Role.MTP_PROJECTION, spec.layers().size()));
  }

  private LayerWeights layer(int l, LayerSpec layer) throws LoadException {
    int d = spec.hiddenSize();
    float[] attentionNorm = reader.vector(names.of(Role.ATTENTION_NORM, l), d);
    MlaWeights attention = attention(l, layer.attention());
    float[] feedForwardNorm = reader.vector(names.of(Role.FEED_FORWARD_NORM, l), d);
    FeedForwardWeights feedForward =
        switch (layer.feedForward()) {
          case DenseSpec dense ->
              mlp(
                  names.of(Role.GATE, l),
                  names.of(Role.UP, l),
                  names.of(Role.DOWN, l),
                  dense.intermediateSize());
          case MoeSpec moe -> moe(l, moe);
        };
    return new LayerWeights(attentionNorm, attention, feedForwardNorm, feedForward);
  }

  private MlaWeights attention(int l, MlaSpec a) throws LoadException {
    int d = spec.hiddenSize();
    WeightMatrix queryDown = null;
    float[] queryNorm = null;
    WeightMatrix query;
    int queryOut = a.heads() * a.queryDim();
    if (a.queryRank() > 0) {
      queryDown = reader.projection(names.of(Role.QUERY_DOWN, l), a.queryRank(), d);
      queryNorm = reader.vector(names.of(Role.QUERY_NORM, l), a.queryRank());
      query = reader.projection(names.of(Role.QUERY_UP, l), queryOut, a.queryRank());
    } else {
      query = reader.projection(names.of(Role.QUERY, l), queryOut, d);
    }
    WeightMatrix kvDown = reader.projection(names.of(Role.KV_DOWN, l), a.cacheWidth(), d);
    float[] kvNorm = reader.vector(names.of(Role.KV_NORM, l), a.latentRank());
    TensorReader.KvUp up =
        reader.kvUp(names.of(Role.KV_UP, l), a.heads(), a.nopeDim(), a.valueDim(), a.latentRank());
    WeightMatrix output =
        reader.projection(names.of(Role.ATTENTION_OUTPUT, l), d, a.heads() * a.valueDim());
    return new MlaWeights(
        queryDown, queryNorm, query, kvDown, kvNorm, up.keyUp(), up.valueUp(), output);
  }

  private MoeWeights moe(int l, MoeSpec moe) throws LoadException {
    int experts = moe.router().experts();
    WeightMatrix router = reader.matrix(names.of(Role.ROUTER, l), experts, spec.hiddenSize());
    float[] bias =
        moe.router().selectionBias() ? reader.vector(names.of(Role.ROUTER_BIAS, l), experts) : null;
    List<MlpWeights> routed = new ArrayList<>(experts);
    for (int e = 0; e < experts; e++) {
      routed.add(
          mlp(
              names.of(Role.EXPERT_GATE, l, e),
              names.of(Role.EXPERT_UP, l, e),
              names.of(Role.EXPERT_DOWN, l, e),
              moe.expertIntermediateSize()));
    }
    MlpWeights shared =
        moe.sharedIntermediateSize() == 0
            ? null
            : mlp(
                names.of(Role.SHARED_GATE, l),
                names.of(Role.SHARED_UP, l),
                names.of(Role.SHARED_DOWN, l),
                moe.sharedIntermediateSize());
    WeightMatrix sharedGate =
        moe.sharedGate()
            ? reader.matrix(names.of(Role.SHARED_ROUTER, l), 1, spec.hiddenSize())
            : null;
    return new MoeWeights(router, bias, routed, shared, sharedGate);
  }

  private MlpWeights mlp(String gate, String up, String down, int intermediate)
      throws LoadException {
    int d = spec.hiddenSize();
    return new MlpWeights(
        reader.projection(gate, intermediate, d),
        reader.projection(up, intermediate, d),
        reader.projection(down, d, intermediate));
  }
}
