package dev.tyto.core.family;

import static dev.tyto.core.spec.TensorNames.Role;

import dev.tyto.core.spec.DecoderSpec;
import dev.tyto.core.spec.DenseSpec;
import dev.tyto.core.spec.FeedForwardSpec;
import dev.tyto.core.spec.LayerSpec;
import dev.tyto.core.spec.MlaSpec;
import dev.tyto.core.spec.MoeSpec;
import dev.tyto.core.spec.MtpSpec;
import dev.tyto.core.spec.RopeSpec;
import dev.tyto.core.spec.RouterSpec;
import dev.tyto.core.spec.TensorNames;
import dev.tyto.loader.DeepSeekConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * DeepSeek-V2-Lite, V2, V3, R1 and what shares their config.json (Moonlight, Kimi-K2). Semantics as
 * in DeepSeek's {@code inference/model.py}; where it and the Hugging Face convention differ (YaRN
 * is on whenever rope_scaling is set), the latter.
 */
final class DeepSeekFamily {
  private static final TensorNames NAMES =
      new TensorNames(
          Map.ofEntries(
              Map.entry(Role.EMBEDDING, "model.embed_tokens.weight"),
              Map.entry(Role.FINAL_NORM, "model.norm.weight"),
              Map.entry(Role.HEAD, "lm_head.weight"),
              Map.entry(Role.ATTENTION_NORM, "model.layers.{l}.input_layernorm.weight"),
              Map.entry(Role.QUERY, "model.layers.{l}.self_attn.q_proj.weight"),
              Map.entry(Role.QUERY_DOWN, "model.layers.{l}.self_attn.q_a_proj.weight"),
              Map.entry(Role.QUERY_NORM, "model.layers.{l}.self_attn.q_a_layernorm.weight"),
              Map.entry(Role.QUERY_UP, "model.layers.{l}.self_attn.q_b_proj.weight"),
              Map.entry(Role.KV_DOWN, "model.layers.{l}.self_attn.kv_a_proj_with_mqa.weight"),
              Map.entry(Role.KV_NORM, "model.layers.{l}.self_attn.kv_a_layernorm.weight"),
              Map.entry(Role.KV_UP, "model.layers.{l}.self_attn.kv_b_proj.weight"),
              Map.entry(Role.ATTENTION_OUTPUT, "model.layers.{l}.self_attn.o_proj.weight"),
              Map.entry(Role.FEED_FORWARD_NORM, "model.layers.{l}.post_attention_layernorm.weight"),
              Map.entry(Role.GATE, "model.layers.{l}.mlp.gate_proj.weight"),
              Map.entry(Role.UP, "model.layers.{l}.mlp.up_proj.weight"),
              Map.entry(Role.DOWN, "model.layers.{l}.mlp.down_proj.weight"),
              Map.entry(Role.ROUTER, "model.layers.{l}.mlp.gate.weight"),
              Map.entry(Role.ROUTER_BIAS, "model.layers.{l}.mlp.gate.e_score_correction_bias"),
              Map.entry(Role.EXPERT_GATE, "model.layers.{l}.mlp.experts.{e}.gate_proj.weight"),
              Map.entry(Role.EXPERT_UP, "model.layers.{l}.mlp.experts.{e}.up_proj.weight"),
              Map.entry(Role.EXPERT_DOWN, "model.layers.{l}.mlp.experts.{e}.down_proj.weight"),
              Map.entry(Role.SHARED_GATE, "model.layers.{l}.mlp.shared_experts.gate_proj.weight"),
              Map.entry(Role.SHARED_UP, "model.layers.{l}.mlp.shared_experts.up_proj.weight"),
              Map.entry(Role.SHARED_DOWN, "model.layers.{l}.mlp.shared_experts.down_proj.weight"),
              Map.entry(Role.MTP_TOKEN_NORM, "model.layers.{l}.enorm.weight"),
              Map.entry(Role.MTP_HIDDEN_NORM, "model.layers.{l}.hnorm.weight"),
              Map.entry(Role.MTP_PROJECTION, "model.layers.{l}.eh_proj.weight"),
              Map.entry(Role.MTP_FINAL_NORM, "model.layers.{l}.shared_head.norm.weight")));

  private DeepSeekFamily() {}

  static DecoderSpec spec(DeepSeekConfig c) {
    MlaSpec attention =
        new MlaSpec(
            c.numAttentionHeads(),
            c.qLoraRank() == null ? 0 : c.qLoraRank(),
            c.kvLoraRank(),
            c.qkNopeHeadDim(),
            c.qkRopeHeadDim(),
            c.vHeadDim(),
            softmaxScale(c));
    FeedForwardSpec dense = new DenseSpec(c.intermediateSize());
    List<LayerSpec> layers = new ArrayList<>();
    for (int l = 0; l < c.numHiddenLayers(); l++) {
      boolean moe =
          c.nRoutedExperts() > 0 && l >= c.firstKDenseReplace() && l % c.moeLayerFreq() == 0;
      layers.add(new LayerSpec(attention, moe ? experts(c) : dense));
    }
    // The official checkpoints keep the module as one more layer; its block is like the last one.
    MtpSpec mtp =
        c.numNextnPredictLayers() == 0
            ? null
            : new MtpSpec(new LayerSpec(attention, c.nRoutedExperts() > 0 ? experts(c) : dense));
    return new DecoderSpec(
        c.vocabSize(),
        c.hiddenSize(),
        (float) c.rmsNormEps(),
        c.maxPositionEmbeddings(),
        new RopeSpec(c.qkRopeHeadDim(), c.ropeTheta(), yarn(c.ropeScaling())),
        layers,
        mtp,
        c.tieWordEmbeddings(),
        NAMES);
  }

  private static MoeSpec experts(DeepSeekConfig c) {
    boolean bias = c.topkMethod() == DeepSeekConfig.TopkMethod.NOAUX_TC;
    boolean grouped = c.topkMethod() != DeepSeekConfig.TopkMethod.GREEDY;
    RouterSpec router =
        new RouterSpec(
            c.nRoutedExperts(),
            c.numExpertsPerTok(),
            switch (c.scoringFunc()) {
              case SOFTMAX -> RouterSpec.Score.SOFTMAX;
              case SIGMOID -> RouterSpec.Score.SIGMOID;
            },
            bias,
            grouped ? c.nGroup() : 1,
            grouped ? c.topkGroup() : 1,
            bias ? RouterSpec.GroupScore.TOP2_SUM : RouterSpec.GroupScore.MAX,
            c.normTopkProb(),
            (float) c.routedScalingFactor());
    return new MoeSpec(
        router, c.moeIntermediateSize(), c.nSharedExperts() * c.moeIntermediateSize(), false);
  }

  private static float softmaxScale(DeepSeekConfig c) {
    double scale = 1 / Math.sqrt(c.qkNopeHeadDim() + c.qkRopeHeadDim());
    DeepSeekConfig.YarnScaling y = c.ropeScaling();
    if (y != null && y.mscaleAllDim() != 0) {
      double m = RopeSpec.mscale(y.factor(), y.mscaleAllDim());
      scale *= m * m;
    }
    return (float) scale;
  }

  private static RopeSpec.@Nullable Yarn yarn(DeepSeekConfig.@Nullable YarnScaling y) {
    if (y == null) {
      return null;
    }
    double tableFactor =
        RopeSpec.mscale(y.factor(), y.mscale()) / RopeSpec.mscale(y.factor(), y.mscaleAllDim());
    return new RopeSpec.Yarn(
        y.factor(), y.originalMaxPositionEmbeddings(), y.betaFast(), y.betaSlow(), tableFactor);
  }
}
