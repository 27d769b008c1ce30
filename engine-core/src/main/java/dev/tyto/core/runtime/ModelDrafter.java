package dev.tyto.core.runtime;

import dev.tyto.core.model.Batch;
import dev.tyto.core.model.Decoder;
import dev.tyto.core.sampling.Sampler;
import java.util.ArrayList;
import java.util.List;

/**
 * Drafts with a small model of the same vocabulary (Leviathan et al. 2023), which keeps a cache of
 * its own per session. The draws use the noise that the large model's own draws will use.
 */
final class ModelDrafter implements Drafter {
  /** Rows of a pass with which it catches up on a prompt. */
  private static final int CHUNK = 512;

  private final Decoder decoder;
  private final int vocab;
  private final int contextLength;
  private final Sampler sampler;
  private final Batch batch = new Batch();
  private final List<GenerationJob> drafting = new ArrayList<>();

  ModelDrafter(Decoder decoder, int vocab, int contextLength, Sampler sampler) {
    this.decoder = decoder;
    this.vocab = vocab;
    this.contextLength = contextLength;
    this.sampler = sampler;
  }

  @Override
  public void draft(List<GenerationJob> jobs, int length) {
    drafting.clear();
    for (GenerationJob job : jobs) {
      if (length > 0 && job.mostDrafts() > 0 && job.session().held() < contextLength) {
        drafting.add(job);
      }
    }
    for (int step = 0; step < length && !drafting.isEmpty(); step++) {
      batch.clear();
      for (GenerationJob job : drafting) {
        if (step == 0) {
          catchUp(job.session());
        } else {
          addDraft(job, step);
        }
      }
      draw(decoder.forward(batch), step);
    }
    batch.clear();
    drafting.clear();
  }

  /** All tokens it has not seen; all but the last chunk in passes of their own. */
  private void catchUp(LocalSession session) {
    int held = session.held();
    session.draftCache().reserve(held);
    int from = session.drafted();
    while (held - from > CHUNK) {
      Batch chunk = new Batch();
      for (int i = 0; i < CHUNK; i++) {
        chunk.add(session.token(from + i), from + i, session.draftCache(), false, null);
      }
      decoder.forward(chunk);
      from += CHUNK;
    }
    for (int position = from; position < held; position++) {
      batch.add(
          session.token(position), position, session.draftCache(), position == held - 1, null);
    }
    session.drafted(held);
  }

  private void addDraft(GenerationJob job, int step) {
    int position = job.session().held() - 1 + step;
    job.session().draftCache().reserve(position + 1);
    batch.add(job.drafts().id(step - 1), position, job.session().draftCache(), true, null);
  }

  private void draw(float[] logits, int step) {
    for (int i = 0; i < drafting.size(); i++) {
      GenerationJob job = drafting.get(i);
      int id = job.guess(sampler, logits, i * vocab, vocab, step);
      if (id >= 0) {
        job.drafts().add(id);
      }
    }
    drafting.removeIf(
        job ->
            job.drafts().count() <= step
                || job.mostDrafts() <= step + 1
                || job.session().held() + step + 1 >= contextLength);
  }
}
