package dev.tyto.kernels;

/**
 * Working memory of one thread for kernels that need some (fp32 panels, attention scores). Create
 * one per worker, keep it, and never use one in two threads at a time. Grows on demand and then
 * stays: no allocation in steady state.
 */
public final class KernelScratch {
  private float[] accumulators = new float[WeightMatrix.PANEL];
  private float[] upAccumulators = new float[WeightMatrix.PANEL];
  private float[] activations = new float[0];
  private float[] activationScales = new float[0];
  private float[] panel = new float[0];
  private float[] queries = new float[0];
  private float[] keys = new float[0];
  private float[] scores = new float[0];
  private int[] choiceKeys = new int[0];

  /** Empty working memory. */
  public KernelScratch() {}

  /** One running sum per (row, output of a panel): row r at r*64. */
  float[] accumulators(int rows) {
    return accumulators = grown(accumulators, Math.multiplyExact(rows, WeightMatrix.PANEL));
  }

  /** As {@link #accumulators}, for the second matrix of a fused gate and up. */
  float[] upAccumulators(int rows) {
    return upAccumulators = grown(upAccumulators, Math.multiplyExact(rows, WeightMatrix.PANEL));
  }

  /** Activations rescaled or repacked for one call. */
  float[] activations(int length) {
    return activations = grown(activations, length);
  }

  /** Scales of quantised activations, [row][group]. */
  float[] activationScales(int length) {
    return activationScales = grown(activationScales, length);
  }

  /** Weights decoded to fp32, [k][64]. */
  float[] panel(int length) {
    return panel = grown(panel, length);
  }

  /** Padded query rows of an attention call. */
  float[] queries(int length) {
    return queries = grown(queries, length);
  }

  /** Keys of one span, widened to fp32 and padded. */
  float[] keys(int length) {
    return keys = grown(keys, length);
  }

  /** Attention scores, [head][SPAN]. */
  float[] scores(int length) {
    return scores = grown(scores, length);
  }

  /** Sort keys of the choices of a router. */
  int[] choiceKeys(int length) {
    if (choiceKeys.length < length) {
      choiceKeys = new int[length];
    }
    return choiceKeys;
  }

  private static float[] grown(float[] buffer, int length) {
    return buffer.length >= length ? buffer : new float[length];
  }
}
