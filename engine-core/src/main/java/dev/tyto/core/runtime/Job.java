package dev.tyto.core.runtime;

import dev.tyto.core.FinishReason;
import dev.tyto.core.model.Batch;
import dev.tyto.core.sampling.Sampler;
import org.jspecify.annotations.Nullable;

/**
 * Work of one session that takes part in passes until it is done. All methods but {@link #cancel}
 * and the state it sets run on the scheduler's thread, {@link #digest} possibly on a worker.
 */
abstract class Job {
  private final LocalSession session;
  private volatile boolean cancelled;
  private int firstRow;
  private int firstPosition;
  private int rows;

  Job(LocalSession session) {
    this.session = session;
  }

  LocalSession session() {
    return session;
  }

  /** Asks the scheduler to end this job before its next pass. */
  void cancel() {
    cancelled = true;
  }

  boolean cancelled() {
    return cancelled;
  }

  /** Whether it wants one row only, so that it should never wait behind a prefill. */
  final boolean decodes() {
    return session.pending() == 1;
  }

  /** Adds up to {@code budget} rows (at least one) to the pass. */
  final void enter(Batch batch, int budget) {
    firstRow = batch.rows();
    firstPosition = session.cached();
    rows = Math.min(session.pending(), Math.min(budget, mostRows()));
    session.cache().reserve(firstPosition + rows + drafted());
    addRows(batch, firstPosition, rows);
  }

  final int rows() {
    return rows;
  }

  final boolean hasRow(int row) {
    return row >= firstRow && row < firstRow + rows + drafted();
  }

  /** The pass has run: the rows are in the cache. */
  final void advance() {
    session.advance(rows);
  }

  /** Index in the batch of its first row. */
  final int firstRow() {
    return firstRow;
  }

  /** Position of its first row. */
  final int firstPosition() {
    return firstPosition;
  }

  /** Rows that it adds beyond the tokens it holds. */
  int drafted() {
    return 0;
  }

  /** Most rows of this job in one pass. */
  abstract int mostRows();

  abstract void addRows(Batch batch, int position, int count);

  /** Takes what it wants from the logits of the pass. Different jobs may run side by side. */
  abstract void digest(float[] logits, int vocab, Sampler sampler);

  /** Why the job is done after its last pass, or null if it goes on. */
  abstract @Nullable FinishReason done();

  /** Called once, last. The session is at rest when it returns. */
  abstract void finish(FinishReason reason, @Nullable RuntimeException failure);
}
