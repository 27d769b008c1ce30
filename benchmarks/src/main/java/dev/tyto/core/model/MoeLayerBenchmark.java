package dev.tyto.core.model;

import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A layer of experts of DeepSeek-V2-Lite's size (hidden size 2048, 64 experts of 1408, top-6, two
 * shared) in BF16: time per token, and with {@code -prof gc} bytes allocated per token. After each
 * iteration it prints the idle share of the workers.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
// Long iterations: JMH itself allocates some kilobytes in each.
@Warmup(iterations = 3, time = 10)
@Measurement(iterations = 5, time = 10)
@Fork(
    value = 1,
    jvmArgsAppend = {"--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"})
public class MoeLayerBenchmark {
  private static final int PREFILL = 512;

  /** Workers. */
  @Param("2")
  public int threads;

  /** Whether half of all tokens go to one expert. */
  @Param({"false", "true"})
  public boolean skewed;

  private @Nullable MoeSetup loaded;
  private long busy;
  private long region;
  private long wall;

  /** Random weights. */
  @Setup
  public void setUp() {
    loaded = new MoeSetup(threads, skewed, PREFILL);
  }

  private MoeSetup setup() {
    return Objects.requireNonNull(loaded);
  }

  /** Frees them. */
  @TearDown
  public void tearDown() {
    setup().close();
  }

  /** Starts the measurement of idle time. */
  @Setup(Level.Iteration)
  public void startIdle() {
    busy = setup().busyNanos();
    region = setup().regionNanos();
    wall = 0;
  }

  /** Prints the share of their time in which the workers had nothing to do. */
  @TearDown(Level.Iteration)
  public void printIdle() {
    long worked = setup().busyNanos() - busy + wall - (setup().regionNanos() - region);
    System.out.printf(
        "[idle %.1f %%, busiest expert has %.0f %% of the tokens] ",
        100 * (1 - worked / ((double) wall * threads)), 100 * setup().largestShare());
  }

  /** A decoded token. */
  @Benchmark
  public float token() {
    long start = System.nanoTime();
    float y = setup().run(1);
    wall += System.nanoTime() - start;
    return y;
  }

  /** A prefill of 512 tokens. */
  @Benchmark
  @OperationsPerInvocation(PREFILL)
  public float prefill() {
    long start = System.nanoTime();
    float y = setup().run(PREFILL);
    wall += System.nanoTime() - start;
    return y;
  }
}
