package dev.tyto.core.sampling;

import dev.tyto.core.SamplingOptions;
import dev.tyto.core.TokenLogprob;
import dev.tyto.kernels.Kernels;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Draws a token from logits: a pure function of logits, options, counts and position. Holds
 * scratch: one per worker.
 */
public final class Sampler {
  private final Kernels kernels;
  private final Truncation truncation = new Truncation();
  private float[] processed = new float[0];
  private long[] heap = new long[0];

  public Sampler(Kernels kernels) {
    this.kernels = kernels;
  }

  /**
   * The next token.
   *
   * @param logits raw logits, {@code vocab} values from {@code at}; left as they are
   * @param counts occurrences so far; may be null if the options have no penalties
   * @param position index in the session of the token to be drawn
   * @return the token, or -1 if a logit is not a number or none is left
   */
  public int draw(
      float[] logits,
      int at,
      int vocab,
      SamplingOptions options,
      @Nullable TokenCounts counts,
      int position) {
    if (options.temperature() == 0 && !alters(options)) {
      return kernels.argMax(logits, at, vocab);
    }
    if (processed.length < vocab) {
      processed = new float[vocab];
    }
    System.arraycopy(logits, at, processed, 0, vocab);
    for (Map.Entry<Integer, Float> bias : options.logitBias().entrySet()) {
      processed[bias.getKey()] += bias.getValue();
    }
    if (counts != null) {
      penalize(options, counts);
    }
    if (options.temperature() == 0) {
      return kernels.argMax(processed, 0, vocab);
    }
    float temperature = (float) options.temperature();
    if (temperature != 1) {
      for (int i = 0; i < vocab; i++) {
        processed[i] /= temperature;
      }
    }
    if (kernels.argMax(processed, 0, vocab) < 0) {
      return -1;
    }
    if (options.topK() > 0) {
      truncation.topK(processed, vocab, options.topK());
    }
    if (options.topP() < 1) {
      truncation.topP(kernels, processed, vocab, options.topP());
    }
    if (options.minP() > 0) {
      truncation.minP(processed, vocab, options.minP());
    }
    return kernels.gumbelArgMax(processed, 0, vocab, options.seed(), position);
  }

  /** Whether the options change logits other than by temperature and truncation. */
  private static boolean alters(SamplingOptions o) {
    return penalizes(o) || !o.logitBias().isEmpty();
  }

  /** Whether the options need {@link TokenCounts}. */
  public static boolean penalizes(SamplingOptions o) {
    return o.repetitionPenalty() != 1 || o.presencePenalty() != 0 || o.frequencyPenalty() != 0;
  }

  private void penalize(SamplingOptions o, TokenCounts counts) {
    float repetition = (float) o.repetitionPenalty();
    float presence = (float) o.presencePenalty();
    float frequency = (float) o.frequencyPenalty();
    for (int i = 0; i < counts.distinct(); i++) {
      int token = counts.token(i);
      float x = processed[token];
      x = x > 0 ? x / repetition : x * repetition;
      int generated = counts.generated(token);
      if (generated > 0) {
        x -= presence + frequency * generated;
      }
      processed[token] = x;
    }
  }

  /** Natural log of the normaliser: a token's logprob is its raw logit minus this. */
  public float logNormalizer(float[] logits, int at, int vocab) {
    return kernels.logSumExp(logits, at, vocab);
  }

  /** The n most likely tokens under the raw logits, best first. */
  public List<TokenLogprob> top(float[] logits, int at, int vocab, int n, float logNormalizer) {
    int k = Math.min(n, vocab);
    if (k == 0) {
      return List.of();
    }
    if (heap.length < k) {
      heap = new long[k];
    }
    TopList.kthKey(logits, at, vocab, k, heap);
    Arrays.sort(heap, 0, k);
    TokenLogprob[] top = new TokenLogprob[k];
    for (int i = 0; i < k; i++) {
      int id = TopList.index(heap[k - 1 - i]);
      top[i] = new TokenLogprob(id, logits[at + id] - logNormalizer);
    }
    return List.of(top);
  }
}
