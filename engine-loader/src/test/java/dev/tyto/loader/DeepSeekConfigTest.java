package dev.tyto.loader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tyto.loader.DeepSeekConfig.Fp8Quantization;
import dev.tyto.loader.DeepSeekConfig.ScoringFunc;
import dev.tyto.loader.DeepSeekConfig.TopkMethod;
import dev.tyto.loader.DeepSeekConfig.YarnScaling;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What config.json means: models that exist, defaults, and the two spellings of rotary position.
 */
class DeepSeekConfigTest {

  /** The fields that DeepSeek-V2-Lite, V2 and V3 agree on. */
  private static Map<String, String> released(String modelType) {
    Map<String, String> fields = new TreeMap<>();
    fields.put("architectures", "[\"Deepseek\"]");
    fields.put("attention_bias", "false");
    fields.put("hidden_act", "\"silu\"");
    fields.put("kv_lora_rank", "512");
    fields.put("max_position_embeddings", "163840");
    fields.put("model_type", "\"" + modelType + "\"");
    fields.put("moe_layer_freq", "1");
    fields.put("qk_nope_head_dim", "128");
    fields.put("qk_rope_head_dim", "64");
    fields.put("rms_norm_eps", "1e-06");
    fields.put("rope_theta", "10000");
    fields.put("tie_word_embeddings", "false");
    fields.put("torch_dtype", "\"bfloat16\"");
    fields.put("v_head_dim", "128");
    return fields;
  }

  private static String yarn(double factor, double betaFast, double mscale) {
    return "{\"beta_fast\": "
        + betaFast
        + ", \"beta_slow\": 1, \"factor\": "
        + factor
        + ", \"mscale\": "
        + mscale
        + ", \"mscale_all_dim\": "
        + mscale
        + ", \"original_max_position_embeddings\": 4096, \"type\": \"yarn\"}";
  }

  @Test
  void deepSeekV2Lite() throws ConfigException {
    Map<String, String> fields = released("deepseek_v2");
    fields.put("first_k_dense_replace", "1");
    fields.put("hidden_size", "2048");
    fields.put("intermediate_size", "10944");
    fields.put("moe_intermediate_size", "1408");
    fields.put("n_group", "1");
    fields.put("n_routed_experts", "64");
    fields.put("n_shared_experts", "2");
    fields.put("norm_topk_prob", "false");
    fields.put("num_attention_heads", "16");
    fields.put("num_experts_per_tok", "6");
    fields.put("num_hidden_layers", "27");
    fields.put("num_key_value_heads", "16");
    fields.put("q_lora_rank", "null");
    fields.put("rope_scaling", yarn(40, 32, 0.707));
    fields.put("routed_scaling_factor", "1.0");
    fields.put("scoring_func", "\"softmax\"");
    fields.put("topk_group", "1");
    fields.put("topk_method", "\"greedy\"");
    fields.put("vocab_size", "102400");
    assertEquals(
        new DeepSeekConfig(
            "deepseek_v2",
            102400,
            2048,
            27,
            0,
            16,
            null,
            512,
            128,
            64,
            128,
            10944,
            1408,
            64,
            2,
            6,
            1,
            1,
            TopkMethod.GREEDY,
            ScoringFunc.SOFTMAX,
            false,
            1.0,
            1,
            1,
            1e-6,
            10000,
            new YarnScaling(40, 4096, 32, 1, 0.707, 0.707),
            163840,
            false,
            null),
        Configs.parse(Configs.json(fields)));
  }

  @Test
  void deepSeekV2() throws ConfigException {
    Map<String, String> fields = released("deepseek_v2");
    fields.put("first_k_dense_replace", "1");
    fields.put("hidden_size", "5120");
    fields.put("intermediate_size", "12288");
    fields.put("moe_intermediate_size", "1536");
    fields.put("n_group", "8");
    fields.put("n_routed_experts", "160");
    fields.put("n_shared_experts", "2");
    fields.put("norm_topk_prob", "false");
    fields.put("num_attention_heads", "128");
    fields.put("num_experts_per_tok", "6");
    fields.put("num_hidden_layers", "60");
    fields.put("num_key_value_heads", "128");
    fields.put("q_lora_rank", "1536");
    fields.put("rope_scaling", yarn(40, 32, 0.707));
    fields.put("routed_scaling_factor", "16.0");
    fields.put("scoring_func", "\"softmax\"");
    fields.put("topk_group", "3");
    fields.put("topk_method", "\"group_limited_greedy\"");
    fields.put("vocab_size", "102400");
    assertEquals(
        new DeepSeekConfig(
            "deepseek_v2",
            102400,
            5120,
            60,
            0,
            128,
            1536,
            512,
            128,
            64,
            128,
            12288,
            1536,
            160,
            2,
            6,
            8,
            3,
            TopkMethod.GROUP_LIMITED_GREEDY,
            ScoringFunc.SOFTMAX,
            false,
            16.0,
            1,
            1,
            1e-6,
            10000,
            new YarnScaling(40, 4096, 32, 1, 0.707, 0.707),
            163840,
            false,
            null),
        Configs.parse(Configs.json(fields)));
  }

  private static Map<String, String> deepSeekV3Fields() {
    Map<String, String> fields = released("deepseek_v3");
    fields.put("first_k_dense_replace", "3");
    fields.put("hidden_size", "7168");
    fields.put("intermediate_size", "18432");
    fields.put("moe_intermediate_size", "2048");
    fields.put("n_group", "8");
    fields.put("n_routed_experts", "256");
    fields.put("n_shared_experts", "1");
    fields.put("norm_topk_prob", "true");
    fields.put("num_attention_heads", "128");
    fields.put("num_experts_per_tok", "8");
    fields.put("num_hidden_layers", "61");
    fields.put("num_key_value_heads", "128");
    fields.put("num_nextn_predict_layers", "1");
    fields.put("q_lora_rank", "1536");
    fields.put(
        "quantization_config",
        "{\"activation_scheme\": \"dynamic\", \"fmt\": \"e4m3\", \"quant_method\": \"fp8\","
            + " \"weight_block_size\": [128, 128]}");
    fields.put("rope_scaling", yarn(40, 32, 1));
    fields.put("routed_scaling_factor", "2.5");
    fields.put("scoring_func", "\"sigmoid\"");
    fields.put("topk_group", "4");
    fields.put("topk_method", "\"noaux_tc\"");
    fields.put("vocab_size", "129280");
    return fields;
  }

  private static DeepSeekConfig deepSeekV3() {
    return new DeepSeekConfig(
        "deepseek_v3",
        129280,
        7168,
        61,
        1,
        128,
        1536,
        512,
        128,
        64,
        128,
        18432,
        2048,
        256,
        1,
        8,
        8,
        4,
        TopkMethod.NOAUX_TC,
        ScoringFunc.SIGMOID,
        true,
        2.5,
        3,
        1,
        1e-6,
        10000,
        new YarnScaling(40, 4096, 32, 1, 1, 1),
        163840,
        false,
        new Fp8Quantization(128, 128));
  }

  @Test
  void deepSeekV3AndR1() throws ConfigException {
    assertEquals(deepSeekV3(), Configs.parse(Configs.json(deepSeekV3Fields())));
  }

  @Test
  void deepSeekV31WithItsScaleFormat() throws ConfigException {
    Map<String, String> fields = deepSeekV3Fields();
    fields.computeIfPresent(
        "quantization_config", (k, v) -> v.replace("{", "{\"scale_fmt\": \"ue8m0\", "));
    assertEquals(deepSeekV3(), Configs.parse(Configs.json(fields)));
  }

  @Test
  void deepSeekV3AsTransformers5WritesIt() throws ConfigException {
    Map<String, String> fields = deepSeekV3Fields();
    fields.remove("torch_dtype");
    fields.put("dtype", "\"bfloat16\"");
    fields.remove("rope_theta");
    fields.remove("rope_scaling");
    fields.put(
        "rope_parameters",
        yarn(40, 32, 1).replace("\"type\"", "\"rope_theta\": 10000.0, \"rope_type\""));
    // Its class has none of these.
    fields.remove("topk_method");
    fields.remove("scoring_func");
    fields.remove("moe_layer_freq");
    fields.put("rope_interleave", "true");
    fields.put("head_dim", "64");
    fields.put("qk_head_dim", "192");
    assertEquals(deepSeekV3(), Configs.parse(Configs.json(fields)));
  }

  @Test
  void moonlight() throws ConfigException {
    Map<String, String> fields = released("deepseek_v3");
    fields.put("first_k_dense_replace", "1");
    fields.put("hidden_size", "2048");
    fields.put("intermediate_size", "11264");
    fields.put("max_position_embeddings", "8192");
    fields.put("moe_intermediate_size", "1408");
    fields.put("n_group", "1");
    fields.put("n_routed_experts", "64");
    fields.put("n_shared_experts", "2");
    fields.put("norm_topk_prob", "true");
    fields.put("num_attention_heads", "16");
    fields.put("num_experts_per_tok", "6");
    fields.put("num_hidden_layers", "27");
    fields.put("num_key_value_heads", "16");
    fields.put("num_nextn_predict_layers", "0");
    fields.put("q_lora_rank", "null");
    fields.put("rms_norm_eps", "1e-05");
    fields.put("rope_theta", "50000.0");
    fields.put("routed_scaling_factor", "2.446");
    fields.put("scoring_func", "\"sigmoid\"");
    fields.put("topk_group", "1");
    fields.put("topk_method", "\"noaux_tc\"");
    fields.put("vocab_size", "163840");
    assertEquals(
        new DeepSeekConfig(
            "deepseek_v3",
            163840,
            2048,
            27,
            0,
            16,
            null,
            512,
            128,
            64,
            128,
            11264,
            1408,
            64,
            2,
            6,
            1,
            1,
            TopkMethod.NOAUX_TC,
            ScoringFunc.SIGMOID,
            true,
            2.446,
            1,
            1,
            1e-5,
            50000,
            null,
            8192,
            false,
            null),
        Configs.parse(Configs.json(fields)));
  }

  @Test
  void kimiK2() throws ConfigException {
    Map<String, String> fields = deepSeekV3Fields();
    fields.put("model_type", "\"kimi_k2\"");
    fields.put("first_k_dense_replace", "1");
    fields.put("max_position_embeddings", "262144");
    fields.put("n_group", "1");
    fields.put("n_routed_experts", "384");
    fields.put("num_attention_heads", "64");
    fields.put("num_key_value_heads", "64");
    fields.put("num_nextn_predict_layers", "0");
    fields.put("rope_scaling", yarn(64, 1, 1));
    fields.put("rope_theta", "50000.0");
    fields.put("routed_scaling_factor", "2.827");
    fields.put("topk_group", "1");
    fields.put("vocab_size", "163840");
    assertEquals(
        new DeepSeekConfig(
            "kimi_k2",
            163840,
            7168,
            61,
            0,
            64,
            1536,
            512,
            128,
            64,
            128,
            18432,
            2048,
            384,
            1,
            8,
            1,
            1,
            TopkMethod.NOAUX_TC,
            ScoringFunc.SIGMOID,
            true,
            2.827,
            1,
            1,
            1e-6,
            50000,
            new YarnScaling(64, 4096, 1, 1, 1, 1),
            262144,
            false,
            new Fp8Quantization(128, 128)),
        Configs.parse(Configs.json(fields)));
  }

  @Test
  void absentFieldsOfV3HaveTheDefaultsOfTransformers() throws ConfigException {
    Map<String, String> fields = Configs.small();
    fields.remove("n_shared_experts");
    fields.remove("n_group");
    fields.remove("topk_group");
    DeepSeekConfig config = Configs.parse(Configs.json(fields));
    assertEquals(1, config.nSharedExperts());
    assertEquals(8, config.nGroup());
    assertEquals(4, config.topkGroup());
    assertEquals(TopkMethod.NOAUX_TC, config.topkMethod());
    assertEquals(ScoringFunc.SIGMOID, config.scoringFunc());
    assertTrue(config.normTopkProb());
    assertEquals(2.5, config.routedScalingFactor());
    assertEquals(3, config.firstKDenseReplace());
    assertEquals(1, config.moeLayerFreq());
    assertEquals(0, config.numNextnPredictLayers());
    assertEquals(1e-6, config.rmsNormEps());
    assertEquals(10_000, config.ropeTheta());
    assertNull(config.ropeScaling());
    assertEquals(4096, config.maxPositionEmbeddings());
    assertFalse(config.tieWordEmbeddings());
    assertNull(config.quantization());
  }

  @Test
  void absentFieldsOfV2HaveTheDefaultsOfTransformers() throws ConfigException {
    Map<String, String> fields = Configs.small();
    fields.put("model_type", "\"deepseek_v2\"");
    fields.remove("n_shared_experts");
    fields.remove("n_group");
    fields.remove("topk_group");
    DeepSeekConfig config = Configs.parse(Configs.json(fields));
    assertEquals(2, config.nSharedExperts());
    assertEquals(1, config.nGroup());
    assertEquals(1, config.topkGroup());
    assertEquals(TopkMethod.GREEDY, config.topkMethod());
    assertEquals(ScoringFunc.SOFTMAX, config.scoringFunc());
    assertFalse(config.normTopkProb());
    assertEquals(1.0, config.routedScalingFactor());
    assertEquals(0, config.firstKDenseReplace());
    assertEquals(2048, config.maxPositionEmbeddings());
  }

  @Test
  void greedyIgnoresGroups() throws ConfigException {
    DeepSeekConfig config =
        Configs.parse(
            Configs.with("model_type", "\"deepseek_v2\"")
                .replace("\"n_group\": 4", "\"n_group\": 7"));
    assertEquals(TopkMethod.GREEDY, config.topkMethod());
    assertEquals(1, config.nGroup());
    assertEquals(1, config.topkGroup());
  }

  @Test
  void withoutGroupsOneIsMeant() throws ConfigException {
    Map<String, String> fields = Configs.small();
    fields.put("n_group", "null");
    fields.remove("topk_group");
    DeepSeekConfig config = Configs.parse(Configs.json(fields));
    assertEquals(1, config.nGroup());
    assertEquals(1, config.topkGroup());
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "0"})
  void withoutExpertsEveryLayerIsDense(String experts) throws ConfigException {
    Map<String, String> fields = Configs.small();
    fields.put("n_routed_experts", experts);
    fields.remove("moe_intermediate_size");
    fields.remove("num_experts_per_tok");
    DeepSeekConfig config = Configs.parse(Configs.json(fields));
    assertEquals(0, config.nRoutedExperts());
    assertEquals(0, config.nSharedExperts());
    assertEquals(0, config.numExpertsPerTok());
    assertEquals(4, config.firstKDenseReplace());
    for (int layer = 0; layer < 4; layer++) {
      assertFalse(config.isMoeLayer(layer));
    }
  }

  @Test
  void sharedExpertsMayBeNull() throws ConfigException {
    assertEquals(0, Configs.parse(Configs.with("n_shared_experts", "null")).nSharedExperts());
  }

  @Test
  void moeLayersAreCountedFromTheFirstLayerOfTheModel() throws ConfigException {
    String json =
        Configs.with("first_k_dense_replace", "3")
            .replace("{", "{\"moe_layer_freq\": 2,")
            .replace("\"num_hidden_layers\": 4", "\"num_hidden_layers\": 8");
    DeepSeekConfig config = Configs.parse(json);
    StringBuilder moe = new StringBuilder();
    for (int layer = 0; layer < 8; layer++) {
      moe.append(config.isMoeLayer(layer) ? 'M' : '-');
    }
    assertEquals("----M-M-", moe.toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "{}",
        "{\"type\":\"default\"}",
        "{\"rope_type\":\"default\"}",
        "{\"rope_type\":null,\"rope_theta\":10000}"
      })
  void noScaling(String scaling) throws ConfigException {
    assertNull(Configs.parse(Configs.with("rope_scaling", scaling)).ropeScaling());
    assertNull(Configs.parse(Configs.with("rope_parameters", scaling)).ropeScaling());
  }

  @Test
  void yarnHasTheDefaultsOfDeepSeeksCode() throws ConfigException {
    String scaling =
        "{\"rope_type\":\"yarn\",\"type\":\"yarn\",\"factor\":4,"
            + "\"original_max_position_embeddings\":128}";
    YarnScaling expected = new YarnScaling(4, 128, 32, 1, 1, 0);
    assertEquals(expected, Configs.parse(Configs.with("rope_scaling", scaling)).ropeScaling());
  }

  @Test
  void bothSpellingsOfRopeMayStandTogetherIfTheyAgree() throws ConfigException {
    String yarn = yarn(40, 32, 1);
    DeepSeekConfig config =
        Configs.parse(
            Configs.with("rope_scaling", yarn)
                .replace(
                    "{\n",
                    "{\"rope_theta\": 500, \"rope_parameters\": "
                        + yarn.replace("\"type\"", "\"rope_theta\": 500.0, \"rope_type\"")
                        + ",\n"));
    assertEquals(500, config.ropeTheta());
    assertEquals(new YarnScaling(40, 4096, 32, 1, 1, 1), config.ropeScaling());
  }

  @Test
  void thetaMayStandInRopeParametersAlone() throws ConfigException {
    assertEquals(
        123.5,
        Configs.parse(Configs.with("rope_parameters", "{\"rope_theta\":123.5}")).ropeTheta());
  }

  @Test
  void quantizationAsTransformersWritesIt() throws ConfigException {
    assertEquals(
        new Fp8Quantization(128, 128),
        Configs.parse(
                Configs.with(
                    "quantization_config",
                    "{\"quant_method\":\"fp8\",\"modules_to_not_convert\":null}"))
            .quantization());
  }

  @Test
  void unknownFieldsAreIgnored() throws ConfigException {
    assertEquals(
        Configs.parse(Configs.json(Configs.small())),
        Configs.parse(Configs.with("some_new_field", "{\"a\": [1, 2]}")));
  }
}
