package dev.tyto.kernels;

/**
 * A fixed set of threads for short parallel regions. The caller takes part as worker 0, so a pool
 * of n starts n-1 threads; a pool of 1 starts none. One region at a time, from one thread at a
 * time. Workers spin a bounded while, then park. Indices are handed out dynamically in small
 * chunks, so results must not depend on which worker runs which index. No allocation per region.
 */
public final class WorkerPool implements AutoCloseable {
  /** The body of a region. */
  public interface Task {
    /** Runs one index on one worker (0..threads-1). */
    void run(int index, int worker);
  }

  public WorkerPool(int threads, String name) {
    throw new UnsupportedOperationException("contract");
  }

  /** Workers, the caller included. */
  public int threads() {
    return 0;
  }

  /**
   * Runs {@code task} for 0..count-1 and returns when all are done. The first exception thrown by a
   * task is rethrown here after the region has ended; the pool stays usable.
   */
  public void run(int count, Task task) {}

  /** Stops and joins the threads. Closing twice is harmless. */
  @Override
  public void close() {}
}
