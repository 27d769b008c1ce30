package dev.tyto.core.model;

import dev.tyto.core.spec.LayerSpec;
import dev.tyto.core.spec.MlaSpec;
import dev.tyto.core.spec.MoeSpec;
import dev.tyto.core.spec.RouterSpec;
import dev.tyto.core.spec.RouterSpec.GroupScore;
import dev.tyto.core.spec.RouterSpec.Score;
import dev.tyto.kernels.KernelScratch;
import dev.tyto.kernels.Kernels;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * From gate logits to the dispatch plan, on one thread, as DeepSeek-V3 routes: 256 experts, top-8,
 * 4 of 8 groups; and what the always-on statistics add. Time per token. Run with {@code -prof gc}
 * to see that nothing is allocated.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class RoutingBenchmark {
  private static final int PREFILL = 512;
  private static final int TOP_K = 8;

  /** Routed experts. */
  @Param("256")
  public int experts;

  private final Kernels kernels = Kernels.get();
  private final KernelScratch scratch = new KernelScratch();
  private final DispatchPlan plan = new DispatchPlan();
  private final int[] ids = new int[PREFILL * TOP_K];
  private final float[] weights = new float[PREFILL * TOP_K];
  private RouterSpec spec =
      new RouterSpec(8, 8, Score.SIGMOID, true, 1, 1, GroupScore.MAX, true, 1);
  private float[] source = new float[0];
  private float[] logits = new float[0];
  private float[] bias = new float[0];
  private final int[] oneIds = new int[TOP_K];
  private ExpertLedger ledger = new ExpertLedger(List.of());
  private int next;

  /** Random logits, another row for each call. */
  @Setup
  public void setUp() {
    spec =
        new RouterSpec(experts, TOP_K, Score.SIGMOID, true, 8, 4, GroupScore.TOP2_SUM, true, 2.5f);
    Random random = new Random(1);
    source = new float[PREFILL * experts];
    for (int i = 0; i < source.length; i++) {
      source[i] = (float) random.nextGaussian();
    }
    logits = new float[source.length];
    bias = new float[experts];
    for (int e = 0; e < experts; e++) {
      bias[e] = (float) random.nextGaussian() * 0.05f;
    }
    System.arraycopy(source, 0, logits, 0, source.length);
    route(PREFILL);
    MlaSpec attention = new MlaSpec(1, 0, 1, 1, 2, 1, 1);
    ledger =
        new ExpertLedger(List.of(new LayerSpec(attention, new MoeSpec(spec, 2048, 2048, false))));
  }

  /** A decoded token. */
  @Benchmark
  public int token() {
    next = (next + 1) % PREFILL;
    System.arraycopy(source, next * experts, logits, 0, experts);
    route(1);
    return plan.expert(0);
  }

  /** A prefill of 512 tokens. */
  @Benchmark
  @OperationsPerInvocation(PREFILL)
  public int prefill() {
    System.arraycopy(source, 0, logits, 0, source.length);
    route(PREFILL);
    return plan.active();
  }

  /** What the statistics of one layer add to a decoded token. */
  @Benchmark
  public long statistics() {
    next = (next + 1) % PREFILL;
    System.arraycopy(ids, next * TOP_K, oneIds, 0, TOP_K);
    ledger.begin();
    ledger.record(0, 1, oneIds, weights);
    ledger.commit(1);
    return ledger.passPairs();
  }

  private void route(int rows) {
    for (int r = 0; r < rows; r++) {
      if (!Router.route(
          kernels, spec, logits, r * experts, bias, ids, weights, r * TOP_K, scratch)) {
        throw new IllegalStateException("not a number");
      }
    }
    plan.build(experts, TOP_K, rows, ids, weights);
  }
}
