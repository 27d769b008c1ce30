package dev.tyto.core.runtime;

import dev.tyto.core.FinishReason;
import dev.tyto.core.PassObserver;
import dev.tyto.core.model.Batch;
import dev.tyto.core.sampling.Sampler;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Runs the pending tokens through the model and shows everything to an observer. */
final class EvaluationJob extends Job {
  /** Logits of a pass are kept under 64 MB. */
  private static final int MOST_LOGITS = 1 << 24;

  private final GuardedObserver observer;
  private final boolean logits;
  private final int mostRows;
  private final CompletableFuture<FinishReason> result = new CompletableFuture<>();

  EvaluationJob(LocalSession session, PassObserver observer, int vocab) {
    super(session);
    this.observer = new GuardedObserver(observer);
    this.logits = observer.wantsLogits();
    this.mostRows = logits ? Math.max(1, MOST_LOGITS / vocab) : Integer.MAX_VALUE;
  }

  CompletableFuture<FinishReason> result() {
    return result;
  }

  @Override
  int mostRows() {
    return mostRows;
  }

  @Override
  void addRows(Batch batch, int position, int count) {
    for (int i = 0; i < count; i++) {
      batch.add(session().token(position + i), position + i, session().cache(), logits, observer);
    }
  }

  @Override
  void digest(float[] logits, int vocab, Sampler sampler) {}

  @Override
  @Nullable FinishReason done() {
    if (observer.failure() != null) {
      return FinishReason.FAILED;
    }
    return session().pending() == 0 ? FinishReason.MAX_TOKENS : null;
  }

  @Override
  void finish(FinishReason reason, @Nullable RuntimeException failure) {
    session().release();
    RuntimeException cause = failure == null ? observer.failure() : failure;
    if (cause != null) {
      result.completeExceptionally(cause);
    } else {
      result.complete(reason);
    }
  }
}
