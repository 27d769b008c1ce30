package dev.tyto.loader;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The generation_config.json of a model: special tokens and the sampling its makers recommend.
 * Absent fields are null. Token ids that it leaves out are taken from config.json, and all are
 * below the vocabulary size.
 *
 * @param bosTokenId token that begins a text
 * @param eosTokenIds tokens that end a text; often one, sometimes several, possibly none
 * @param padTokenId token for padding
 * @param doSample whether to sample at all; false means greedy
 * @param temperature 0 or more
 * @param topP from 0 to 1
 * @param topK candidates kept; 0 means all
 * @param minP from 0 to 1
 * @param repetitionPenalty above 0; 1 means none
 */
public record GenerationConfig(
    @Nullable Integer bosTokenId,
    List<Integer> eosTokenIds,
    @Nullable Integer padTokenId,
    @Nullable Boolean doSample,
    @Nullable Double temperature,
    @Nullable Double topP,
    @Nullable Integer topK,
    @Nullable Double minP,
    @Nullable Double repetitionPenalty) {

  /** Copies the list. */
  public GenerationConfig {
    eosTokenIds = List.copyOf(eosTokenIds);
  }
}
