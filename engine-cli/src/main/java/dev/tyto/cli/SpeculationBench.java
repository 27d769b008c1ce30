package dev.tyto.cli;

import dev.tyto.core.Generation;
import dev.tyto.core.GenerationStats;
import dev.tyto.core.Model;
import dev.tyto.core.PassObserver;
import dev.tyto.core.SamplingOptions;
import dev.tyto.core.Session;
import dev.tyto.text.TextModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** Times greedy decoding with and without drafts, in turns, on the same prompts. */
final class SpeculationBench {
  private static final int MOST_ROWS = 8;
  private static final int COST_RUNS = 15;

  private final TextModel text;
  private final List<int[]> prompts;
  private final int generate;
  private final int repetitions;
  private final long warmupNanos;

  SpeculationBench(
      TextModel text, List<String> prompts, int generate, int repetitions, long warmupNanos) {
    this.text = text;
    this.prompts = prompts.stream().map(p -> text.tokenizer().encode(p, true)).toList();
    this.generate = generate;
    this.repetitions = repetitions;
    this.warmupNanos = warmupNanos;
  }

  SpeculationReport run() {
    long start = System.nanoTime();
    do {
      round(new Total(), new Total());
    } while (System.nanoTime() - start < warmupNanos);
    Total with = new Total();
    Total without = new Total();
    List<Double> ratios = new ArrayList<>();
    for (int r = 0; r < repetitions; r++) {
      Total w = new Total();
      Total wo = new Total();
      round(w, wo);
      ratios.add(w.rate() / wo.rate());
      with.add(w);
      without.add(wo);
    }
    return new SpeculationReport(
        with.drafted == 0 ? 0 : (double) with.accepted / with.drafted,
        with.passes == 0 ? 0 : (double) with.tokens / with.passes,
        with.rate(),
        without.rate(),
        new Speeds(ratios).median(),
        costs());
  }

  private void round(Total with, Total without) {
    for (int[] prompt : prompts) {
      int[] plain = decode(prompt, false, without);
      int[] drafted = decode(prompt, true, with);
      if (!Arrays.equals(plain, drafted)) {
        throw new IllegalStateException("drafts have changed the text: this is a bug");
      }
    }
  }

  private int[] decode(int[] prompt, boolean drafting, Total total) {
    try (Session session = text.model().newSession()) {
      session.drafting(drafting);
      try (Generation g = session.generate(prompt, SamplingOptions.GREEDY, generate, Set.of())) {
        while (g.hasNext()) {
          g.next();
        }
        total.add(g.stats());
      }
      return session.tokens();
    }
  }

  /** Time of a pass over 1..8 tokens relative to one. */
  private List<Double> costs() {
    Model model = text.model();
    double[][] nanos = new double[MOST_ROWS][COST_RUNS];
    try (Session session = model.newSession()) {
      int[] base = prompts.getFirst();
      session.evaluate(base, new PassObserver() {});
      for (int run = 0; run < COST_RUNS; run++) {
        for (int rows = 1; rows <= MOST_ROWS; rows++) {
          int[] ids = new int[rows];
          for (int i = 0; i < rows; i++) {
            ids[i] = base[(run + i) % base.length];
          }
          long start = System.nanoTime();
          session.evaluate(ids, new PassObserver() {});
          nanos[rows - 1][run] = System.nanoTime() - start;
          session.truncate(base.length);
        }
      }
    }
    List<Double> costs = new ArrayList<>();
    for (double[] samples : nanos) {
      Arrays.sort(samples);
      costs.add(samples[COST_RUNS / 2]);
    }
    double one = costs.getFirst();
    return costs.stream().map(c -> c / one).toList();
  }

  private static final class Total {
    private long nanos;
    private int tokens;
    private int passes;
    private int drafted;
    private int accepted;

    void add(GenerationStats s) {
      nanos += s.decodeNanos();
      tokens += Math.max(0, s.generatedTokens() - 1);
      passes += s.decodePasses();
      drafted += s.draftedTokens();
      accepted += s.acceptedTokens();
    }

    void add(Total t) {
      nanos += t.nanos;
      tokens += t.tokens;
      passes += t.passes;
      drafted += t.drafted;
      accepted += t.accepted;
    }

    double rate() {
      return tokens * 1e9 / Math.max(1, nanos);
    }
  }
}
