package dev.tyto.cli;

import dev.tyto.core.ExpertStatistics;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What {@code tyto balance} reached.
 *
 * @param maxVio of each pass, before its step, averaged over layers
 */
record BalanceReport(
    Path folder,
    String file,
    double gamma,
    boolean constant,
    List<Double> maxVio,
    BalanceRun.Measure before,
    BalanceRun.Measure after) {

  /** Before and after, per layer. */
  String table() {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("layer", "MaxVio before", "after", "largest move of a bias"));
    for (int i = 0; i < layers(before).size(); i++) {
      ExpertStatistics.Layer layer = layers(before).get(i);
      rows.add(
          List.of(
              Integer.toString(layer.layer()),
              Formats.format("%.3f", layer.maxVio()),
              Formats.format("%.3f", layers(after).get(i).maxVio()),
              Formats.format("%.4f", largestMove(layer.layer()))));
    }
    rows.add(
        List.of(
            "mean",
            Formats.format("%.3f", before.meanMaxVio()),
            Formats.format("%.3f", after.meanMaxVio()),
            ""));
    return summary()
        + "\n\n"
        + MarkdownTable.write(rows, 1)
        + Formats.format(
            "\n\nperplexity %.4f before, %.4f after (%,d predictions of text held out)",
            before.perplexity().value(),
            after.perplexity().value(),
            after.perplexity().predictions());
  }

  String summary() {
    return Formats.format(
        "%,d steps on %s, gamma %s%s", maxVio.size(), file, gamma, constant ? "" : " falling to 0");
  }

  private static List<ExpertStatistics.Layer> layers(BalanceRun.Measure measure) {
    return measure.statistics().layers();
  }

  private double largestMove(int layer) {
    float[] from = before.biases().getOrDefault(layer, new float[0]);
    float[] to = after.biases().getOrDefault(layer, from);
    double largest = 0;
    for (int e = 0; e < from.length; e++) {
      largest = Math.max(largest, Math.abs(to[e] - from[e]));
    }
    return largest;
  }

  /** Everything, for programs. */
  String json(@Nullable Path out) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("model", folder.toString());
    json.put("file", file);
    json.put("out", out == null ? null : out.toString());
    json.put("gamma", gamma);
    json.put("gamma_schedule", constant ? "constant" : "linear");
    json.put("steps", maxVio.size());
    json.put("context", after.perplexity().windowLength());
    json.put("max_vio_before", before.meanMaxVio());
    json.put("max_vio_after", after.meanMaxVio());
    json.put("perplexity_before", before.perplexity().value());
    json.put("perplexity_after", after.perplexity().value());
    List<Object> layers = new ArrayList<>();
    for (int i = 0; i < layers(before).size(); i++) {
      Map<String, Object> layer = new LinkedHashMap<>();
      int number = layers(before).get(i).layer();
      layer.put("layer", number);
      layer.put("max_vio_before", layers(before).get(i).maxVio());
      layer.put("max_vio_after", layers(after).get(i).maxVio());
      List<Float> bias = new ArrayList<>();
      for (float b : after.biases().getOrDefault(number, new float[0])) {
        bias.add(b);
      }
      layer.put("bias", bias);
      layers.add(layer);
    }
    json.put("layers", layers);
    json.put("max_vio_by_step", maxVio);
    return Json.write(json);
  }
}
