package dev.tyto.core.spec;

import org.jspecify.annotations.Nullable;

/**
 * Rotary position embedding on interleaved pairs (RoFormer, arXiv 2104.09864), optionally with YaRN
 * (arXiv 2309.00071) as DeepSeek applies it.
 *
 * @param dims rotated dimensions, even
 * @param theta base of the frequencies
 * @param yarn the extension, or null
 */
public record RopeSpec(int dims, double theta, @Nullable Yarn yarn) {

  /**
   * YaRN parameters, named as in {@code rope_scaling}.
   *
   * @param factor context extension
   * @param originalContext positions of the first training
   * @param betaFast rotations over the original context above which a frequency stays
   * @param betaSlow rotations below which it is divided by the factor
   * @param tableFactor factor of cosines and sines
   */
  public record Yarn(
      double factor, int originalContext, double betaFast, double betaSlow, double tableFactor) {}

  /**
   * DeepSeek's {@code yarn_get_mscale}: {@code 0.1 * mscale * ln(factor) + 1}, 1 for factor <= 1.
   */
  public static double mscale(double factor, double mscale) {
    return factor <= 1 ? 1 : 0.1 * mscale * StrictMath.log(factor) + 1;
  }

  /** Radians per position of each pair, {@code dims / 2} of them. */
  public double[] frequencies() {
    double[] f = new double[dims / 2];
    for (int j = 0; j < f.length; j++) {
      f[j] = 1 / StrictMath.pow(theta, 2.0 * j / dims);
    }
    if (yarn != null) {
      double low = Math.max(StrictMath.floor(correctionDim(yarn.betaFast, yarn)), 0);
      double high = Math.min(StrictMath.ceil(correctionDim(yarn.betaSlow, yarn)), dims - 1);
      double range = high == low ? 0.001 : high - low;
      for (int j = 0; j < f.length; j++) {
        double ramp = Math.clamp((j - low) / range, 0, 1);
        f[j] = f[j] / yarn.factor * ramp + f[j] * (1 - ramp);
      }
    }
    return f;
  }

  /** Factor of all cosines and sines. */
  public double tableFactor() {
    return yarn == null ? 1 : yarn.tableFactor;
  }

  private double correctionDim(double rotations, Yarn y) {
    return dims
        * StrictMath.log(y.originalContext / (rotations * 2 * Math.PI))
        / (2 * StrictMath.log(theta));
  }
}
