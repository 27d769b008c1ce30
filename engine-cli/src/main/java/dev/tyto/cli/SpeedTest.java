package dev.tyto.cli;

import dev.tyto.core.Generation;
import dev.tyto.core.GenerationStats;
import dev.tyto.core.Model;
import dev.tyto.core.SamplingOptions;
import dev.tyto.core.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/** Times a model on random tokens. */
final class SpeedTest {
  private static final long SEED = 20240506;

  /**
   * Draws from the model's own distribution: greedy text of random beginnings soon repeats itself,
   * and would keep choosing the same experts.
   */
  private static final SamplingOptions SAMPLING =
      SamplingOptions.GREEDY.withTemperature(1).withSeed(SEED);

  private final Model model;
  private final int repetitions;
  private final long warmupNanos;
  private final Runnable runDone;
  private final Random random = new Random(SEED);

  SpeedTest(Model model, int repetitions, long warmupNanos, Runnable runDone) {
    this.model = model;
    this.repetitions = repetitions;
    this.warmupNanos = warmupNanos;
    this.runDone = runDone;
  }

  /** A prompt in an empty context, until its first token is drawn. */
  Speeds prefill(int tokens) {
    return repeat(tokens, 1, stats -> tokens * 1e9 / Math.max(1, stats.prefillNanos()));
  }

  /** Passes of one token each, from an empty context. */
  Speeds decode(int tokens) {
    return repeat(
        1, tokens, stats -> tokens * 1e9 / Math.max(1, stats.prefillNanos() + stats.decodeNanos()));
  }

  private Speeds repeat(int prompt, int generate, ToDoubleFunction<GenerationStats> speed) {
    List<Double> samples = new ArrayList<>();
    try (Session session = model.newSession()) {
      // By time, not by count: what the JVM needs to compile is seconds, however small the model.
      long start = System.nanoTime();
      do {
        generate(session, prompt, generate);
      } while (System.nanoTime() - start < warmupNanos);
      for (int run = 0; run < repetitions; run++) {
        samples.add(speed.applyAsDouble(generate(session, prompt, generate)));
        runDone.run();
      }
    }
    return new Speeds(samples);
  }

  private GenerationStats generate(Session session, int prompt, int generate) {
    session.truncate(0);
    int[] ids = random.ints(prompt, 0, model.vocabSize()).toArray();
    try (Generation generation = session.generate(ids, SAMPLING, generate, Set.of())) {
      while (generation.hasNext()) {
        generation.next();
      }
      GenerationStats stats = generation.stats();
      if (stats.generatedTokens() != generate) {
        throw new IllegalStateException(
            "generated " + stats.generatedTokens() + " tokens instead of " + generate);
      }
      return stats;
    }
  }
}
