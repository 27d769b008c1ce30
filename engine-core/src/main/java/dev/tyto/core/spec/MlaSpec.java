package dev.tyto.core.spec;

/**
 * Multi-head latent attention (DeepSeek-V2, arXiv 2405.04434, section 2.1).
 *
 * @param heads query heads
 * @param queryRank rank of the query compression, 0 for a plain query projection
 * @param latentRank rank of the joint key-value compression: the cached part
 * @param nopeDim query and key dimensions per head without position
 * @param ropeDim query and key dimensions per head with rotary position; the key's are shared by
 *     heads
 * @param valueDim value dimensions per head
 * @param softmaxScale factor of the attention scores
 */
public record MlaSpec(
    int heads,
    int queryRank,
    int latentRank,
    int nopeDim,
    int ropeDim,
    int valueDim,
    float softmaxScale) {

  /** Elements per token and layer of the KV cache. */
  public int cacheWidth() {
    return latentRank + ropeDim;
  }

  /** Query dimensions per head before absorption. */
  public int queryDim() {
    return nopeDim + ropeDim;
  }
}
