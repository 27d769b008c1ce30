package dev.tyto.cli;

import dev.tyto.core.FinishReason;
import dev.tyto.core.Generation;
import dev.tyto.core.GenerationStats;
import dev.tyto.core.LoadOptions;
import dev.tyto.core.Model;
import dev.tyto.core.ModelInfo;
import dev.tyto.core.PassObserver;
import dev.tyto.core.SamplingOptions;
import dev.tyto.core.Session;
import dev.tyto.core.Token;
import dev.tyto.loader.GenerationConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Shows an observer numbers that tell where they come from, and claims that each token took a
 * second of prefill or half a second of decode.
 */
record FakeModel(Path folder, LoadOptions options) implements Model {

  @Override
  public ModelInfo info() {
    return FakeModels.info(folder);
  }

  @Override
  public GenerationConfig generationConfig() {
    throw new UnsupportedOperationException();
  }

  @Override
  public int contextLength() {
    return options.contextLength();
  }

  @Override
  public int vocabSize() {
    return FakeModels.VOCAB;
  }

  @Override
  public Session newSession() {
    return new FakeSession(options.contextLength());
  }

  @Override
  public void close() {}

  /** The logit of a token at a position. */
  static float logit(int position, int id) {
    return position + id / 100f;
  }

  private static final class FakeSession implements Session {
    private final int limit;
    private final List<Integer> tokens = new ArrayList<>();

    FakeSession(int limit) {
      this.limit = limit;
    }

    @Override
    public int length() {
      return tokens.size();
    }

    @Override
    public int[] tokens() {
      return tokens.stream().mapToInt(Integer::intValue).toArray();
    }

    @Override
    public Generation generate(
        int[] prompt, SamplingOptions sampling, int maxTokens, Set<Integer> stopIds) {
      if (tokens.size() + prompt.length + maxTokens > limit) {
        throw new IllegalStateException("over the context");
      }
      for (int id : prompt) {
        tokens.add(id);
      }
      return new FakeGeneration(prompt.length, maxTokens, tokens);
    }

    @Override
    public void evaluate(int[] added, PassObserver observer) {
      for (int id : added) {
        int position = tokens.size();
        tokens.add(id);
        for (int layer = 0; layer < 3; layer++) {
          // As the engine does, hand out arrays with other things around.
          observer.hidden(layer, position, new float[] {-1, position, layer, id, 0.5f}, 1, 4);
          if (layer > 0) {
            observer.route(
                layer,
                position,
                new int[] {-1, id % 8, layer},
                new float[] {-1, 0.75f, 0.25f},
                1,
                2);
          }
        }
        float[] logits = new float[FakeModels.VOCAB + 2];
        for (int v = 0; v < FakeModels.VOCAB; v++) {
          logits[v + 2] = logit(position, v);
        }
        observer.logits(position, logits, 2, FakeModels.VOCAB);
      }
    }

    @Override
    public void truncate(int length) {
      tokens.subList(length, tokens.size()).clear();
    }

    @Override
    public void close() {}
  }

  private static final class FakeGeneration implements Generation {
    private final int prompt;
    private final int maxTokens;
    private final List<Integer> tokens;
    private int drawn;

    FakeGeneration(int prompt, int maxTokens, List<Integer> tokens) {
      this.prompt = prompt;
      this.maxTokens = maxTokens;
      this.tokens = tokens;
    }

    @Override
    public boolean hasNext() {
      return drawn < maxTokens;
    }

    @Override
    public Token next() {
      drawn++;
      tokens.add(1);
      return new Token(1, tokens.size() - 1, Float.NaN, List.of());
    }

    @Override
    public void cancel() {}

    @Override
    public FinishReason finishReason() {
      return FinishReason.MAX_TOKENS;
    }

    @Override
    public GenerationStats stats() {
      return new GenerationStats(
          prompt, drawn, prompt * 1_000_000_000L, (drawn - 1) * 500_000_000L);
    }

    @Override
    public void close() {}
  }
}
