package dev.tyto.kernels;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Every numeric kernel of the engine. Two implementations, scalar (the specification) and Vector
 * API, give the same bits; {@link #get()} returns the one chosen at start. Activations are {@code
 * float[]} with offsets and row strides in elements; weights and caches are native segments. All
 * methods are stateless and thread-safe given distinct outputs and scratches.
 */
public interface Kernels {
  /** Keys per attention span: spans start at absolute multiples of it. */
  int SPAN = 256;

  /**
   * The provider chosen for this JVM ({@code -Dtyto.kernels=scalar|vector} forces one). The first
   * call chooses; if SIMD cannot be used it logs one warning that says why and what to do.
   *
   * @throws IllegalStateException if the property names no provider or one that cannot run here
   */
  static Kernels get() {
    return KernelProvider.get();
  }

  /** What was chosen and why, for logs and {@code tyto info}: "vector, 512 bit" or "scalar". */
  String description();

  /**
   * Waits until the kernels used so far run compiled, as they otherwise come to do in the
   * background (a fresh JVM uses the scalar ones, which give the same bits, until then).
   */
  default void warmUp() {}

  /**
   * {@code y[r][n] = sum_k w[n][k] * x[r][k]} for the outputs n of panels firstPanel ..
   * firstPanel+panelCount-1 and rows r in 0..rows-1. Element (r, k) of x is {@code x[xOffset +
   * r*xStride + k]}, likewise y. The order of summation is {@code for k: acc = fma(w, x, acc)} from
   * zero; FP8 sums each 128-block of k from zero and folds it in with {@code acc = fma(partial,
   * scale, acc)}, with weights seen as value * 2^-120, x as x * 2^64 and the scale as scale * 2^56
   * (see {@link WeightFormat#FP8_E4M3}). INT8 and INT4 quantise x per row and group of 32, sum each
   * group exactly and fold it in with {@code acc = fma(partial, weightScale * xScale, acc)}. Faster
   * with more panels a call: 2 at least for one row.
   *
   * @throws IndexOutOfBoundsException if a panel, or an element of x or y, does not exist
   * @throws IllegalStateException if an FP8 matrix has no block scales yet
   */
  void multiply(
      WeightMatrix w,
      int firstPanel,
      int panelCount,
      float[] x,
      int xOffset,
      int xStride,
      int rows,
      float[] y,
      int yOffset,
      int yStride,
      KernelScratch scratch);

  /**
   * {@code y = silu(gate x) * (up x)} with {@code silu(g) = g / (1 + exp(-g))}, otherwise as {@link
   * #multiply}; no intermediate leaves the scratch.
   */
  void gateUp(
      WeightMatrix gate,
      WeightMatrix up,
      int firstPanel,
      int panelCount,
      float[] x,
      int xOffset,
      int xStride,
      int rows,
      float[] y,
      int yOffset,
      int yStride,
      KernelScratch scratch);

  /**
   * {@code y[i] = x[i] * (1 / sqrt(mean(x^2) + epsilon)) * weight[i]}, products from the left; x
   * and y may be the same. The sum of squares is one fma per element in 16 virtual lanes (element i
   * in lane i mod 16, a last incomplete group filled up with zeros) that fold by a fixed tree: i
   * with i+8, then i+4, i+2, i+1. All other reductions here use the same order.
   */
  void rmsNorm(
      float[] x, int xOffset, float[] weight, float epsilon, int length, float[] y, int yOffset);

  /**
   * Rotates the pairs (x[2j], x[2j+1]) in place by the angle whose cosine and sine stand at {@code
   * cos[tableOffset + j]}, {@code sin[tableOffset + j]}, j in 0..pairs-1 (the interleaved form of
   * DeepSeek): {@code a' = fma(b, -sin, a * cos)}, {@code b' = fma(a, sin, b * cos)}.
   */
  void ropeInterleaved(float[] x, int offset, float[] cos, float[] sin, int tableOffset, int pairs);

  /** {@code y[i] = fma(a, x[i], y[i])}. */
  void axpy(float a, float[] x, int xOffset, float[] y, int yOffset, int length);

  /** {@code y[i] = y[i] + x[i]}. */
  void add(float[] x, int xOffset, float[] y, int yOffset, int length);

  /**
   * In place softmax: max, exp(x - max), divided by the sum (16 virtual lanes, fixed tree). All NaN
   * if an element is NaN or every one is -inf.
   */
  void softmax(float[] x, int offset, int length);

  /** In place {@code 1 / (1 + exp(-x))}. */
  void sigmoid(float[] x, int offset, int length);

  /** The engine's exponential, one polynomial in both providers; exp(-inf) = 0, NaN stays NaN. */
  float exp(float x);

  /**
   * Index of the largest element, the lowest index among equals (-0 equals 0); -1 of nothing and if
   * an element is NaN.
   */
  int argMax(float[] x, int offset, int length);

  /**
   * Gumbel-max draw: the index of the largest {@code x[i] + gumbel(seed, position, i)}, lowest
   * index among equals; elements that are -inf never win. The noise is a pure function of its three
   * arguments: -log(-log(u)), u in (0,1) from a counter-based hash of 32 bits, finest where u is
   * near 1 and the noise large. -1 if an element is NaN or every one is -inf.
   */
  int gumbelArgMax(float[] x, int offset, int length, long seed, long position);

  /**
   * Chooses k of the {@code experts} of a router. The choice of expert i is {@code scores[offset +
   * i] + bias[i]} (bias null: the score itself). Of {@code groups} groups of consecutive experts
   * only the {@code topGroups} best stay: a group is as good as its best choice, or, if {@code
   * pairSum}, as the sum of its two best. Then the k best choices are taken, best first. Among
   * equals (-0 equals 0) the lower index comes first, groups alike.
   *
   * @param ids receives k indices from {@code idsOffset}
   * @return false if a choice is NaN; {@code ids} is unchanged then
   * @throws IllegalArgumentException if groups do not divide experts or k is more than can be
   *     chosen
   */
  boolean chooseExperts(
      float[] scores,
      int offset,
      float @Nullable [] bias,
      int experts,
      int groups,
      int topGroups,
      boolean pairSum,
      int k,
      int[] ids,
      int idsOffset,
      KernelScratch scratch);

  /** log(sum(exp(x))), 16 virtual lanes, fixed tree; -inf of nothing, NaN if an element is. */
  float logSumExp(float[] x, int offset, int length);

  /** Decodes {@code length} row-major elements (not FP8 scales: codes as they are) to floats. */
  void widen(
      ElementType type, MemorySegment source, long byteOffset, float[] y, int yOffset, int length);

  /** Writes {@code length} floats to a cache, rounding to its type. */
  void store(
      float[] x, int xOffset, int length, CacheType type, MemorySegment target, long byteOffset);

  /**
   * One query row of absorbed MLA against the first {@code keys} (1..SPAN) keys of one span, for
   * all {@code heads}. A key is {@code latent + rope} contiguous cache elements; keys follow each
   * other without gaps from {@code byteOffset}. Per head h: {@code s_t = scale * (q_h . key_t)} (16
   * virtual lanes, fixed tree), {@code m = max s_t}, {@code p_t = exp(s_t - m)}, {@code sum = sum
   * p_t} (16 virtual lanes over t, fixed tree), {@code out_h[d] = sum_t p_t * key_t[d]} for d in
   * 0..latent-1, {@code for t: acc = fma(p_t, key_t[d], acc)} from zero.
   *
   * @param q queries, head h at {@code qOffset + h*(latent+rope)}: the latent part first, then rope
   * @param out head h at {@code outOffset + h*latent}, unnormalised
   * @param stats {@code stats[statsOffset + 2h] = m}, {@code [.. + 2h+1] = sum}
   */
  void attendLatentSpan(
      float[] q,
      int qOffset,
      int heads,
      int latent,
      int rope,
      float scale,
      CacheType type,
      MemorySegment cache,
      long byteOffset,
      int keys,
      float[] out,
      int outOffset,
      float[] stats,
      int statsOffset,
      KernelScratch scratch);

  /**
   * Merges the result of one more span into a running one, per head: {@code M = max(m, m2)}, {@code
   * a = exp(m - M)}, {@code b = exp(m2 - M)}, {@code acc[d] = fma(out[d], b, acc[d] * a)}, {@code
   * sum = fma(sum2, b, sum * a)}. Layouts as in {@link #attendLatentSpan}.
   */
  void mergeSpan(
      int heads,
      int latent,
      float[] acc,
      int accOffset,
      float[] accStats,
      int accStatsOffset,
      float[] out,
      int outOffset,
      float[] stats,
      int statsOffset);

  /** Divides each head's accumulator by its sum: the end of online softmax. */
  void normalizeSpans(
      int heads, int latent, float[] acc, int accOffset, float[] stats, int statsOffset);
}
