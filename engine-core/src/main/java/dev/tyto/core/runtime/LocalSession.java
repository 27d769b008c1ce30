package dev.tyto.core.runtime;

import dev.tyto.core.ContextOverflowException;
import dev.tyto.core.Generation;
import dev.tyto.core.PassObserver;
import dev.tyto.core.SamplingOptions;
import dev.tyto.core.Session;
import dev.tyto.core.cache.LatentCache;
import dev.tyto.core.sampling.TokenCounts;
import java.util.Arrays;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A session: its tokens, and the cache of the first {@code cached} of them. While a job runs
 * ({@code busy}), the scheduler's thread alone changes it.
 */
final class LocalSession implements Session {
  /** Rows that may run twice so that a drafter can follow. */
  private static final int MOST_RERUN = 64;

  private final LocalModel model;
  private final LatentCache cache;
  private final @Nullable LatentCache draftCache;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition idle = lock.newCondition();
  private int[] tokens = new int[64];
  private int length;
  private int cached;
  private int drafted;
  private @Nullable Job busy;
  private @Nullable Generation latest;
  private volatile boolean drafting = true;
  private boolean closed;

  /**
   * A session that owns its caches.
   *
   * @param draftCache of the draft model, null if there is none
   */
  LocalSession(LocalModel model, LatentCache cache, @Nullable LatentCache draftCache) {
    this.model = model;
    this.cache = cache;
    this.draftCache = draftCache;
  }

  @Override
  public int length() {
    lock.lock();
    try {
      return length;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public int[] tokens() {
    lock.lock();
    try {
      return Arrays.copyOf(tokens, length);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Generation generate(
      int[] prompt, SamplingOptions sampling, int maxTokens, Set<Integer> stopIds) {
    if (maxTokens < 1) {
      throw new IllegalArgumentException("maxTokens is " + maxTokens + ", but must be 1 or more");
    }
    model.checkSampling(sampling);
    lock.lock();
    try {
      appendPrompt(prompt);
      LocalGeneration generation = new LocalGeneration(this, length - cached, length);
      Job job = new GenerationJob(this, sampling, maxTokens, Set.copyOf(stopIds), generation);
      generation.started(job);
      submit(job);
      latest = generation;
      return generation;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void evaluate(int[] added, PassObserver observer) {
    EvaluationJob job;
    lock.lock();
    try {
      if (added.length == 0) {
        throw new IllegalArgumentException("no tokens to evaluate");
      }
      appendPrompt(added);
      job = new EvaluationJob(this, observer, model.vocabSize());
      submit(job);
      latest = null;
    } finally {
      lock.unlock();
    }
    try {
      job.result().join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    }
    if (length() > cached()) {
      throw new IllegalStateException("the session or its model was closed during the evaluation");
    }
  }

  @Override
  public void drafting(boolean on) {
    drafting = on;
  }

  @Override
  public void truncate(int newLength) {
    lock.lock();
    try {
      checkIdle();
      if (newLength < 0 || newLength > length) {
        throw new IllegalArgumentException(
            "cannot truncate to " + newLength + " tokens: the session holds " + length);
      }
      shorten(newLength);
      latest = null;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      while (busy != null) {
        busy.cancel();
        idle.awaitUninterruptibly();
      }
      cache.close();
      if (draftCache != null) {
        draftCache.close();
      }
    } finally {
      lock.unlock();
    }
    model.forget(this);
  }

  /** Checks everything first, so that a refused prompt leaves the session as it was. */
  private void appendPrompt(int[] prompt) {
    checkIdle();
    if (length + prompt.length == 0) {
      throw new IllegalArgumentException("the prompt is empty: give at least one token");
    }
    if ((long) length + prompt.length > model.contextLength()) {
      throw new ContextOverflowException(length, prompt.length, model.contextLength());
    }
    for (int i = 0; i < prompt.length; i++) {
      if (prompt[i] < 0 || prompt[i] >= model.vocabSize()) {
        throw new IllegalArgumentException(
            "token id %d at index %d is not in the vocabulary of %d"
                .formatted(prompt[i], i, model.vocabSize()));
      }
    }
    ensureCapacity(length + prompt.length);
    System.arraycopy(prompt, 0, tokens, length, prompt.length);
    length += prompt.length;
    // With nothing new to run, the last token runs again for its logits.
    cached = Math.min(cached, length - 1);
    // A drafter that has lost sight of the last rows sees them again, if they are few.
    int seen = drafting ? model.scheduler().seenByDrafter(this) : cached;
    if (cached - seen <= MOST_RERUN) {
      cached = Math.min(cached, seen);
    }
  }

  private void shorten(int newLength) {
    length = newLength;
    cached = Math.min(cached, newLength);
    // The drafting state of a position depends on the token after it.
    drafted = Math.min(drafted, Math.max(0, newLength - 1));
  }

  private void submit(Job job) {
    busy = job;
    try {
      model.scheduler().submit(job);
    } catch (IllegalStateException e) {
      busy = null;
      throw e;
    }
  }

  private void checkIdle() {
    if (closed) {
      throw new IllegalStateException("the session is closed");
    }
    if (busy != null) {
      throw new IllegalStateException(
          "the session is busy: end its generation before the next call");
    }
  }

  private void ensureCapacity(int needed) {
    if (needed > tokens.length) {
      tokens = Arrays.copyOf(tokens, Math.max(needed, tokens.length * 2));
    }
  }

  // What follows is the scheduler's.

  LatentCache cache() {
    return cache;
  }

  int token(int position) {
    return tokens[position];
  }

  /** Tokens held; for the scheduler's thread. */
  int held() {
    return length;
  }

  /** The last token. */
  int last() {
    return tokens[length - 1];
  }

  /** Tokens that the context has room for. */
  int room() {
    return model.contextLength() - length;
  }

  boolean drafting() {
    return drafting;
  }

  /** Positions whose drafting state is complete. */
  int drafted() {
    return drafted;
  }

  void drafted(int positions) {
    drafted = positions;
  }

  LatentCache draftCache() {
    return Objects.requireNonNull(draftCache, "the model drafts with no model");
  }

  int pending() {
    return length - cached;
  }

  int cached() {
    lock.lock();
    try {
      return cached;
    } finally {
      lock.unlock();
    }
  }

  boolean full() {
    return length == model.contextLength();
  }

  void advance(int rows) {
    lock.lock();
    try {
      cached += rows;
    } finally {
      lock.unlock();
    }
  }

  void append(int token) {
    lock.lock();
    try {
      ensureCapacity(length + 1);
      tokens[length++] = token;
    } finally {
      lock.unlock();
    }
  }

  void release() {
    lock.lock();
    try {
      busy = null;
      idle.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Drops the tokens that the consumer of the latest generation has not taken. */
  void forget(Generation generation, int newLength) {
    lock.lock();
    try {
      if (isLatest(generation) && busy == null && newLength < length) {
        shorten(newLength);
      }
    } finally {
      lock.unlock();
    }
  }

  /** By identity: two generations are never equal otherwise. */
  @SuppressWarnings("ReferenceEquality")
  private boolean isLatest(Generation generation) {
    return latest == generation;
  }

  TokenCounts counts() {
    TokenCounts counts = new TokenCounts(model.vocabSize());
    for (int i = 0; i < length; i++) {
      counts.addContext(tokens[i]);
    }
    return counts;
  }
}
