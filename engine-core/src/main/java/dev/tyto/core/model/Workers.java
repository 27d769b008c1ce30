package dev.tyto.core.model;

import dev.tyto.kernels.KernelScratch;
import dev.tyto.kernels.Kernels;
import dev.tyto.kernels.WorkerPool;

/** What the stages of a pass share: the kernels, the threads, and each thread's scratch. */
public final class Workers {
  private final Kernels kernels = Kernels.get();
  private final WorkerPool pool;
  private final KernelScratch[] scratch;

  /** The pool stays the caller's to close. */
  public Workers(WorkerPool pool) {
    this.pool = pool;
    this.scratch = new KernelScratch[pool.threads()];
    for (int i = 0; i < scratch.length; i++) {
      scratch[i] = new KernelScratch();
    }
  }

  /** The kernels chosen for this JVM. */
  public Kernels kernels() {
    return kernels;
  }

  /** Workers, the calling thread included. */
  public int threads() {
    return pool.threads();
  }

  /** As {@link WorkerPool#busyNanos}. */
  public long busyNanos() {
    return pool.busyNanos();
  }

  /** As {@link WorkerPool#regionNanos}. */
  public long regionNanos() {
    return pool.regionNanos();
  }

  KernelScratch scratch(int worker) {
    return scratch[worker];
  }

  /**
   * Runs a region of {@code count} indices; on the calling thread alone if its whole {@code work}
   * (multiply-adds, roughly) is not worth waking anyone.
   */
  public void run(int count, long work, WorkerPool.Task task) {
    if (count == 1 || work < INLINE_WORK || pool.threads() == 1) {
      for (int i = 0; i < count; i++) {
        task.run(i, 0);
      }
    } else {
      pool.run(count, task);
    }
  }

  /** About 2 microseconds of one core: the price of a region. */
  static final long INLINE_WORK = 40_000;
}
