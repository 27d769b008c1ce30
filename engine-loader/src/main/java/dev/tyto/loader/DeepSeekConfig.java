package dev.tyto.loader;

import org.jspecify.annotations.Nullable;

/**
 * The config.json of model_type deepseek_v2 (V2, V2-Lite, V2.5, Coder-V2), deepseek_v3 (V3, R1,
 * V3.1, Moonlight) and kimi_k2. Fields are named as there, in camel case; dimensions are in
 * elements.
 *
 * <p>A record read by {@link ModelFolder} is complete and without contradiction: what the file may
 * leave out has the default that the transformers library gives it.
 *
 * @param modelType deepseek_v2, deepseek_v3 or kimi_k2
 * @param vocabSize rows of the embedding and of the head
 * @param hiddenSize width of the residual stream
 * @param numHiddenLayers layers, not counting those for multi-token prediction
 * @param numNextnPredictLayers layers for multi-token prediction, stored after the others; 0 where
 *     the file does not say
 * @param numAttentionHeads query heads; the latent is shared by all
 * @param qLoraRank rank of the query compression; null if queries are projected directly
 * @param kvLoraRank width of the latent in the KV cache
 * @param qkNopeHeadDim part of a query or key head without position
 * @param qkRopeHeadDim part of a query or key head with rotary position; even
 * @param vHeadDim width of a value head
 * @param intermediateSize inner width of a dense feed-forward layer
 * @param moeIntermediateSize inner width of one expert; 0 if the model is dense
 * @param nRoutedExperts experts of a MoE layer; 0 if the model is dense
 * @param nSharedExperts experts that every token passes; their widths add up in one matrix; may be
 *     0
 * @param numExpertsPerTok experts that the router selects for a token; 0 if the model is dense
 * @param nGroup groups of experts; 1 where groups play no role
 * @param topkGroup groups that stay eligible for a token
 * @param topkMethod how experts are selected
 * @param scoringFunc how gate logits become scores
 * @param normTopkProb whether the weights of the selected experts are divided by their sum
 * @param routedScalingFactor factor of the routing weights
 * @param firstKDenseReplace layers at the start that are dense, whatever moeLayerFreq says; all of
 *     them if there are no routed experts
 * @param moeLayerFreq every how many layers one is MoE
 * @param rmsNormEps added to the mean square in RMSNorm
 * @param ropeTheta base of the rotary frequencies
 * @param ropeScaling YaRN, or null for none
 * @param maxPositionEmbeddings longest sequence in tokens, scaling included
 * @param tieWordEmbeddings whether the head is the embedding
 * @param quantization block-scaled FP8 weights, or null if the weights are plain
 */
public record DeepSeekConfig(
    String modelType,
    int vocabSize,
    int hiddenSize,
    int numHiddenLayers,
    int numNextnPredictLayers,
    int numAttentionHeads,
    @Nullable Integer qLoraRank,
    int kvLoraRank,
    int qkNopeHeadDim,
    int qkRopeHeadDim,
    int vHeadDim,
    int intermediateSize,
    int moeIntermediateSize,
    int nRoutedExperts,
    int nSharedExperts,
    int numExpertsPerTok,
    int nGroup,
    int topkGroup,
    TopkMethod topkMethod,
    ScoringFunc scoringFunc,
    boolean normTopkProb,
    double routedScalingFactor,
    int firstKDenseReplace,
    int moeLayerFreq,
    double rmsNormEps,
    double ropeTheta,
    @Nullable YarnScaling ropeScaling,
    int maxPositionEmbeddings,
    boolean tieWordEmbeddings,
    @Nullable Fp8Quantization quantization)
    implements ModelConfig {

  /** Whether a layer has routed experts; layers are counted from 0. */
  public boolean isMoeLayer(int layer) {
    return nRoutedExperts > 0 && layer >= firstKDenseReplace && layer % moeLayerFreq == 0;
  }

  /** How experts are chosen. */
  public enum TopkMethod {
    /** The experts of the highest scores. */
    GREEDY,
    /** The same, among the groups of the highest best scores. */
    GROUP_LIMITED_GREEDY,
    /**
     * By score plus a learned bias per expert ({@code e_score_correction_bias}), among the groups
     * whose two best sum highest.
     */
    NOAUX_TC
  }

  /** How gate logits become scores. */
  public enum ScoringFunc {
    /** Softmax over all experts. */
    SOFTMAX,
    /** Sigmoid of each expert by itself. */
    SIGMOID
  }

  /**
   * A rope_scaling of type yarn.
   *
   * @param factor by how much the context was extended; at least 1
   * @param originalMaxPositionEmbeddings context before that, in tokens
   * @param betaFast rotations over the original context above which a frequency stays as it is
   * @param betaSlow rotations below which a frequency is divided by the factor
   * @param mscale numerator of the factor on cosine and sine, as 0.1 x mscale x ln(factor) + 1
   * @param mscaleAllDim its denominator, and the factor (squared) on the softmax scale; 0 for none
   */
  public record YarnScaling(
      double factor,
      int originalMaxPositionEmbeddings,
      double betaFast,
      double betaSlow,
      double mscale,
      double mscaleAllDim) {}

  /**
   * A quantization_config of quant_method fp8, fmt e4m3: each block of a weight matrix has one
   * factor in {@code weight_scale_inv}.
   *
   * @param blockRows rows of a block; always 128
   * @param blockColumns columns of a block; always 128
   */
  public record Fp8Quantization(int blockRows, int blockColumns) {}
}
