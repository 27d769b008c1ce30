package dev.tyto.kernels;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * Makes the JIT compile vector kernels in the background: each operation, when it is first asked
 * for, runs on small data of its own until its vector form is no slower than twice its scalar form,
 * which no interpreted one is. One daemon thread per JVM, which ends when there is nothing left to
 * do.
 */
@SuppressWarnings("EnumOrdinal") // an index of tables that live as long as the JVM
final class WarmUp {
  static final int GATE_UP = 0;
  static final int RMS_NORM = 1;
  static final int ROPE = 2;
  static final int AXPY = 3;
  static final int ADD = 4;
  static final int SOFTMAX = 5;
  static final int SIGMOID = 6;
  static final int ARG_MAX = 7;
  static final int GUMBEL = 8;
  static final int CHOOSE = 9;
  static final int LOG_SUM_EXP = 10;
  static final int MERGE = 11;
  static final int NORMALIZE = 12;
  private static final int WIDEN = 13;
  private static final int STORE = WIDEN + ElementType.values().length;
  private static final int ATTEND = STORE + CacheType.values().length;
  private static final int PRODUCTS = ATTEND + CacheType.values().length;
  private static final int OPERATIONS = PRODUCTS + 3 * WeightFormat.values().length;

  /** Rows from which the GEMM with decoded panels takes over; the exact number does not matter. */
  private static final int MANY = 17;

  /** Calls that are timed together. */
  private static final int CALLS = 16;

  /** After this long the vector form is taken as it is. */
  private static final long PATIENCE_NANOS = 10_000_000_000L;

  private final WarmUpTrials scalar;
  private final WarmUpTrials vector;
  private final boolean[] ready = new boolean[OPERATIONS];
  private final AtomicIntegerArray asked = new AtomicIntegerArray(OPERATIONS);
  private final ThreadPoolExecutor executor;

  WarmUp(Kernels scalar, Kernels vector) {
    this.scalar = new WarmUpTrials(scalar);
    this.vector = new WarmUpTrials(vector);
    this.executor =
        new ThreadPoolExecutor(
            1,
            1,
            1,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> Thread.ofPlatform().name("tyto-warm-up").daemon(true).unstarted(task));
    executor.allowCoreThreadTimeOut(true);
  }

  /** A product of that format, for one row, few, or many: three pieces of code. */
  static int product(WeightFormat format, int rows) {
    return PRODUCTS + format.ordinal() * 3 + (rows <= 1 ? 0 : rows < MANY ? 1 : 2);
  }

  static int widen(ElementType type) {
    return WIDEN + type.ordinal();
  }

  static int store(CacheType type) {
    return STORE + type.ordinal();
  }

  static int attend(CacheType type) {
    return ATTEND + type.ordinal();
  }

  /**
   * Whether the vector form is compiled. If not, sees to it. A thread may see the change late; it
   * does not matter.
   */
  boolean ready(int operation) {
    if (ready[operation]) {
      return true;
    }
    ask(operation);
    return false;
  }

  /** Warms all operations that were asked for so far and waits for the end. */
  void all() {
    CountDownLatch done = new CountDownLatch(1);
    executor.execute(done::countDown);
    try {
      done.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void ask(int operation) {
    if (asked.get(operation) == 0 && asked.compareAndSet(operation, 0, 1)) {
      executor.execute(() -> warm(operation));
    }
  }

  private void warm(int operation) {
    long end = System.nanoTime() + PATIENCE_NANOS;
    long bestScalar = Long.MAX_VALUE;
    while (true) {
      bestScalar = Math.min(bestScalar, time(scalar, operation));
      long now = time(vector, operation);
      if (now <= 2 * bestScalar || System.nanoTime() - end > 0) {
        ready[operation] = true;
        return;
      }
    }
  }

  private static long time(WarmUpTrials trials, int operation) {
    long start = System.nanoTime();
    for (int i = 0; i < CALLS; i++) {
      run(trials, operation);
    }
    return System.nanoTime() - start;
  }

  private static void run(WarmUpTrials trials, int operation) {
    if (operation >= PRODUCTS) {
      int kind = (operation - PRODUCTS) % 3;
      trials.product(
          WeightFormat.values()[(operation - PRODUCTS) / 3],
          kind == 0 ? 1 : kind == 1 ? MANY - 11 : MANY + 1);
      return;
    }
    switch (operation) {
      case GATE_UP -> trials.gateUp();
      case RMS_NORM -> trials.rmsNorm();
      case ROPE -> trials.rope();
      case AXPY -> trials.axpy();
      case ADD -> trials.add();
      case SOFTMAX -> trials.softmax();
      case SIGMOID -> trials.sigmoid();
      case ARG_MAX -> trials.argMax();
      case GUMBEL -> trials.gumbel();
      case CHOOSE -> trials.choose();
      case LOG_SUM_EXP -> trials.logSumExp();
      case MERGE -> trials.merge();
      case NORMALIZE -> trials.normalize();
      default -> {
        if (operation < STORE) {
          trials.widen(ElementType.values()[operation - WIDEN]);
        } else if (operation < ATTEND) {
          trials.store(CacheType.values()[operation - STORE]);
        } else {
          trials.attend(CacheType.values()[operation - ATTEND]);
        }
      }
    }
  }
}
