package dev.tyto.loader;

import dev.tyto.loader.DeepSeekConfig.Fp8Quantization;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads {@code quantization_config}; only DeepSeek's own FP8 is supported. */
final class QuantizationReader {
  private static final int BLOCK = 128;

  private QuantizationReader() {}

  static @Nullable Fp8Quantization read(JsonFields config) throws ConfigException {
    if (config.has("compression_config")) {
      throw config.wrong("compression_config", "is set, which is not supported");
    }
    JsonFields quantization = config.nullableObject("quantization_config");
    if (quantization == null) {
      return null;
    }
    requireOneOf(quantization, "quant_method", null, List.of("fp8"));
    requireOneOf(quantization, "fmt", "e4m3", List.of("e4m3"));
    requireOneOf(quantization, "activation_scheme", "dynamic", List.of("dynamic"));
    // DeepSeek-V3.1 says ue8m0: its scales are powers of two, stored as F32 like the others.
    requireOneOf(quantization, "scale_fmt", "float", List.of("float", "ue8m0"));
    if (quantization.contains("weight_block_size")
        && !quantization
            .ints("weight_block_size", 1, Integer.MAX_VALUE)
            .equals(List.of(BLOCK, BLOCK))) {
      throw quantization.wrong(
          "weight_block_size",
          "is "
              + quantization.optional("weight_block_size")
              + ", which is not supported; supported is [128,128]");
    }
    return new Fp8Quantization(BLOCK, BLOCK);
  }

  private static void requireOneOf(
      JsonFields fields, String field, @Nullable String ifAbsent, List<String> supported)
      throws ConfigException {
    String value = fields.nullableString(field);
    if (value == null && ifAbsent == null) {
      throw fields.wrong(field, "is missing");
    }
    if (value != null && !supported.contains(value)) {
      throw fields.wrong(
          field,
          "is "
              + OneLine.quote(value)
              + ", which is not supported; supported is "
              + String.join(" or ", supported));
    }
  }
}
