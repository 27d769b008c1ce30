package dev.tyto.cli;

import dev.tyto.core.ExpertStatistics;
import dev.tyto.core.ModelInfo;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What {@code tyto experts} found, in words and numbers. */
record ExpertsReport(
    Path folder, String file, ModelInfo info, TextWindows windows, ExpertStatistics statistics) {

  private static final int MOST_BARS = 64;
  private static final String BARS = "▁▂▃▄▅▆▇█";

  /** One row per layer. */
  String table() {
    boolean bars = info.routedExperts() <= MOST_BARS;
    List<List<String>> rows = new ArrayList<>();
    List<String> head =
        new ArrayList<>(
            List.of("layer", "MaxVio", "Gini", "entropy", "busiest", "idlest", "top pair"));
    if (bars) {
      head.addFirst("load");
      head.addFirst(head.remove(1));
    }
    rows.add(head);
    for (ExpertStatistics.Layer layer : statistics.layers()) {
      List<String> row = new ArrayList<>();
      row.add(Integer.toString(layer.layer()));
      if (bars) {
        row.add(bars(layer));
      }
      row.add(Formats.format("%.3f", layer.maxVio()));
      row.add(Formats.format("%.3f", layer.gini()));
      row.add(Formats.format("%.3f", layer.entropy()));
      row.add(share(layer, extreme(layer, true)));
      row.add(share(layer, extreme(layer, false)));
      row.add(pair(layer));
      rows.add(row);
    }
    return summary() + "\n\n" + MarkdownTable.write(rows, bars ? 2 : 1);
  }

  /** What was counted. */
  String summary() {
    return Formats.format(
        "%s of %s, top-%d of %d experts in %d layers; MaxVio %.3f on average",
        Formats.tokens(statistics.rows()),
        file,
        info.expertsPerToken(),
        info.routedExperts(),
        info.moeLayers(),
        meanMaxVio());
  }

  double meanMaxVio() {
    return statistics.layers().stream()
        .mapToDouble(ExpertStatistics.Layer::maxVio)
        .average()
        .orElse(0);
  }

  /** Loads of a layer over their mean. */
  static double[] relative(ExpertStatistics.Layer layer) {
    long[] counts = layer.counts();
    double mean = Math.max(1, Arrays.stream(counts).sum()) / (double) counts.length;
    return Arrays.stream(counts).mapToDouble(c -> c / mean).toArray();
  }

  private static String bars(ExpertStatistics.Layer layer) {
    StringBuilder out = new StringBuilder();
    for (double load : relative(layer)) {
      // The mean stands in the middle, twice the mean and more at the top.
      out.append(BARS.charAt(Math.clamp((long) (load * BARS.length() / 2), 0, BARS.length() - 1)));
    }
    return out.toString();
  }

  private static int extreme(ExpertStatistics.Layer layer, boolean busiest) {
    int best = 0;
    for (int e = 1; e < layer.experts(); e++) {
      boolean more = layer.count(e) > layer.count(best);
      boolean less = layer.count(e) < layer.count(best);
      best = (busiest ? more : less) ? e : best;
    }
    return best;
  }

  private static String share(ExpertStatistics.Layer layer, int expert) {
    return Formats.format("%d (%.2fx mean)", expert, relative(layer)[expert]);
  }

  private static String pair(ExpertStatistics.Layer layer) {
    List<ExpertStatistics.Pair> pairs = layer.topPairs(1);
    return pairs.isEmpty()
        ? "-"
        : Formats.format(
            "%d+%d (%.2fx chance)",
            pairs.getFirst().first(), pairs.getFirst().second(), pairs.getFirst().lift());
  }

  /** Everything, for programs. */
  String json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("model", folder.toString());
    json.put("file", file);
    json.put("tokens", statistics.rows());
    json.put("windows", windows.count());
    json.put("context", windows.length());
    json.put("experts", info.routedExperts());
    json.put("experts_per_token", info.expertsPerToken());
    json.put("max_vio", meanMaxVio());
    List<Object> layers = new ArrayList<>();
    for (ExpertStatistics.Layer layer : statistics.layers()) {
      layers.add(json(layer));
    }
    json.put("layers", layers);
    return Json.write(json);
  }

  private static Map<String, Object> json(ExpertStatistics.Layer layer) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("layer", layer.layer());
    json.put("counts", Arrays.stream(layer.counts()).boxed().toList());
    json.put("max_vio", layer.maxVio());
    json.put("gini", layer.gini());
    json.put("entropy", layer.entropy());
    List<Double> mass = new ArrayList<>();
    for (int e = 0; e < layer.experts(); e++) {
      mass.add(layer.weightMass(e));
    }
    json.put("weight_mass", mass);
    List<Object> pairs = new ArrayList<>();
    for (ExpertStatistics.Pair pair : layer.topPairs(10)) {
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("experts", List.of(pair.first(), pair.second()));
      entry.put("count", pair.count());
      entry.put("lift", pair.lift());
      pairs.add(entry);
    }
    json.put("top_pairs", pairs);
    return json;
  }
}
