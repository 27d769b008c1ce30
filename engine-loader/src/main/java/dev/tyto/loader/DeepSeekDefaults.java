package dev.tyto.loader;

import dev.tyto.loader.DeepSeekConfig.ScoringFunc;
import dev.tyto.loader.DeepSeekConfig.TopkMethod;

/**
 * What a config.json means by what it leaves out, per family: the defaults of transformers'
 * DeepseekV2Config and DeepseekV3Config, for the fields where a default is harmless. Sizes of the
 * model are not among them.
 */
enum DeepSeekDefaults {
  V2(TopkMethod.GREEDY, ScoringFunc.SOFTMAX, false, 1.0, 1, 1, 2, 0, 2048),
  V3(TopkMethod.NOAUX_TC, ScoringFunc.SIGMOID, true, 2.5, 8, 4, 1, 3, 4096);

  final TopkMethod topkMethod;
  final ScoringFunc scoringFunc;
  final boolean normTopkProb;
  final double routedScalingFactor;
  final int groups;
  final int topkGroup;
  final int sharedExperts;
  final int firstDenseLayers;
  final int maxPositionEmbeddings;

  DeepSeekDefaults(
      TopkMethod topkMethod,
      ScoringFunc scoringFunc,
      boolean normTopkProb,
      double routedScalingFactor,
      int groups,
      int topkGroup,
      int sharedExperts,
      int firstDenseLayers,
      int maxPositionEmbeddings) {
    this.topkMethod = topkMethod;
    this.scoringFunc = scoringFunc;
    this.normTopkProb = normTopkProb;
    this.routedScalingFactor = routedScalingFactor;
    this.groups = groups;
    this.topkGroup = topkGroup;
    this.sharedExperts = sharedExperts;
    this.firstDenseLayers = firstDenseLayers;
    this.maxPositionEmbeddings = maxPositionEmbeddings;
  }
}
