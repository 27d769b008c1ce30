package dev.tyto.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What {@code tyto bench --speculate} says.
 *
 * @param acceptance share of drafted tokens that were kept
 * @param tokensPerPass with drafts
 * @param tokensPerSecond with drafts
 * @param plainTokensPerSecond without
 * @param speedup median over the repetitions of the ratio of the two
 * @param passCosts time of a pass over 1, 2, ... tokens relative to one
 */
record SpeculationReport(
    double acceptance,
    double tokensPerPass,
    double tokensPerSecond,
    double plainTokensPerSecond,
    double speedup,
    List<Double> passCosts) {

  SpeculationReport {
    passCosts = List.copyOf(passCosts);
  }

  String toTable() {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("decoding", "tokens/s", "tokens per pass", "drafts kept"));
    rows.add(List.of("plain", Formats.rate(plainTokensPerSecond), "1.00", ""));
    rows.add(
        List.of(
            "with drafts",
            Formats.rate(tokensPerSecond),
            Formats.format("%.2f", tokensPerPass),
            Formats.format("%.1f %%", acceptance * 100)));
    List<List<String>> costs = new ArrayList<>();
    costs.add(new ArrayList<>(List.of("tokens in a pass")));
    costs.add(new ArrayList<>(List.of("time relative to one")));
    for (int i = 0; i < passCosts.size(); i++) {
      costs.get(0).add(Integer.toString(i + 1));
      costs.get(1).add(Formats.format("%.2f", passCosts.get(i)));
    }
    return MarkdownTable.write(rows, 1)
        + Formats.format(
            "%n%nThe same text %.2f times as fast (median of paired runs).%n%n", speedup)
        + MarkdownTable.write(costs, 1);
  }

  Map<String, Object> toJson() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("acceptance", acceptance);
    json.put("tokens_per_pass", tokensPerPass);
    json.put("tokens_per_second", tokensPerSecond);
    json.put("plain_tokens_per_second", plainTokensPerSecond);
    json.put("speedup", speedup);
    json.put("pass_costs", passCosts);
    return json;
  }
}
