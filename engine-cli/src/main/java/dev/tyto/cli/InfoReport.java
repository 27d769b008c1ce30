package dev.tyto.cli;

import dev.tyto.core.CacheDtype;
import dev.tyto.core.ModelInfo;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** What {@code tyto info} says, for people and for programs. */
record InfoReport(ModelInfo info, MemoryPlan plan) {
  private static final int TOKENS_PER_K = 1024;

  String toText() {
    StringBuilder out = new StringBuilder();
    out.append(info.folder()).append('\n');
    line(out, "Architecture", "%s", info.modelType());
    line(out, "  layers", "%d, %d of them Mixture-of-Experts", info.layers(), info.moeLayers());
    line(out, "  hidden size", "%,d", info.hiddenSize());
    line(out, "  heads", "%d", info.heads());
    if (info.moeLayers() > 0) {
      line(
          out,
          "  experts",
          "%d routed, %d per token, %d shared",
          info.routedExperts(),
          info.expertsPerToken(),
          info.sharedExperts());
    }
    if (info.mtpLayers() > 0) {
      line(out, "  MTP modules", "%d (not part of the figures below)", info.mtpLayers());
    }
    line(out, "  vocabulary", "%,d", info.vocabSize());
    line(out, "  context", "%s", Formats.tokens(info.contextLength()));
    line(
        out,
        "Parameters",
        "%,d, %,d active per token (%.1f %%)",
        info.totalParameters(),
        info.activeParameters(),
        100.0 * info.activeParameters() / Math.max(1, info.totalParameters()));
    line(out, "  tensors", "%,d", info.tensors());
    line(out, "Memory", "");
    line(out, "  weights", "%s (%s)", Formats.bytes(plan.weights()), weightFormats());
    for (CacheDtype dtype : CacheDtype.values()) {
      line(
          out,
          "  KV cache " + RunArguments.name(dtype),
          "%s per 1k tokens, %s at full context",
          Formats.bytes(TOKENS_PER_K * plan.cachePerToken(dtype)),
          Formats.bytes(plan.fullContext(dtype)));
    }
    line(
        out,
        "  this machine",
        "%s, %s available",
        Formats.bytes(plan.machine().total()),
        Formats.bytes(plan.machine().available()));
    line(out, "  what fits", "%s", fit());
    return out.substring(0, out.length() - 1);
  }

  @SuppressWarnings("AnnotateFormatMethod") // would need a library for one annotation
  private static void line(StringBuilder out, String name, String format, Object... values) {
    String value = Formats.format(format, values);
    out.append(value.isEmpty() ? name : Formats.format("%-16s  %s", name, value)).append('\n');
  }

  private String weightFormats() {
    return info.weightBytesByFormat().entrySet().stream()
        .map(entry -> entry.getKey() + " " + Formats.bytes(entry.getValue()))
        .collect(Collectors.joining(", "));
  }

  private String fit() {
    if (!plan.weightsFit()) {
      return Formats.format(
          "the weights do not: %s are missing",
          Formats.bytes(plan.weights() - plan.machine().available()));
    }
    long tokens = plan.tokensThatFit(CacheDtype.BF16);
    long sessions = tokens / Math.max(1, plan.contextLength());
    return Formats.format(
        sessions >= 1
            ? "the weights and %,d tokens of bf16 KV cache: %,d sessions at full context"
            : "the weights and %,d tokens of bf16 KV cache: less than one session at full context",
        tokens,
        sessions);
  }

  Map<String, Object> toJson() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("model", info.folder().toString());
    json.put("model_type", info.modelType());
    json.put("layers", info.layers());
    json.put("moe_layers", info.moeLayers());
    json.put("hidden_size", info.hiddenSize());
    json.put("heads", info.heads());
    json.put("vocab_size", info.vocabSize());
    json.put("context_length", info.contextLength());
    json.put("routed_experts", info.routedExperts());
    json.put("experts_per_token", info.expertsPerToken());
    json.put("shared_experts", info.sharedExperts());
    json.put("mtp_modules", info.mtpLayers());
    json.put("total_parameters", info.totalParameters());
    json.put("active_parameters", info.activeParameters());
    json.put("tensors", info.tensors());
    json.put("weight_bytes", plan.weights());
    json.put("weight_bytes_by_format", info.weightBytesByFormat());
    for (CacheDtype dtype : CacheDtype.values()) {
      String name = RunArguments.name(dtype);
      json.put("kv_bytes_per_token_" + name, plan.cachePerToken(dtype));
      json.put("kv_bytes_per_1k_tokens_" + name, TOKENS_PER_K * plan.cachePerToken(dtype));
      json.put("kv_tokens_that_fit_" + name, plan.tokensThatFit(dtype));
    }
    json.put("memory_total_bytes", plan.machine().total());
    json.put("memory_available_bytes", plan.machine().available());
    json.put("weights_fit", plan.weightsFit());
    return json;
  }
}
