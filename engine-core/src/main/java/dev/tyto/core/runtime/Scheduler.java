package dev.tyto.core.runtime;

import dev.tyto.core.FinishReason;
import dev.tyto.core.ModelException;
import dev.tyto.core.model.Batch;
import dev.tyto.core.model.Decoder;
import dev.tyto.core.model.RowException;
import dev.tyto.core.model.Workers;
import dev.tyto.core.sampling.Sampler;
import dev.tyto.kernels.WorkerPool;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides which rows run in each pass, and runs it: every session that decodes gets its row, then
 * prompts fill the rest of the pass in order of arrival. One thread per model, which is also worker
 * 0 of the kernels; callers' threads only hand over jobs and wait.
 */
final class Scheduler implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Scheduler.class);

  private final Decoder decoder;
  private final Workers workers;
  private final int vocab;
  private final int prefillRows;
  private final Sampler[] samplers;
  private final PassMeter meter;
  private final Drafter drafter;
  private final DraftPolicy policy;
  private final Thread thread;
  private final WorkerPool.Task digestTask = this::digest;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final List<Job> incoming = new ArrayList<>();
  private boolean closing;

  // The scheduler thread's own.
  private final List<Job> active = new ArrayList<>();
  private final List<Job> running = new ArrayList<>();
  private final Batch batch = new Batch();
  private final List<GenerationJob> going = new ArrayList<>();
  private float[] logits = new float[0];

  Scheduler(
      Decoder decoder,
      Workers workers,
      int vocab,
      int prefillRows,
      Drafter drafter,
      DraftPolicy policy,
      String name) {
    this.decoder = decoder;
    this.workers = workers;
    this.vocab = vocab;
    this.prefillRows = prefillRows;
    this.drafter = drafter;
    this.policy = policy;
    this.samplers = new Sampler[workers.threads()];
    Arrays.setAll(samplers, i -> new Sampler(workers.kernels()));
    this.meter = new PassMeter(workers, decoder.routing());
    this.thread = Thread.ofPlatform().name(name).daemon(true).unstarted(this::loop);
  }

  /** Positions of a session that the drafter need not see again. */
  int seenByDrafter(LocalSession session) {
    return policy.resting() ? Integer.MAX_VALUE : drafter.drafted(session);
  }

  void start() {
    thread.start();
  }

  /**
   * Hands over a job.
   *
   * @throws IllegalStateException if the model is closed
   */
  void submit(Job job) {
    lock.lock();
    try {
      if (closing) {
        throw new IllegalStateException("the model is closed");
      }
      incoming.add(job);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Ends all jobs as cancelled and joins the thread. */
  @Override
  public void close() {
    lock.lock();
    try {
      closing = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void loop() {
    while (await()) {
      dropCancelled();
      if (!active.isEmpty()) {
        pass();
      }
    }
    for (Job job : active) {
      end(job, FinishReason.CANCELLED, null);
    }
    active.clear();
  }

  /** Takes over new jobs; waits if there is nothing to do. False when closing. */
  private boolean await() {
    lock.lock();
    try {
      while (active.isEmpty() && incoming.isEmpty() && !closing) {
        changed.awaitUninterruptibly();
      }
      for (Job job : incoming) {
        if (job instanceof GenerationJob) {
          policy.generationBegins();
        }
      }
      active.addAll(incoming);
      incoming.clear();
      return !closing;
    } finally {
      lock.unlock();
    }
  }

  private void dropCancelled() {
    for (Iterator<Job> i = active.iterator(); i.hasNext(); ) {
      Job job = i.next();
      if (job.cancelled()) {
        i.remove();
        end(job, FinishReason.CANCELLED, null);
      }
    }
  }

  private void pass() {
    try {
      plan();
      if (running.isEmpty()) {
        return;
      }
      meter.begin();
      long start = System.nanoTime();
      logits = decoder.forward(batch);
      for (Job job : running) {
        job.advance();
      }
      workers.run(running.size(), (long) batch.logitRows() * vocab * 8, digestTask);
      meter.end(batch);
      policy.passed(batch.rows(), running, System.nanoTime() - start);
      for (Job job : running) {
        FinishReason reason = job.done();
        if (reason != null) {
          active.remove(job);
          end(job, reason, null);
        }
      }
      draft();
    } catch (RowException e) {
      // Only the session of that row is at fault; the others run again, and give the same bits.
      failOnly(e);
    } catch (RuntimeException | Error e) {
      LOG.error("A pass of {} rows failed", batch.rows(), e);
      failAll(e);
    } finally {
      batch.clear();
      running.clear();
    }
  }

  /** Guesses what the generations that go on will draw next. */
  private void draft() {
    going.clear();
    for (Job job : running) {
      if (job instanceof GenerationJob generation
          && generation.drafting()
          && active.contains(job)) {
        going.add(generation);
      }
    }
    if (!going.isEmpty() && !policy.resting()) {
      long start = System.nanoTime();
      int length = policy.length(going.size());
      try {
        drafter.draft(going, length);
      } catch (RowException e) {
        // Not the draft's to say: the pass itself will fail if the model is damaged.
        for (GenerationJob job : going) {
          job.drafts().clear();
        }
      }
      policy.drafted(length, System.nanoTime() - start);
    }
  }

  private void plan() {
    for (Job job : List.copyOf(active)) {
      if (job.decodes()) {
        enter(job, 1);
      }
    }
    int budget = prefillRows;
    for (Job job : List.copyOf(active)) {
      if (budget > 0 && !running.contains(job)) {
        enter(job, budget);
        budget -= job.rows();
      }
    }
  }

  private void enter(Job job, int budget) {
    try {
      job.enter(batch, budget);
      running.add(job);
    } catch (ModelException e) {
      active.remove(job);
      end(job, FinishReason.FAILED, e);
    }
  }

  private void digest(int index, int worker) {
    running.get(index).digest(logits, vocab, samplers[worker]);
  }

  private void failOnly(RowException e) {
    for (Job job : running) {
      if (job instanceof GenerationJob generation && generation.isDraftRow(e.row())) {
        generation.drafts().clear(); // A guess must not end what it guesses for.
      } else if (job.hasRow(e.row())) {
        active.remove(job);
        end(job, FinishReason.FAILED, e);
      }
    }
  }

  private void failAll(Throwable e) {
    active.removeAll(running);
    for (Job job : running) {
      end(job, FinishReason.FAILED, new ModelException("the pass failed: " + e, e));
    }
  }

  private static void end(Job job, FinishReason reason, @Nullable RuntimeException failure) {
    job.finish(reason, failure);
  }
}
