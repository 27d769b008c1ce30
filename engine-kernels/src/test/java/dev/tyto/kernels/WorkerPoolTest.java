package dev.tyto.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WorkerPoolTest {
  /** Every index runs exactly once, whatever the counts and the pauses between regions. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 8, 17})
  void runsEveryIndexOnce(int threads) {
    Random random = new Random(threads);
    int[] hits = new int[3000];
    try (WorkerPool pool = new WorkerPool(threads, "test")) {
      assertEquals(threads, pool.threads());
      for (int region = 0; region < 5000; region++) {
        int count = random.nextInt(region % 100 == 0 ? hits.length : 40);
        int add = region + 1;
        java.util.Arrays.fill(hits, 0, count, 0);
        pool.run(
            count,
            (index, worker) -> {
              assertTrue(worker >= 0 && worker < threads);
              hits[index] += add;
            });
        for (int i = 0; i < count; i++) {
          assertEquals(add, hits[i], "index " + i + " of " + count);
        }
        if (region % 500 == 0) {
          LockSupport.parkNanos(2_000_000);
        }
      }
    }
  }

  /** Regions so short and close that workers keep arriving late, in the next region. */
  @Test
  void lateWorkersDoNotDisturbTheNextRegion() {
    int regions = 200_000;
    AtomicIntegerArray ran = new AtomicIntegerArray(2);
    try (WorkerPool pool = new WorkerPool(4, "test")) {
      WorkerPool.Task even = (index, worker) -> ran.incrementAndGet(0);
      WorkerPool.Task odd = (index, worker) -> ran.incrementAndGet(1);
      for (int i = 0; i < regions; i++) {
        pool.run(2 + i % 3, i % 2 == 0 ? even : odd);
      }
    }
    int expected = 0;
    for (int i = 0; i < regions; i += 2) {
      expected += 2 + i % 3;
    }
    assertEquals(expected, ran.get(0));
    int total = 0;
    for (int i = 0; i < regions; i++) {
      total += 2 + i % 3;
    }
    assertEquals(total - expected, ran.get(1));
  }

  /** Two indices that wait for each other can only both finish on two threads. */
  @Test
  void runsIndicesAtTheSameTime() throws Exception {
    try (WorkerPool pool = new WorkerPool(2, "test")) {
      for (int i = 0; i < 50; i++) {
        CountDownLatch both = new CountDownLatch(2);
        pool.run(
            2,
            (index, worker) -> {
              both.countDown();
              try {
                assertTrue(both.await(30, TimeUnit.SECONDS));
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
        LockSupport.parkNanos(i * 10_000L);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5})
  void rethrowsAfterTheRegionAndStaysUsable(int threads) {
    try (WorkerPool pool = new WorkerPool(threads, "test")) {
      for (int turn = 0; turn < 200; turn++) {
        AtomicIntegerArray ran = new AtomicIntegerArray(20);
        RuntimeException boom = new IllegalArgumentException("boom");
        var thrown =
            assertThrows(
                IllegalArgumentException.class,
                () ->
                    pool.run(
                        20,
                        (index, worker) -> {
                          ran.incrementAndGet(index);
                          if (index % 7 == 3) {
                            throw boom;
                          }
                        }));
        assertSame(boom, thrown);
        for (int i = 0; i < 20; i++) {
          assertEquals(1, ran.get(i));
        }
        pool.run(20, (index, worker) -> ran.incrementAndGet(index));
        assertEquals(2, ran.get(19));
      }
      assertThrows(
          StackOverflowError.class,
          () ->
              pool.run(
                  3,
                  (index, worker) -> {
                    throw new StackOverflowError();
                  }));
    }
  }

  @Test
  void refusesNestedAndForeignRegions() throws Exception {
    try (WorkerPool pool = new WorkerPool(2, "test")) {
      assertThrows(
          IllegalStateException.class,
          () -> pool.run(2, (index, worker) -> pool.run(1, (i, w) -> {})));
      AtomicReference<Throwable> thrown = new AtomicReference<>();
      pool.run(
          1,
          (index, worker) -> {
            Thread other =
                new Thread(
                    () -> {
                      try {
                        pool.run(1, (i, w) -> {});
                      } catch (IllegalStateException e) {
                        thrown.set(e);
                      }
                    });
            other.start();
            try {
              other.join();
            } catch (InterruptedException e) {
              throw new IllegalStateException(e);
            }
          });
      assertTrue(thrown.get() instanceof IllegalStateException);
      assertThrows(IllegalArgumentException.class, () -> pool.run(-1, (i, w) -> {}));
      pool.run(0, (i, w) -> {});
    }
    assertThrows(IllegalArgumentException.class, () -> new WorkerPool(0, "test"));
  }

  @Test
  void closeJoinsTheThreads() {
    AtomicIntegerArray seen = new AtomicIntegerArray(1);
    Thread[] workers = new Thread[4];
    WorkerPool pool = new WorkerPool(4, "joined");
    while (seen.get(0) < 3) {
      seen.set(0, 0);
      pool.run(64, (index, worker) -> workers[worker] = Thread.currentThread());
      for (int i = 1; i < 4; i++) {
        if (workers[i] != null) {
          seen.incrementAndGet(0);
        }
      }
    }
    assertEquals("joined-2", workers[2].getName());
    pool.close();
    for (int i = 1; i < 4; i++) {
      assertFalse(workers[i].isAlive());
    }
    pool.close();
    assertThrows(IllegalStateException.class, () -> pool.run(1, (i, w) -> {}));
  }

  @Test
  void anInterruptedCallerStillWaitsAndStaysInterrupted() {
    try (WorkerPool pool = new WorkerPool(2, "test")) {
      AtomicIntegerArray ran = new AtomicIntegerArray(1);
      Thread.currentThread().interrupt();
      pool.run(
          8,
          (index, worker) -> {
            long end = System.nanoTime() + 2_000_000;
            while (System.nanoTime() < end) {
              Thread.onSpinWait();
            }
            ran.incrementAndGet(0);
          });
      assertEquals(8, ran.get(0));
      assertTrue(Thread.interrupted());
    }
  }

  /** Bounds only: how well the machine shares out is not ours to assert. */
  @Test
  void busyTimeIsThatOfTheIndicesAndNotLongerThanTheRegion() {
    try (WorkerPool pool = new WorkerPool(2, "test")) {
      long millisecond = 1_000_000;
      pool.run(6, (index, worker) -> busyFor(millisecond));
      assertTrue(pool.busyNanos() >= 6 * millisecond, "busy " + pool.busyNanos());
      assertTrue(pool.busyNanos() <= 2 * pool.regionNanos() + millisecond);
      long busy = pool.busyNanos();
      long region = pool.regionNanos();
      pool.run(1, (index, worker) -> busyFor(millisecond));
      assertEquals(busy, pool.busyNanos(), "a region of one index is not shared");
      assertEquals(region, pool.regionNanos());
    }
  }

  private static void busyFor(long nanos) {
    long start = System.nanoTime();
    while (System.nanoTime() - start < nanos) {
      Thread.onSpinWait();
    }
  }
}
