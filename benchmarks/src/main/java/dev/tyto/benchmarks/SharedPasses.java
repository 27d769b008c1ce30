package dev.tyto.benchmarks;

import dev.tyto.core.Generation;
import dev.tyto.core.LoadOptions;
import dev.tyto.core.Model;
import dev.tyto.core.SamplingOptions;
import dev.tyto.core.Session;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Four sessions that decode at the same time against the same four one after the other: tokens/s in
 * all, in turns in one run, and whether each text is the same. Prints the median ratio.
 *
 * <pre>java --add-modules jdk.incubator.vector -cp ... dev.tyto.benchmarks.SharedPasses DIR</pre>
 */
public final class SharedPasses {
  private static final int SESSIONS = 4;
  private static final int TOKENS = 200;
  private static final int WARM_UP = 20;
  private static final int ROUNDS = 25;

  private final Model model;

  private SharedPasses(Model model) {
    this.model = model;
  }

  /**
   * Runs the comparison.
   *
   * @param args the model folder
   */
  public static void main(String[] args)
      throws IOException, InterruptedException, ExecutionException {
    try (Model model = Model.load(Path.of(args[0]), LoadOptions.defaults());
        ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      SharedPasses bench = new SharedPasses(model);
      List<Double> ratios = new ArrayList<>();
      for (int round = 0; round < WARM_UP + ROUNDS; round++) {
        double ratio = bench.round(executor);
        if (round >= WARM_UP) {
          ratios.add(ratio);
        }
      }
      ratios.sort(null);
      System.out.printf("four at once / one by one: %.2f (median)%n", ratios.get(ROUNDS / 2));
    }
  }

  private double round(ExecutorService executor) throws InterruptedException, ExecutionException {
    long start = System.nanoTime();
    List<int[]> alone = new ArrayList<>();
    for (int s = 0; s < SESSIONS; s++) {
      alone.add(decode(s));
    }
    long between = System.nanoTime();
    List<Future<int[]>> together = new ArrayList<>();
    for (int s = 0; s < SESSIONS; s++) {
      int seed = s;
      together.add(executor.submit(() -> decode(seed)));
    }
    for (int s = 0; s < SESSIONS; s++) {
      if (!Arrays.equals(alone.get(s), together.get(s).get())) {
        throw new IllegalStateException("company has changed a text: this is a bug");
      }
    }
    return (double) (between - start) / (System.nanoTime() - between);
  }

  private int[] decode(int seed) {
    SamplingOptions options = SamplingOptions.GREEDY.withTemperature(0.8).withSeed(seed);
    try (Session session = model.newSession();
        Generation g = session.generate(new int[] {0, 5}, options, TOKENS, Set.of())) {
      g.forEachRemaining(token -> {});
      return session.tokens();
    }
  }
}
