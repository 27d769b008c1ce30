package dev.tyto.loader;

import org.jspecify.annotations.Nullable;

/**
 * Reads the config.json of the DeepSeek family. Limits on sizes are far above every model that
 * exists, and low enough that products of two of them fit a long and those that become the rows of
 * a matrix fit an int.
 */
final class DeepSeekConfigReader {
  static final int MAX_WIDTH = 1 << 20;
  static final int MAX_POSITIONS = 1 << 30;
  private static final int MAX_VOCABULARY = 1 << 24;
  private static final int MAX_LAYERS = 10_000;
  private static final int MAX_HEADS = 65_536;
  private static final int MAX_HEAD_DIM = 65_536;
  static final long MAX_ROWS = 1L << 26;

  private final JsonFields config;
  private final DeepSeekDefaults defaults;

  DeepSeekConfigReader(JsonFields config, DeepSeekDefaults defaults) {
    this.config = config;
    this.defaults = defaults;
  }

  DeepSeekConfig read(String modelType) throws ConfigException {
    rejectUnsupported();
    int layers = config.requiredInt("num_hidden_layers", 1, MAX_LAYERS);
    int heads = readHeads();
    int nope = config.requiredInt("qk_nope_head_dim", 1, MAX_HEAD_DIM);
    int rope = readRopeHeadDim();
    int value = config.requiredInt("v_head_dim", 1, MAX_HEAD_DIM);
    checkHeads(heads, nope, rope, value);
    RoutingFields routing = RoutingFields.read(config, defaults);
    RopeFields position = RopeFields.read(config);
    return new DeepSeekConfig(
        modelType,
        config.requiredInt("vocab_size", 1, MAX_VOCABULARY),
        config.requiredInt("hidden_size", 1, MAX_WIDTH),
        layers,
        config.optionalInt("num_nextn_predict_layers", 0, 0, MAX_LAYERS),
        heads,
        readQLoraRank(),
        config.requiredInt("kv_lora_rank", 1, MAX_WIDTH),
        nope,
        rope,
        value,
        config.requiredInt("intermediate_size", 1, MAX_WIDTH),
        routing.expertSize(),
        routing.experts(),
        routing.sharedExperts(),
        routing.expertsPerToken(),
        routing.groups(),
        routing.topkGroup(),
        routing.topkMethod(),
        routing.scoringFunc(),
        config.optionalBoolean("norm_topk_prob", defaults.normTopkProb),
        config.optionalPositive("routed_scaling_factor", defaults.routedScalingFactor),
        readFirstDenseLayers(routing.experts() == 0, layers),
        config.optionalInt("moe_layer_freq", 1, 1, Integer.MAX_VALUE),
        config.optionalPositive("rms_norm_eps", 1e-6),
        position.theta(),
        position.scaling(),
        config.optionalInt(
            "max_position_embeddings", defaults.maxPositionEmbeddings, 1, MAX_POSITIONS),
        config.optionalBoolean("tie_word_embeddings", false),
        QuantizationReader.read(config));
  }

  /** What would change the arithmetic and is not there in any released model. */
  private void rejectUnsupported() throws ConfigException {
    String activation = config.nullableString("hidden_act");
    if (activation != null && !activation.equals("silu")) {
      throw config.wrong(
          "hidden_act",
          "is " + OneLine.quote(activation) + ", which is not supported; supported is silu");
    }
    for (String bias : new String[] {"attention_bias", "mlp_bias"}) {
      if (config.optionalBoolean(bias, false)) {
        throw config.wrong(bias, "is true, but projections with a bias are not supported");
      }
    }
    // DeepSeek-OCR and DeepSeek-VL2 call a model without it deepseek_v2.
    if (!config.optionalBoolean("use_mla", true)) {
      throw config.wrong("use_mla", "is false, but only latent attention is supported");
    }
    if (!config.optionalBoolean("rope_interleave", true)) {
      throw config.wrong(
          "rope_interleave", "is false, but only rotation of neighbouring pairs is supported");
    }
  }

  private int readHeads() throws ConfigException {
    int heads = config.requiredInt("num_attention_heads", 1, MAX_HEADS);
    int keyValueHeads = config.optionalInt("num_key_value_heads", heads, 1, MAX_HEADS);
    if (keyValueHeads != heads) {
      throw config.wrong(
          "num_key_value_heads",
          "is "
              + keyValueHeads
              + ", but latent attention has as many as the "
              + heads
              + " of \"num_attention_heads\"");
    }
    return heads;
  }

  private int readRopeHeadDim() throws ConfigException {
    int rope = config.requiredInt("qk_rope_head_dim", 2, MAX_HEAD_DIM);
    if (rope % 2 != 0) {
      throw config.wrong(
          "qk_rope_head_dim", "is " + rope + ", but pairs are rotated: it must be even");
    }
    return rope;
  }

  private void checkHeads(int heads, int nope, int rope, int value) throws ConfigException {
    int whole = config.optionalInt("qk_head_dim", nope + rope, 1, Integer.MAX_VALUE);
    if (whole != nope + rope) {
      throw config.wrong(
          "qk_head_dim",
          "is "
              + whole
              + ", but \"qk_nope_head_dim\" and \"qk_rope_head_dim\" add up to "
              + (nope + rope));
    }
    if ((long) heads * (nope + rope + value) > MAX_ROWS) {
      throw config.wrong(
          "num_attention_heads",
          "is "
              + heads
              + ", which with heads of "
              + (nope + rope)
              + " and "
              + value
              + " makes projections of over "
              + MAX_ROWS
              + " rows");
    }
  }

  private int readFirstDenseLayers(boolean dense, int layers) throws ConfigException {
    int first =
        config.optionalInt(
            "first_k_dense_replace", defaults.firstDenseLayers, 0, Integer.MAX_VALUE);
    return dense ? layers : first;
  }

  /**
   * Absent and null differ: transformers takes 1536 for absent, others none. So it must be there.
   */
  private @Nullable Integer readQLoraRank() throws ConfigException {
    if (!config.contains("q_lora_rank")) {
      throw config.wrong("q_lora_rank", "is missing; null means queries without compression");
    }
    return config.nullableInt("q_lora_rank", 1, MAX_WIDTH);
  }
}
