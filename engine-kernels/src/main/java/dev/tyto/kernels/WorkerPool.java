package dev.tyto.kernels;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A fixed set of threads for short parallel regions. The caller takes part as worker 0, so a pool
 * of n starts n-1 threads; a pool of 1 starts none. One region at a time, from one thread at a
 * time. Workers spin a bounded while, then park. Indices are handed out dynamically in small
 * chunks, so results must not depend on which worker runs which index. No allocation per region.
 *
 * <p>A region does not wait for threads, only for indices: a worker that the operating system keeps
 * off the CPU takes no part, and the others do its share. So a busy machine slows a region in
 * proportion, and no barrier can stall it for a scheduler's time slice unless a worker is cut off
 * in the middle of a chunk.
 */
public final class WorkerPool implements AutoCloseable {
  /** The body of a region. */
  public interface Task {
    /**
     * Runs one index on one worker.
     *
     * @param index 0..count-1 of the region
     * @param worker 0..threads-1; 0 is the thread that called {@link WorkerPool#run}
     */
    void run(int index, int worker);
  }

  /** Turns of a spinning thread before it parks: about 20 microseconds. */
  private static final int SPINS = 500;

  /** A worker takes 1 / (SHARES * threads) of what is left, at least one index. */
  private static final int SHARES = 4;

  private static final VarHandle CLAIM;
  private static final VarHandle PENDING;
  private static final VarHandle FAILURE;
  private static final VarHandle BUSY;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      CLAIM = lookup.findVarHandle(WorkerPool.class, "claim", long.class);
      PENDING = lookup.findVarHandle(WorkerPool.class, "pending", int.class);
      FAILURE = lookup.findVarHandle(WorkerPool.class, "failure", Throwable.class);
      BUSY = lookup.findVarHandle(WorkerPool.class, "busy", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Worker[] workers;
  private final int spins;

  /**
   * Number of the region in the upper half, indices not yet taken in the lower. A worker takes
   * indices by one compare-and-set, which fails if the region has changed meanwhile; so whoever
   * holds an index knows that {@link #task} and {@link #count} are its own region's.
   */
  @SuppressWarnings("unused") // through CLAIM
  private volatile long claim;

  /** Indices not yet finished. */
  @SuppressWarnings("unused") // through PENDING
  private volatile int pending;

  @SuppressWarnings("unused") // through FAILURE
  private volatile @Nullable Throwable failure;

  @SuppressWarnings("unused") // through BUSY
  private volatile boolean busy;

  private volatile boolean closed;

  /** The caller, while it is parked or about to park at the end of a region. */
  private volatile @Nullable Thread waiter;

  private @Nullable Task task;
  private int count;

  /** Time that each worker has spent on indices, a cache line apart. */
  private final long[] busyNanos;

  private long regionNanos;

  /** Longs per cache line, twice, since lines are fetched in pairs. */
  private static final int LINE = 16;

  /**
   * Starts {@code threads - 1} daemon threads called {@code name-1}, {@code name-2}...
   *
   * @throws IllegalArgumentException if threads is less than 1
   */
  public WorkerPool(int threads, String name) {
    if (threads < 1) {
      throw new IllegalArgumentException("a worker pool needs at least 1 thread, not " + threads);
    }
    // With more threads than processors a spinning thread keeps a working one from its CPU.
    spins = threads <= Runtime.getRuntime().availableProcessors() ? SPINS : SPINS / 10;
    busyNanos = new long[threads * LINE];
    workers = new Worker[threads - 1];
    for (int i = 0; i < workers.length; i++) {
      workers[i] = new Worker(i + 1, name + "-" + (i + 1));
    }
    for (Worker worker : workers) {
      worker.start();
    }
  }

  /** Workers, the caller included. */
  public int threads() {
    return workers.length + 1;
  }

  /**
   * Time that all workers together have spent on indices of regions that were shared, since the
   * pool was made. Regions that the caller ran alone do not count. To be called by the thread that
   * runs regions, between them.
   */
  public long busyNanos() {
    long sum = 0;
    for (int i = 0; i < busyNanos.length; i += LINE) {
      sum += busyNanos[i];
    }
    return sum;
  }

  /**
   * Duration of all regions that were shared: with {@link #busyNanos}, how well the work was shared
   * out. To be called by the thread that runs regions, between them.
   */
  public long regionNanos() {
    return regionNanos;
  }

  /**
   * Runs {@code task} for 0..count-1 and returns when all are done; what the task wrote is then
   * visible to the caller. The first exception thrown by a task is rethrown here after the region
   * has ended (its other indices run nevertheless); the pool stays usable.
   *
   * @throws IllegalArgumentException if count is negative
   * @throws IllegalStateException if the pool is closed or already runs a region: from another
   *     thread, or from within a task
   */
  public void run(int count, Task task) {
    if (count < 0) {
      throw new IllegalArgumentException("a region cannot have " + count + " indices");
    }
    if (closed) {
      throw new IllegalStateException("the worker pool is closed");
    }
    if (!BUSY.compareAndSet(this, false, true)) {
      throw new IllegalStateException("the worker pool already runs a region");
    }
    try {
      if (count == 1 || workers.length == 0) {
        runAlone(count, task);
      } else if (count > 0) {
        runShared(count, task);
      }
    } finally {
      this.task = null;
      busy = false;
    }
  }

  private void runAlone(int count, Task task) {
    failure = null;
    for (int i = 0; i < count; i++) {
      runIndex(task, i, 0);
    }
    rethrow();
  }

  private void runShared(int count, Task task) {
    long start = System.nanoTime();
    this.task = task;
    this.count = count;
    failure = null;
    pending = count;
    long region = (claim >>> 32) + 1;
    claim = (region << 32) | count;
    wake(Math.min(workers.length, count - 1));
    work(0);
    awaitEnd();
    regionNanos += System.nanoTime() - start;
    rethrow();
  }

  private void wake(int wanted) {
    for (int i = 0; i < wanted; i++) {
      Worker worker = workers[i];
      if (worker.parked) {
        worker.parked = false;
        LockSupport.unpark(worker);
      }
    }
  }

  /** Takes chunks of the current region until none is left. */
  private void work(int worker) {
    int shares = SHARES * (workers.length + 1);
    long from = System.nanoTime();
    while (true) {
      long seen = claim;
      int left = (int) seen;
      if (left == 0) {
        return;
      }
      int chunk = Math.max(1, left / shares);
      if (CLAIM.compareAndSet(this, seen, seen - chunk)) {
        int first = count - left;
        Task own = task;
        if (own == null) {
          throw new AssertionError("a region without a task");
        }
        for (int i = 0; i < chunk; i++) {
          runIndex(own, first + i, worker);
        }
        // Before the indices count as done, so that the caller sees it.
        long now = System.nanoTime();
        busyNanos[worker * LINE] += now - from;
        from = now;
        if ((int) PENDING.getAndAdd(this, -chunk) == chunk) {
          Thread caller = waiter;
          if (caller != null) {
            LockSupport.unpark(caller);
          }
        }
      }
    }
  }

  private void runIndex(Task task, int index, int worker) {
    try {
      task.run(index, worker);
    } catch (Throwable t) {
      FAILURE.compareAndSet(this, null, t);
    }
  }

  private void awaitEnd() {
    for (int i = 0; i < spins; i++) {
      if (pending == 0) {
        return;
      }
      Thread.onSpinWait();
    }
    waiter = Thread.currentThread();
    boolean interrupted = false;
    while (pending != 0) {
      LockSupport.park(this);
      interrupted |= Thread.interrupted();
    }
    waiter = null;
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void rethrow() {
    Throwable t = failure;
    failure = null;
    if (t != null) {
      WorkerPool.<RuntimeException>sneak(t);
    }
  }

  // Tasks declare no checked exception; if one throws one nevertheless, it comes out as it is.
  @SuppressWarnings("unchecked")
  private static <T extends Throwable> void sneak(Throwable t) throws T {
    throw (T) t;
  }

  /**
   * Stops and joins the threads. Closing twice is harmless; closing during a region is not allowed.
   */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    if (busy) {
      throw new IllegalStateException("the worker pool cannot be closed while it runs a region");
    }
    closed = true;
    boolean interrupted = false;
    for (Worker worker : workers) {
      LockSupport.unpark(worker);
      while (worker.isAlive()) {
        try {
          worker.join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Spins a while for the next region, then parks. */
  private final class Worker extends Thread {
    private final int index;
    private volatile boolean parked;

    Worker(int index, String name) {
      super(null, null, name, 0, false);
      this.index = index;
      setDaemon(true);
    }

    @Override
    public void run() {
      while (!closed) {
        if (!spin()) {
          park();
        }
        work(index);
      }
    }

    private boolean spin() {
      for (int i = 0; i < spins; i++) {
        if ((int) claim != 0 || closed) {
          return true;
        }
        Thread.onSpinWait();
      }
      return false;
    }

    /** The flag is raised before the last look, and the caller looks at it after publishing. */
    private void park() {
      parked = true;
      while (parked && (int) claim == 0 && !closed) {
        LockSupport.park(WorkerPool.this);
      }
      parked = false;
    }
  }
}
