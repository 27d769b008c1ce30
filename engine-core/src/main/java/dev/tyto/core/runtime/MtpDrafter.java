package dev.tyto.core.runtime;

import dev.tyto.core.model.Batch;
import dev.tyto.core.model.Decoder;
import dev.tyto.core.sampling.Sampler;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Drafts with the checkpoint's multi-token-prediction module. After each pass of the model the
 * module runs over the same rows (their states and the tokens that follow them), which keeps its
 * own keys complete and gives the first draft; further ones come from applying it to its own
 * output, as vLLM and SGLang do. The draws use the sampler and the noise that the model's own draws
 * will use.
 */
final class MtpDrafter implements Drafter {
  private final Decoder decoder;
  private final int vocab;
  private final Sampler sampler;
  private final Batch batch = new Batch();
  private final List<GenerationJob> drafting = new ArrayList<>();
  private float[] states = new float[0];
  private int[] stateRow = new int[16];

  MtpDrafter(Decoder decoder, int vocab, Sampler sampler) {
    this.decoder = decoder;
    this.vocab = vocab;
    this.sampler = sampler;
  }

  @Override
  public int drafted(LocalSession session) {
    return session.drafted();
  }

  @Override
  public void draft(List<GenerationJob> jobs, int length) {
    drafting.clear();
    int rows = follow(jobs, length);
    if (rows == 0) {
      return;
    }
    float[] logits = decoder.draft(batch, states);
    draw(logits, 0);
    for (int step = 1; step < length && !drafting.isEmpty(); step++) {
      again(step);
    }
    batch.clear();
    drafting.clear();
  }

  /** The rows of the last pass that hold true tokens, with the token after each. */
  private int follow(List<GenerationJob> jobs, int length) {
    batch.clear();
    int d = decoder.hiddenSize();
    int most = 0;
    for (GenerationJob job : jobs) {
      most += job.trueRows();
    }
    ensureStates(most);
    for (GenerationJob job : jobs) {
      LocalSession session = job.session();
      int first = job.firstPosition();
      int count = job.trueRows();
      if (session.drafted() != first || count == 0) {
        continue; // Its keys have a gap: it decodes without drafts.
      }
      boolean wanted = length > 0 && job.mostDrafts() > 0;
      for (int i = 0; i < count; i++) {
        int row = batch.rows();
        System.arraycopy(decoder.states(), (job.firstRow() + i) * d, states, row * d, d);
        batch.add(
            session.token(first + i + 1),
            first + i,
            session.cache(),
            wanted && i == count - 1,
            null);
      }
      session.drafted(first + count);
      if (wanted) {
        remember(drafting.size(), batch.rows() - 1);
        drafting.add(job);
      }
    }
    return batch.rows();
  }

  /**
   * One more step for every session: its draft so far, at the next position, from its own state.
   */
  private void again(int step) {
    int d = decoder.hiddenSize();
    float[] own = decoder.draftStates();
    int kept = 0;
    ensureStates(drafting.size());
    batch.clear();
    for (int i = 0; i < drafting.size(); i++) {
      GenerationJob job = drafting.get(i);
      if (job.mostDrafts() > step && job.drafts().count() == step) {
        // Rows only move down: the state read has not been overwritten.
        System.arraycopy(own, stateRow[i] * d, states, kept * d, d);
        int position = job.session().held() - 2 + step;
        job.session().cache().reserve(position + 1);
        batch.add(job.drafts().id(step - 1), position, job.session().cache(), true, null);
        drafting.set(kept, job);
        stateRow[kept] = kept;
        kept++;
      }
    }
    while (drafting.size() > kept) {
      drafting.removeLast();
    }
    if (kept > 0) {
      draw(decoder.draft(batch, states), step);
    }
  }

  private void draw(float[] logits, int step) {
    for (int i = 0; i < drafting.size(); i++) {
      GenerationJob job = drafting.get(i);
      int id = job.guess(sampler, logits, i * vocab, vocab, step);
      if (id >= 0) {
        job.drafts().add(id);
      }
    }
  }

  private void remember(int index, int row) {
    if (index == stateRow.length) {
      stateRow = Arrays.copyOf(stateRow, index * 2);
    }
    stateRow[index] = row;
  }

  private void ensureStates(int rows) {
    int needed = rows * decoder.hiddenSize();
    if (states.length < needed) {
      states = Arrays.copyOf(states, needed);
    }
  }
}
