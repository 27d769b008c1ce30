package dev.tyto.kernels;

import org.jspecify.annotations.Nullable;

/**
 * Which kernels to use: a pure function of what the JVM offers and what the user asks for.
 *
 * @param vector the Vector API provider, or else the scalar one
 * @param description for logs and {@code tyto info}
 * @param warning what the user should be told once, loudly; null if all is well
 */
record KernelChoice(boolean vector, String description, @Nullable String warning) {
  /** System property that forces a provider: "scalar" or "vector". */
  static final String PROPERTY = "tyto.kernels";

  private static final String COST = "inference will be several times slower";
  private static final String FLAG =
      "start java with --add-modules " + SimdSupport.MODULE + " to use SIMD kernels";
  private static final String NO_FMA =
      "This JVM has no fused multiply-add instruction (old hardware, or -XX:UseAVX=0 or"
          + " -XX:-UseFMA): every product is emulated with BigDecimal and inference will be"
          + " hundreds of times slower; run on hardware with FMA and without these flags.";

  /**
   * Chooses.
   *
   * @param forced value of {@value #PROPERTY}, null if not set
   * @throws IllegalStateException if the forced provider does not exist or cannot run here
   */
  static KernelChoice of(@Nullable String forced, SimdSupport support) {
    String fmaWarning = support.fma() ? null : NO_FMA;
    switch (forced == null ? "" : forced) {
      case "scalar" -> {
        return new KernelChoice(false, "scalar (forced by -D" + PROPERTY + ")", fmaWarning);
      }
      case "vector" -> {
        String obstacle = obstacle(support);
        if (obstacle != null) {
          throw new IllegalStateException(
              "-D" + PROPERTY + "=vector cannot be obeyed: " + obstacle);
        }
        return vector(support, fmaWarning);
      }
      case "" -> {
        String obstacle = obstacle(support);
        if (obstacle == null && support.fma()) {
          return vector(support, null);
        }
        if (obstacle == null) {
          // Emulated fma in vectors is slower still than in plain loops.
          return new KernelChoice(false, "scalar (no fused multiply-add)", fmaWarning);
        }
        String warning = "Running on scalar kernels, " + COST + ": " + obstacle + ".";
        return new KernelChoice(
            false, "scalar", fmaWarning == null ? warning : warning + " " + fmaWarning);
      }
      default ->
          throw new IllegalStateException(
              "-D" + PROPERTY + "=" + forced + " is unknown: use scalar or vector");
    }
  }

  private static KernelChoice vector(SimdSupport support, @Nullable String warning) {
    return new KernelChoice(
        true, "vector, " + Math.min(512, support.vectorBits()) + " bit", warning);
  }

  private static @Nullable String obstacle(SimdSupport support) {
    if (!support.vectorModule()) {
      return "the module " + SimdSupport.MODULE + " is missing; " + FLAG;
    }
    if (!support.optimizingCompiler()) {
      return "the JVM runs without its optimizing compiler (-Xint or -XX:TieredStopAtLevel); "
          + "remove that flag to use SIMD kernels";
    }
    if (support.vectorBits() < 128) {
      return "this machine's vectors have "
          + support.vectorBits()
          + " bits and SIMD kernels need 128 (is -XX:MaxVectorSize set?)";
    }
    return null;
  }
}
