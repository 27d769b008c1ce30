package dev.tyto.kernels;

import java.lang.management.ManagementFactory;
import java.util.Optional;
import org.slf4j.LoggerFactory;

/**
 * What this JVM offers for SIMD.
 *
 * @param vectorModule whether jdk.incubator.vector is in the boot layer
 * @param vectorBits the preferred vector width, 0 without the module
 * @param fma whether fused multiply-add is an instruction; if not, Math.fma is BigDecimal
 *     arithmetic
 * @param optimizingCompiler whether a compiler that turns the Vector API into instructions is on
 */
record SimdSupport(boolean vectorModule, int vectorBits, boolean fma, boolean optimizingCompiler) {
  static final String MODULE = "jdk.incubator.vector";

  /** Calls of Math.fma that take milliseconds only if each is BigDecimal arithmetic. */
  private static final int PROBES = 2000;

  private static final long PROBE_NANOS_PER_CALL = 400;

  /** Asks the running JVM. */
  static SimdSupport detect() {
    boolean module = ModuleLayer.boot().findModule(MODULE).isPresent();
    return new SimdSupport(
        module, module ? VectorProbe.preferredBits() : 0, detectFma(), detectCompiler());
  }

  private static boolean detectFma() {
    return vmOption("UseFMA").map(Boolean::parseBoolean).orElseGet(SimdSupport::probeFma);
  }

  private static boolean detectCompiler() {
    if (System.getProperty("java.vm.info", "").contains("interpreted")) {
      return false;
    }
    return vmOption("TieredStopAtLevel").map(level -> Integer.parseInt(level) >= 4).orElse(true);
  }

  /**
   * A HotSpot flag, empty where jdk.management is not in the runtime or the VM has no such flag.
   */
  private static Optional<String> vmOption(String name) {
    try {
      return Optional.of(
          ManagementFactory.getPlatformMXBean(com.sun.management.HotSpotDiagnosticMXBean.class)
              .getVMOption(name)
              .getValue());
    } catch (LinkageError | RuntimeException e) {
      LoggerFactory.getLogger(Kernels.class).debug("JVM flag {} cannot be read", name, e);
      return Optional.empty();
    }
  }

  private static boolean probeFma() {
    float x = 1f;
    long start = System.nanoTime();
    for (int i = 0; i < PROBES; i++) {
      x = Math.fma(x, 0.999f, 0.001f);
    }
    long nanos = System.nanoTime() - start;
    return x > 2f || nanos < PROBES * PROBE_NANOS_PER_CALL;
  }
}
