package dev.tyto.cli;

import dev.tyto.core.LoadOptions;
import dev.tyto.core.ModelInfo;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What {@code tyto bench} says.
 *
 * @param promptTokens of the prefill test
 * @param generateTokens of the decode test
 * @param repetitions timed runs of each test
 * @param prefill its results, or null if it did not run
 * @param decode its results, or null if it did not run
 */
record BenchReport(
    ModelInfo info,
    LoadOptions options,
    int promptTokens,
    int generateTokens,
    int repetitions,
    @Nullable Speeds prefill,
    @Nullable Speeds decode) {

  private static final List<String> COLUMNS =
      List.of("model", "size", "params", "threads", "kv", "test", "tokens/s");

  /** A Markdown table with the columns of llama-bench. */
  String toTable() {
    List<List<String>> rows = new ArrayList<>();
    rows.add(COLUMNS);
    if (prefill != null) {
      rows.add(row("pp" + promptTokens, prefill));
    }
    if (decode != null) {
      rows.add(row("tg" + generateTokens, decode));
    }
    return MarkdownTable.write(rows, 1);
  }

  private List<String> row(String test, Speeds speeds) {
    return List.of(
        info.folder().getFileName() + " (" + info.modelType() + ")",
        Formats.bytes(info.weightBytes()),
        Formats.count(info.totalParameters()),
        Integer.toString(options.threads()),
        RunArguments.name(options.cacheDtype()),
        test,
        Formats.format("%.2f ± %.2f", speeds.median(), speeds.deviation()));
  }

  Map<String, Object> toJson() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("model", info.folder().toString());
    json.put("model_type", info.modelType());
    json.put("weight_bytes", info.weightBytes());
    json.put("total_parameters", info.totalParameters());
    json.put("threads", options.threads());
    json.put("kv_dtype", RunArguments.name(options.cacheDtype()));
    json.put("prompt_tokens", promptTokens);
    json.put("generate_tokens", generateTokens);
    json.put("prefill_tokens_per_second", prefill == null ? null : prefill.median());
    json.put("decode_tokens_per_second", decode == null ? null : decode.median());
    json.put("prefill_samples", prefill == null ? List.of() : prefill.samples());
    json.put("decode_samples", decode == null ? List.of() : decode.samples());
    json.put("repetitions", repetitions);
    json.put("kernels", dev.tyto.kernels.Kernels.get().description());
    json.put("java", System.getProperty("java.runtime.version"));
    json.put("tyto", Version.number());
    return json;
  }
}
