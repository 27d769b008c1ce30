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
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Shows an observer numbers that tell where they come from, and claims that each token took a
 * second of prefill or half a second of decode. It has the methods that commands call, and is a
 * {@link Model} through a proxy, so that the engine's interfaces can grow without it.
 */
public final class FakeModel {
  private final Path folder;
  private final LoadOptions options;

  private FakeModel(Path folder, LoadOptions options) {
    this.folder = folder;
    this.options = options;
  }

  static Model load(Path folder, LoadOptions options) {
    return as(Model.class, new FakeModel(folder, options));
  }

  public ModelInfo info() {
    return FakeModels.info(folder);
  }

  public int vocabSize() {
    return FakeModels.VOCAB;
  }

  public Session newSession() {
    return as(Session.class, new FakeSession(options.contextLength()));
  }

  public void close() {}

  private static <T> T as(Class<T> type, Object fake) {
    InvocationHandler handler =
        (proxy, method, args) ->
            fake.getClass()
                .getMethod(method.getName(), method.getParameterTypes())
                .invoke(fake, args);
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
  }

  /** The logit of a token at a position. */
  static float logit(int position, int id) {
    return position + id / 100f;
  }

  public static final class FakeSession {
    private final int limit;
    private final List<Integer> tokens = new ArrayList<>();

    FakeSession(int limit) {
      this.limit = limit;
    }

    public int length() {
      return tokens.size();
    }

    public int[] tokens() {
      return tokens.stream().mapToInt(Integer::intValue).toArray();
    }

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

    public void truncate(int length) {
      tokens.subList(length, tokens.size()).clear();
    }

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
          prompt, drawn, prompt * 1_000_000_000L, (drawn - 1) * 500_000_000L, 0, 0, 0);
    }

    @Override
    public void close() {}
  }
}
