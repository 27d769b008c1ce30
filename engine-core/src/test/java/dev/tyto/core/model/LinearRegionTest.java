package dev.tyto.core.model;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tyto.kernels.WeightFormat;
import dev.tyto.kernels.WeightMatrix;
import dev.tyto.kernels.WorkerPool;
import java.lang.foreign.Arena;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How evenly the experts of a layer are shared out, by their cost. */
class LinearRegionTest {
  private static final int EXPERTS = 64;
  private static final int INNER = 704;
  private static final int WIDTH = 256;

  /** Rows of each expert: top-6 at random, and for half of the rows expert 0 among them. */
  private static int[] loads(Random random, int rows, boolean skewed) {
    int[] loads = new int[EXPERTS];
    for (int r = 0; r < rows; r++) {
      boolean[] taken = new boolean[EXPERTS];
      taken[0] = skewed;
      boolean first = skewed && r % 2 == 0;
      loads[0] += first ? 1 : 0;
      for (int j = first ? 1 : 0; j < 6; j++) {
        int e = random.nextInt(EXPERTS);
        while (taken[e]) {
          e = random.nextInt(EXPERTS);
        }
        taken[e] = true;
        loads[e]++;
      }
    }
    return loads;
  }

  /**
   * Workers that take the next tiles whenever they are done, as {@link WorkerPool} hands them out,
   * and need time in proportion to cost: the share of their time in which they have nothing to do.
   */
  private static double idleShare(LinearRegion region, int workers) {
    long[] busy = new long[workers];
    for (int next = 0; next < region.tiles(); ) {
      int worker = 0;
      for (int w = 1; w < workers; w++) {
        worker = busy[w] < busy[worker] ? w : worker;
      }
      int chunk = Math.max(1, (region.tiles() - next) / (4 * workers));
      for (int i = 0; i < chunk; i++) {
        busy[worker] += region.tileCost(next++);
      }
    }
    long last = 0;
    long sum = 0;
    for (long b : busy) {
      last = Math.max(last, b);
      sum += b;
    }
    return 1 - sum / ((double) last * workers);
  }

  @ParameterizedTest
  @CsvSource({
    "2, 512, false, 0.02", "2, 512, true, 0.02", "2, 64, true, 0.03", "2, 8, false, 0.05",
    "2, 1, false, 0.05", "8, 512, false, 0.05", "8, 512, true, 0.05", "16, 512, true, 0.05"
  })
  void workIsSharedOutByCost(int threads, int rows, boolean skewed, double most) {
    try (Arena arena = Arena.ofConfined();
        WorkerPool pool = new WorkerPool(threads, "test")) {
      WeightMatrix gate = WeightMatrix.allocate(WeightFormat.BF16, INNER, WIDTH, arena);
      WeightMatrix shared = WeightMatrix.allocate(WeightFormat.BF16, 2 * INNER, WIDTH, arena);
      for (int seed = 0; seed < 10; seed++) {
        LinearRegion region = new LinearRegion(new Workers(pool));
        float[] x = new float[rows * WIDTH];
        float[] y = new float[6 * rows * INNER];
        region.addGateUp(shared, shared, x, 0, WIDTH, rows, y, 0, 2 * INNER);
        for (int load : loads(new Random(seed), rows, skewed)) {
          region.addGateUp(gate, gate, x, 0, WIDTH, load, y, 0, INNER);
        }
        region.cut();
        double idle = idleShare(region, threads);
        assertTrue(idle <= most, "idle " + idle + ", seed " + seed);
      }
    }
  }
}
