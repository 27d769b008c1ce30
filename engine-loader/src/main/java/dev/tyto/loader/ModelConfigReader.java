package dev.tyto.loader;

/** Picks the reader for a config.json by its {@code model_type}. */
final class ModelConfigReader {
  private static final String SUPPORTED = "deepseek_v2, deepseek_v3 and kimi_k2";

  private ModelConfigReader() {}

  static ModelConfig read(JsonFields config) throws ConfigException {
    String modelType = config.nullableString("model_type");
    if (modelType == null) {
      throw config.wrong("model_type", "is missing, and decides how everything else is read");
    }
    return switch (modelType) {
      case "deepseek_v2" -> new DeepSeekConfigReader(config, DeepSeekDefaults.V2).read(modelType);
      case "deepseek_v3", "kimi_k2" ->
          new DeepSeekConfigReader(config, DeepSeekDefaults.V3).read(modelType);
      default ->
          throw config.wrong(
              "model_type",
              "is "
                  + OneLine.quote(modelType)
                  + ", which is not supported; supported are "
                  + SUPPORTED);
    };
  }
}
