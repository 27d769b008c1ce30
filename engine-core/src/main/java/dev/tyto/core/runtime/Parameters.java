package dev.tyto.core.runtime;

import dev.tyto.core.spec.DecoderSpec;
import dev.tyto.core.spec.DenseSpec;
import dev.tyto.core.spec.LayerSpec;
import dev.tyto.core.spec.MlaSpec;
import dev.tyto.core.spec.MoeSpec;

/**
 * Counts the parameters of a spec: weights and norms, as model cards do; selection biases and
 * quantisation scales are not counted.
 */
final class Parameters {
  private Parameters() {}

  static long total(DecoderSpec spec) {
    long embedding = (long) spec.vocabSize() * spec.hiddenSize();
    return embedding + rest(spec, false);
  }

  /** What one token uses: its row of the embedding, its experts, the whole head. */
  static long active(DecoderSpec spec) {
    return spec.hiddenSize() + rest(spec, true) + (spec.tiedHead() ? head(spec) : 0);
  }

  private static long head(DecoderSpec spec) {
    return (long) spec.vocabSize() * spec.hiddenSize();
  }

  private static long rest(DecoderSpec spec, boolean active) {
    long n = spec.hiddenSize() + (spec.tiedHead() ? 0 : head(spec));
    for (LayerSpec layer : spec.layers()) {
      n += 2L * spec.hiddenSize() + attention(layer.attention(), spec.hiddenSize());
      n +=
          switch (layer.feedForward()) {
            case DenseSpec dense -> mlp(dense.intermediateSize(), spec.hiddenSize());
            case MoeSpec moe -> moe(moe, spec.hiddenSize(), active);
          };
    }
    return n;
  }

  private static long attention(MlaSpec a, long d) {
    long queryOut = (long) a.heads() * a.queryDim();
    long query =
        a.queryRank() == 0
            ? queryOut * d
            : a.queryRank() * d + a.queryRank() + queryOut * a.queryRank();
    long kv =
        a.cacheWidth() * d
            + a.latentRank()
            + (long) a.heads() * (a.nopeDim() + a.valueDim()) * a.latentRank();
    return query + kv + d * a.heads() * a.valueDim();
  }

  private static long mlp(long intermediate, long d) {
    return 3 * intermediate * d;
  }

  private static long moe(MoeSpec moe, long d, boolean active) {
    int experts = active ? moe.router().topK() : moe.router().experts();
    return moe.router().experts() * d
        + experts * mlp(moe.expertIntermediateSize(), d)
        + mlp(moe.sharedIntermediateSize(), d)
        + (moe.sharedGate() ? d : 0);
  }
}
