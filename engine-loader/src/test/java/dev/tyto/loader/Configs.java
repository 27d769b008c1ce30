package dev.tyto.loader;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Configurations of tests: the fields that matter of models that exist. */
final class Configs {
  private Configs() {}

  /** Parses a text as the config.json of a model. */
  static DeepSeekConfig parse(String json) throws ConfigException {
    return (DeepSeekConfig) ModelConfigReader.read(JsonFile.parse(Path.of("config.json"), json));
  }

  /** A small model of the DeepSeek-V3 kind, of which a test changes some fields. */
  static Map<String, String> small() {
    Map<String, String> fields = new TreeMap<>();
    fields.put("model_type", "\"deepseek_v3\"");
    fields.put("vocab_size", "512");
    fields.put("hidden_size", "64");
    fields.put("num_hidden_layers", "4");
    fields.put("num_attention_heads", "4");
    fields.put("q_lora_rank", "32");
    fields.put("kv_lora_rank", "32");
    fields.put("qk_nope_head_dim", "16");
    fields.put("qk_rope_head_dim", "8");
    fields.put("v_head_dim", "16");
    fields.put("intermediate_size", "128");
    fields.put("moe_intermediate_size", "32");
    fields.put("n_routed_experts", "16");
    fields.put("n_shared_experts", "1");
    fields.put("num_experts_per_tok", "4");
    fields.put("n_group", "4");
    fields.put("topk_group", "2");
    return fields;
  }

  static String json(Map<String, String> fields) {
    return fields.entrySet().stream()
        .map(field -> "\"" + field.getKey() + "\": " + field.getValue())
        .collect(Collectors.joining(",\n  ", "{\n  ", "\n}\n"));
  }

  /** The small model with one field set to a JSON value. */
  static String with(String field, String value) {
    Map<String, String> fields = small();
    fields.put(field, value);
    return json(fields);
  }

  static String without(String field) {
    Map<String, String> fields = small();
    fields.remove(field);
    return json(fields);
  }

  static Path write(Path folder, String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }
}
