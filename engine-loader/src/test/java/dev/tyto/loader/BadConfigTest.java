package dev.tyto.loader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * config.json with a field missing, mistyped, out of range, contradictory or unsupported, and what
 * is said of it. This table is the documentation of the checks.
 */
class BadConfigTest {

  /**
   * A row of the table.
   *
   * @param field the field that the exception gives
   * @param json the whole file
   * @param message what a person reads, after the file's path
   */
  record Bad(@Nullable String field, String json, String message) {
    @Override
    public String toString() {
      return message;
    }
  }

  /** A small, good configuration with one field set to this value. */
  private static Bad set(String field, String value, String problem) {
    return new Bad(field, Configs.with(field, value), "\"" + field + "\" " + problem);
  }

  private static Bad missing(String field, String problem) {
    return new Bad(field, Configs.without(field), "\"" + field + "\" " + problem);
  }

  /** The same with an object in a field, one field in which is wrong. */
  private static Bad in(String object, String field, String json, String problem) {
    String path = object + "." + field;
    return new Bad(path, Configs.with(object, json), "\"" + path + "\" " + problem);
  }

  /** DeepSeek-V2 with one field set. */
  private static Bad v2(String field, String value, String problem) {
    Map<String, String> fields = Configs.small();
    fields.put("model_type", "\"deepseek_v2\"");
    fields.put("topk_method", "\"group_limited_greedy\"");
    fields.put(field, value);
    return new Bad(field, Configs.json(fields), "\"" + field + "\" " + problem);
  }

  static Stream<Bad> notAnObject() {
    return Stream.of(
        new Bad(null, "", "is not a JSON object"),
        new Bad(null, "[]", "is not a JSON object"),
        new Bad(
            null,
            "{\"vocab_size\": }",
            "is not valid JSON (line 1, column 16: Unexpected character ('}' (code 125)): expected"
                + " a valid value (JSON String, Number, Array, Object or token 'null', 'true' or"
                + " 'false'))"),
        new Bad(
            null,
            "{\"a\": 1, \"a\": 1}",
            "is not valid JSON (line 1, column 13: the key \"a\" occurs twice)"),
        new Bad(
            null,
            "[".repeat(100_000),
            "is not valid JSON (Document nesting depth (101) exceeds the"
                + " maximum allowed (100))"),
        new Bad(
            null,
            "{\"vocab_size\": " + "9".repeat(1000) + "}",
            "is not valid JSON (Number value length (1000) exceeds the maximum"
                + " allowed (400))"));
  }

  static Stream<Bad> modelTypes() {
    String supported =
        ", which is not supported; supported are deepseek_v2, deepseek_v3 and kimi_k2";
    return Stream.of(
        missing("model_type", "is missing, and decides how everything else is read"),
        set("model_type", "null", "is missing, and decides how everything else is read"),
        set("model_type", "3", "is 3, but must be a string"),
        set("model_type", "\"llama\"", "is \"llama\"" + supported),
        set("model_type", "\"deepseek_v32\"", "is \"deepseek_v32\"" + supported),
        set("model_type", "\"x\\ny\"", "is \"x\\u000ay\"" + supported));
  }

  static Stream<Bad> sizes() {
    return Stream.of(
        missing("vocab_size", "is missing"),
        missing("hidden_size", "is missing"),
        missing("num_hidden_layers", "is missing"),
        missing("num_attention_heads", "is missing"),
        missing("kv_lora_rank", "is missing"),
        missing("qk_nope_head_dim", "is missing"),
        missing("qk_rope_head_dim", "is missing"),
        missing("v_head_dim", "is missing"),
        missing("intermediate_size", "is missing"),
        missing("q_lora_rank", "is missing; null means queries without compression"),
        set("hidden_size", "null", "is null, but this model needs it"),
        set("hidden_size", "\"64\"", "is the string \"64\", but must be a whole number"),
        set("hidden_size", "64.0", "is 64.0, but must be a whole number"),
        set("hidden_size", "1e3", "is 1000.0, but must be a whole number"),
        set("hidden_size", "[64]", "is an array, but must be a whole number"),
        set("hidden_size", "{}", "is an object, but must be a whole number"),
        set("hidden_size", "true", "is true, but must be a whole number"),
        set("hidden_size", "0", "is 0, but must be from 1 to 1048576"),
        set("hidden_size", "-64", "is -64, but must be from 1 to 1048576"),
        set("hidden_size", "1048577", "is 1048577, but must be from 1 to 1048576"),
        set(
            "hidden_size",
            "9223372036854775807",
            "is 9223372036854775807, but must be from 1 to 1048576"),
        set(
            "hidden_size",
            "1" + "0".repeat(99),
            "is 1" + "0".repeat(39) + "..., but must be from 1 to 1048576"),
        set("vocab_size", "0", "is 0, but must be from 1 to 16777216"),
        set("num_hidden_layers", "0", "is 0, but must be from 1 to 10000"),
        set("num_attention_heads", "0", "is 0, but must be from 1 to 65536"),
        new Bad(
            "num_attention_heads",
            Configs.with("num_attention_heads", "65536")
                .replace("\"v_head_dim\": 16", "\"v_head_dim\": 1024"),
            "\"num_attention_heads\" is 65536, which with heads of 24 and 1024 makes projections of"
                + " over 67108864 rows"),
        set("kv_lora_rank", "0", "is 0, but must be from 1 to 1048576"),
        set("q_lora_rank", "0", "is 0, but must be from 1 to 1048576"),
        set("qk_nope_head_dim", "0", "is 0, but must be from 1 to 65536"),
        set("qk_rope_head_dim", "0", "is 0, but must be from 2 to 65536"),
        set("qk_rope_head_dim", "7", "is 7, but pairs are rotated: it must be even"),
        set(
            "qk_head_dim",
            "25",
            "is 25, but \"qk_nope_head_dim\" and \"qk_rope_head_dim\" add up to 24"),
        set(
            "num_key_value_heads",
            "2",
            "is 2, but latent attention has as many as the 4 of \"num_attention_heads\""),
        set("max_position_embeddings", "0", "is 0, but must be from 1 to 1073741824"),
        set("num_nextn_predict_layers", "-1", "is -1, but must be from 0 to 10000"),
        set("first_k_dense_replace", "-1", "is -1, but must be from 0 to 2147483647"),
        set("moe_layer_freq", "0", "is 0, but must be from 1 to 2147483647"),
        set("moe_layer_freq", "[0, 1]", "is an array, but must be a whole number"),
        set("rms_norm_eps", "0", "is 0.0, but must be above 0"),
        set("rms_norm_eps", "-1e-6", "is -1.0E-6, but must be above 0"),
        set("rms_norm_eps", "\"1e-6\"", "is the string \"1e-6\", but must be a number"),
        set("rope_theta", "1e999", "is too large a number"),
        set("tie_word_embeddings", "1", "is 1, but must be true or false"));
  }

  static Stream<Bad> routing() {
    return Stream.of(
        missing("n_routed_experts", "is missing; null means a model without experts"),
        missing("num_experts_per_tok", "is missing"),
        missing("moe_intermediate_size", "is missing"),
        set("n_routed_experts", "-1", "is -1, but must be from 0 to 65536"),
        set("num_experts_per_tok", "0", "is 0, but must be from 1 to 65536"),
        set("num_experts_per_tok", "17", "is 17, more than the 16 of \"n_routed_experts\""),
        set(
            "num_experts_per_tok",
            "9",
            "is 9, more than the 8 experts in the 2 groups of \"topk_group\""),
        set("n_group", "0", "is 0, but must be from 1 to 65536"),
        set("n_group", "3", "is 3, which does not divide the 16 of \"n_routed_experts\""),
        set(
            "n_group",
            "16",
            "is 16, which leaves 1 expert to a group where noaux_tc adds the best 2"),
        set("topk_group", "5", "is 5, more than the 4 of \"n_group\""),
        new Bad(
            "n_shared_experts",
            Configs.with("n_shared_experts", "65536")
                .replace("\"moe_intermediate_size\": 32", "\"moe_intermediate_size\": 2048"),
            "\"n_shared_experts\" is 65536, which with experts of 2048 makes a matrix of over"
                + " 67108864 rows"),
        set("routed_scaling_factor", "0", "is 0.0, but must be above 0"),
        set("norm_topk_prob", "\"yes\"", "is the string \"yes\", but must be true or false"),
        set(
            "topk_method",
            "\"best\"",
            "is \"best\", which is not supported; supported are greedy, group_limited_greedy and"
                + " noaux_tc"),
        set(
            "scoring_func",
            "\"tanh\"",
            "is \"tanh\", which is not supported; supported are softmax and sigmoid"),
        set(
            "topk_method",
            "\"greedy\"",
            "is greedy and \"scoring_func\" is sigmoid, a pair that no supported model has"),
        v2("topk_group", "8", "is 8, more than the 4 of \"n_group\""));
  }

  static Stream<Bad> rope() {
    String yarn = "{\"type\":\"yarn\",\"factor\":4,\"original_max_position_embeddings\":64";
    return Stream.of(
        set("rope_scaling", "40", "is 40, but must be an object"),
        set("rope_theta", "0", "is 0.0, but must be above 0"),
        in(
            "rope_scaling",
            "type",
            "{\"type\":\"linear\",\"factor\":2}",
            "is \"linear\", which is not supported; supported are yarn and default"),
        in(
            "rope_parameters",
            "rope_type",
            "{\"rope_type\":\"llama3\",\"factor\":2}",
            "is \"llama3\", which is not supported; supported are yarn and default"),
        in(
            "rope_scaling",
            "rope_type",
            "{\"rope_type\":\"yarn\",\"type\":\"linear\"}",
            "and \"type\" contradict each other"),
        in("rope_scaling", "rope_type", "{\"factor\":2}", "is missing, but there is a \"factor\""),
        in("rope_scaling", "factor", "{\"type\":\"yarn\"}", "is missing"),
        in(
            "rope_scaling",
            "factor",
            "{\"type\":\"yarn\",\"factor\":0.5}",
            "is 0.5, but must be at least 1"),
        in(
            "rope_scaling",
            "original_max_position_embeddings",
            "{\"type\":\"yarn\",\"factor\":4}",
            "is missing"),
        in(
            "rope_scaling",
            "mscale",
            yarn + ",\"mscale\":-1}",
            "is -1.0, but must be from 0.0 to 100.0"),
        in(
            "rope_scaling",
            "beta_fast",
            yarn + ",\"beta_fast\":1,\"beta_slow\":2}",
            "is 1.0, below the 2.0 of \"beta_slow\""),
        in(
            "rope_scaling",
            "attention_factor",
            yarn + ",\"attention_factor\":1.5}",
            "is set, which is not supported; mscale is"),
        in(
            "rope_scaling",
            "truncate",
            yarn + ",\"truncate\":false}",
            "is false, which is not supported"),
        in(
            "rope_parameters",
            "rope_theta",
            "{\"rope_theta\":5}, \"rope_theta\": 7",
            "is 5.0, but elsewhere in the file it is 7.0"),
        new Bad(
            "rope_parameters",
            Configs.with(
                "rope_parameters", "{\"rope_type\":\"default\"}, \"rope_scaling\":" + yarn + "}"),
            "\"rope_parameters\" and \"rope_scaling\" contradict each other"));
  }

  static Stream<Bad> unsupported() {
    return Stream.of(
        set("hidden_act", "\"gelu\"", "is \"gelu\", which is not supported; supported is silu"),
        set("attention_bias", "true", "is true, but projections with a bias are not supported"),
        set("mlp_bias", "true", "is true, but projections with a bias are not supported"),
        set("use_mla", "false", "is false, but only latent attention is supported"),
        set(
            "rope_interleave",
            "false",
            "is false, but only rotation of neighbouring pairs is supported"),
        set("quantization_config", "\"fp8\"", "is the string \"fp8\", but must be an object"),
        set("compression_config", "{}", "is set, which is not supported"),
        in("quantization_config", "quant_method", "{}", "is missing"),
        in(
            "quantization_config",
            "quant_method",
            "{\"quant_method\":\"gptq\",\"bits\":4}",
            "is \"gptq\", which is not supported; supported is fp8"),
        in(
            "quantization_config",
            "fmt",
            "{\"quant_method\":\"fp8\",\"fmt\":\"e5m2\"}",
            "is \"e5m2\", which is not supported; supported is e4m3"),
        in(
            "quantization_config",
            "activation_scheme",
            "{\"quant_method\":\"fp8\",\"activation_scheme\":\"static\"}",
            "is \"static\", which is not supported; supported is dynamic"),
        in(
            "quantization_config",
            "scale_fmt",
            "{\"quant_method\":\"fp8\",\"scale_fmt\":\"e4m3\"}",
            "is \"e4m3\", which is not supported; supported is float or ue8m0"),
        in(
            "quantization_config",
            "weight_block_size",
            "{\"quant_method\":\"fp8\",\"weight_block_size\":[64,64]}",
            "is [64,64], which is not supported; supported is [128,128]"),
        in(
            "quantization_config",
            "weight_block_size",
            "{\"quant_method\":\"fp8\",\"weight_block_size\":null}",
            "is null, which is not supported; supported is [128,128]"));
  }

  @ParameterizedTest
  @MethodSource({"notAnObject", "modelTypes", "sizes", "routing", "rope", "unsupported"})
  void isRejectedWithAMessage(Bad bad) {
    ConfigException e = assertThrows(ConfigException.class, () -> Configs.parse(bad.json()));

    assertEquals("config.json: " + bad.message(), e.getMessage());
    assertEquals(bad.field(), e.field());
  }

  @Test
  void theConfigurationOfTheTableIsGood() throws ConfigException {
    assertEquals("deepseek_v3", Configs.parse(Configs.json(Configs.small())).modelType());
  }
}
