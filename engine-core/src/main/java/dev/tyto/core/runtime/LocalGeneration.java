package dev.tyto.core.runtime;

import dev.tyto.core.FinishReason;
import dev.tyto.core.Generation;
import dev.tyto.core.GenerationStats;
import dev.tyto.core.Token;
import java.util.ArrayDeque;
import java.util.NoSuchElementException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The consumer's end of a {@link GenerationJob}. */
final class LocalGeneration implements Generation {
  private final LocalSession session;
  private final int promptTokens;
  private final int firstPosition;
  private final long started = System.nanoTime();

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ArrayDeque<Token> queue = new ArrayDeque<>();
  private int taken;
  private int drawn;
  private int passes;
  private int drafted;
  private int accepted;
  private long firstDrawn = started;
  private long lastDrawn = started;
  private @Nullable Job job;
  private @Nullable FinishReason reason;
  private @Nullable RuntimeException failure;

  /**
   * @param promptTokens tokens still to be prefilled
   * @param firstPosition position of the first token to be drawn
   */
  LocalGeneration(LocalSession session, int promptTokens, int firstPosition) {
    this.session = session;
    this.promptTokens = promptTokens;
    this.firstPosition = firstPosition;
  }

  void started(Job newJob) {
    this.job = newJob;
  }

  void deliver(Token token) {
    lock.lock();
    try {
      lastDrawn = System.nanoTime();
      if (drawn++ == 0) {
        firstDrawn = lastDrawn;
      }
      queue.add(token);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** A pass of the model has drawn at least one token. */
  void verified(int newDrafted, int newAccepted) {
    lock.lock();
    try {
      passes++;
      drafted += newDrafted;
      accepted += newAccepted;
    } finally {
      lock.unlock();
    }
  }

  void end(FinishReason newReason, @Nullable RuntimeException newFailure) {
    lock.lock();
    try {
      reason = newReason;
      failure = newFailure;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean hasNext() {
    boolean interrupted = false;
    lock.lock();
    try {
      while (queue.isEmpty() && reason == null && !interrupted) {
        try {
          changed.await();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      if (!interrupted) {
        if (queue.isEmpty() && failure != null) {
          throw failure;
        }
        return !queue.isEmpty();
      }
    } finally {
      lock.unlock();
    }
    cancel();
    Thread.currentThread().interrupt();
    throw new CancellationException("interrupted while waiting for a token");
  }

  @Override
  public Token next() {
    if (!hasNext()) {
      throw new NoSuchElementException("the generation has ended: " + finishReason());
    }
    lock.lock();
    try {
      Token token = queue.poll();
      if (token == null) {
        throw new NoSuchElementException("the generation was cancelled");
      }
      taken++;
      return token;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void cancel() {
    Job running = job;
    if (running != null) {
      running.cancel();
    }
    lock.lock();
    try {
      while (reason == null) {
        changed.awaitUninterruptibly();
      }
      if (!queue.isEmpty()) {
        queue.clear();
        reason = FinishReason.CANCELLED;
        session.forget(this, firstPosition + taken);
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public FinishReason finishReason() {
    lock.lock();
    try {
      while (reason == null) {
        changed.awaitUninterruptibly();
      }
      return reason;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public GenerationStats stats() {
    lock.lock();
    try {
      return new GenerationStats(
          promptTokens,
          drawn,
          firstDrawn - started,
          lastDrawn - firstDrawn,
          Math.max(0, passes - 1),
          drafted,
          accepted);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    cancel();
  }
}
