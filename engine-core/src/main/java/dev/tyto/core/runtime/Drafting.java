package dev.tyto.core.runtime;

import dev.tyto.core.DraftMode;
import dev.tyto.core.LoadOptions;
import dev.tyto.core.family.Families;
import dev.tyto.core.model.Decoder;
import dev.tyto.core.model.Workers;
import dev.tyto.core.sampling.Sampler;
import dev.tyto.core.spec.DecoderSpec;
import dev.tyto.core.weights.WeightLoader;
import dev.tyto.kernels.WorkerPool;
import dev.tyto.loader.Checkpoint;
import dev.tyto.loader.LoadException;
import dev.tyto.loader.ModelFolder;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** From what was asked for and what the checkpoint has to a drafter. */
final class Drafting {
  /**
   * A small model, loaded.
   *
   * @param decoder runs on the large model's workers
   */
  record DraftModel(DecoderSpec spec, Decoder decoder) {}

  private Drafting() {}

  /** The spec with its MTP module only if it is wanted and there. */
  static DecoderSpec spec(DecoderSpec spec, Checkpoint checkpoint, LoadOptions options, Path path)
      throws LoadException {
    boolean there = WeightLoader.hasMtp(spec, checkpoint);
    if (options.draft() == DraftMode.MTP && !there) {
      throw new LoadException(
          path, "has no multi-token-prediction module: choose another draft mode");
    }
    boolean wanted = options.draft() == DraftMode.MTP || options.draft() == DraftMode.AUTO;
    return there && wanted ? spec : spec.withoutMtp();
  }

  /** Loads the small model into the same arena; null if none was asked for. */
  static @Nullable DraftModel load(
      LoadOptions options, DecoderSpec main, Arena arena, WorkerPool pool, Workers workers)
      throws LoadException {
    Path path = options.draftModel();
    if (path == null) {
      return null;
    }
    ModelFolder folder = ModelFolder.open(path);
    DecoderSpec spec = Families.spec(folder.config()).withoutMtp();
    if (spec.vocabSize() != main.vocabSize()) {
      throw new LoadException(
          path,
          "has a vocabulary of "
              + spec.vocabSize()
              + ", but the model it should draft for has "
              + main.vocabSize()
              + ": they must share a tokenizer");
    }
    try (Checkpoint checkpoint = folder.openCheckpoint()) {
      return new DraftModel(
          spec,
          new Decoder(
              spec,
              WeightLoader.load(spec, checkpoint, arena, pool, options.weights(), 0, null)
                  .weights(),
              workers));
    }
  }

  static Drafter drafter(
      LoadOptions options,
      Decoder decoder,
      int vocab,
      @Nullable DraftModel small,
      Sampler sampler) {
    return switch (options.draft()) {
      case OFF -> Drafter.NONE;
      case NGRAM -> new NgramDrafter();
      case AUTO, MTP -> decoder.hasMtp() ? new MtpDrafter(decoder, vocab, sampler) : Drafter.NONE;
      case MODEL -> {
        if (small == null) {
          throw new IllegalStateException("no draft model was loaded");
        }
        yield new ModelDrafter(small.decoder(), vocab, small.spec().contextLength(), sampler);
      }
    };
  }
}
