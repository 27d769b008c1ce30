package dev.tyto.core.runtime;

import dev.tyto.core.FinishReason;
import dev.tyto.core.ModelException;
import dev.tyto.core.SamplingOptions;
import dev.tyto.core.Token;
import dev.tyto.core.TokenLogprob;
import dev.tyto.core.model.Batch;
import dev.tyto.core.sampling.Sampler;
import dev.tyto.core.sampling.TokenCounts;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Prefills what the session still has pending, then draws token after token. */
final class GenerationJob extends Job {
  private final SamplingOptions options;
  private final int maxTokens;
  private final Set<Integer> stopIds;
  private final LocalGeneration generation;
  private final @Nullable TokenCounts counts;
  private final Drafts drafts = new Drafts();
  private final boolean drafting;
  private int logitRow = -1;
  private int draftRows;
  private int accepted;
  private int drawn;
  private @Nullable FinishReason done;
  private @Nullable RuntimeException broken;

  GenerationJob(
      LocalSession session,
      SamplingOptions options,
      int maxTokens,
      Set<Integer> stopIds,
      LocalGeneration generation) {
    super(session);
    this.options = options;
    this.maxTokens = maxTokens;
    this.stopIds = stopIds;
    this.generation = generation;
    this.drafting = session.drafting();
    this.counts = Sampler.penalizes(options) ? session.counts() : null;
    if (session.full()) {
      done = FinishReason.CONTEXT_FULL;
    }
  }

  @Override
  int mostRows() {
    return Integer.MAX_VALUE;
  }

  @Override
  void addRows(Batch batch, int position, int count) {
    logitRow = -1;
    accepted = 0;
    boolean last = count == session().pending();
    for (int i = 0; i < count; i++) {
      boolean wanted = last && i == count - 1;
      int row =
          batch.add(session().token(position + i), position + i, session().cache(), wanted, null);
      if (wanted) {
        logitRow = row;
      }
    }
    draftRows = drafted();
    for (int i = 0; i < draftRows; i++) {
      batch.add(drafts.id(i), position + count + i, session().cache(), true, null);
    }
  }

  /** Drafts are verified once all else is in the cache: their rows follow the last token's. */
  @Override
  int drafted() {
    return decodes() ? drafts.count() : 0;
  }

  /** The drafts for the next pass. */
  Drafts drafts() {
    return drafts;
  }

  /** Whether its tokens are drafted at all. */
  boolean drafting() {
    return drafting;
  }

  /** Most drafts that could still be of use. */
  int mostDrafts() {
    return decodes() ? Math.min(maxTokens - drawn, session().room()) - 1 : 0;
  }

  /** Rows of the last pass whose tokens turned out to be the session's. */
  int trueRows() {
    return rows() + accepted;
  }

  /**
   * What the session will draw {@code ahead} tokens after the next one, if these are its logits.
   */
  int guess(Sampler sampler, float[] logits, int at, int vocab, int ahead) {
    return sampler.draw(logits, at, vocab, options, counts, session().held() + ahead);
  }

  /** Whether a row of the batch was only a draft. */
  boolean isDraftRow(int row) {
    return row >= firstRow() + rows() && hasRow(row);
  }

  @Override
  void digest(float[] logits, int vocab, Sampler sampler) {
    if (logitRow < 0 || done != null) {
      return;
    }
    draw(logits, logitRow, vocab, sampler);
    while (done == null && accepted < draftRows && session().last() == drafts.id(accepted)) {
      accepted++;
      session().advance(1);
      draw(logits, logitRow + accepted, vocab, sampler);
    }
    generation.verified(draftRows, accepted);
    drafts.clear();
  }

  private void draw(float[] logits, int row, int vocab, Sampler sampler) {
    int at = row * vocab;
    int position = session().held();
    int id = sampler.draw(logits, at, vocab, options, counts, position);
    if (id < 0) {
      // Kept, not thrown: the other sessions of the pass are not concerned.
      broken =
          new ModelException(
              "no token can be drawn at position "
                  + position
                  + ": a logit is not a number, or all are -infinity");
      done = FinishReason.FAILED;
      return;
    }
    float logprob = Float.NaN;
    List<TokenLogprob> top = List.of();
    if (options.topLogprobs() >= 0) {
      float normalizer = sampler.logNormalizer(logits, at, vocab);
      logprob = logits[at + id] - normalizer;
      top = sampler.top(logits, at, vocab, options.topLogprobs(), normalizer);
    }
    if (counts != null) {
      counts.addGenerated(id);
    }
    drawn++;
    session().append(id);
    if (stopIds.contains(id)) {
      done = FinishReason.STOP;
    } else if (drawn == maxTokens) {
      done = FinishReason.MAX_TOKENS;
    } else if (session().full()) {
      done = FinishReason.CONTEXT_FULL;
    }
    generation.deliver(new Token(id, position, logprob, top));
  }

  /** Drafts verified in the last pass. */
  int verified() {
    return draftRows;
  }

  /** Drafts kept in the last pass. */
  int accepted() {
    return accepted;
  }

  @Override
  @Nullable FinishReason done() {
    return done;
  }

  @Override
  void finish(FinishReason reason, @Nullable RuntimeException failure) {
    session().release();
    generation.end(reason, failure == null ? broken : failure);
  }
}
