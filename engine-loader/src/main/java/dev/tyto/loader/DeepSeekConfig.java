package dev.tyto.loader;

import org.jspecify.annotations.Nullable;

/**
 * CONTRACT SKETCH of config.json for model_type deepseek_v2, deepseek_v3 and what shares their
 * fields (kimi_k2). Field names as in config.json, camel-cased.
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

  /** How experts are chosen. */
  public enum TopkMethod {
    GREEDY,
    GROUP_LIMITED_GREEDY,
    NOAUX_TC
  }

  /** How gate logits become scores. */
  public enum ScoringFunc {
    SOFTMAX,
    SIGMOID
  }

  /** rope_scaling of type yarn. */
  public record YarnScaling(
      double factor,
      int originalMaxPositionEmbeddings,
      double betaFast,
      double betaSlow,
      double mscale,
      double mscaleAllDim) {}

  /** quantization_config of quant_method fp8, fmt e4m3, weight_block_size [128, 128]. */
  public record Fp8Quantization(int blockRows, int blockColumns) {}
}
