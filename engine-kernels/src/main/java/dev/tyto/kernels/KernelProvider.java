package dev.tyto.kernels;

import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** Makes the choice once per JVM and says what it was. */
final class KernelProvider {
  private static @Nullable Kernels chosen;

  private KernelProvider() {}

  static synchronized Kernels get() {
    Kernels kernels = chosen;
    if (kernels == null) {
      KernelChoice choice =
          KernelChoice.of(System.getProperty(KernelChoice.PROPERTY), SimdSupport.detect());
      kernels = create(choice);
      if (choice.vector() && System.getProperty(KernelChoice.PROPERTY) == null) {
        kernels = new WarmingKernels(new ScalarKernels(choice.description()), kernels);
      }
      chosen = kernels;
      var log = LoggerFactory.getLogger(Kernels.class);
      if (choice.warning() != null) {
        log.warn(choice.warning());
      }
      log.debug("Kernels: {}", kernels.description());
    }
    return kernels;
  }

  /** The only place that names the vector provider, so that it is loaded only when chosen. */
  static Kernels create(KernelChoice choice) {
    return choice.vector() ? new VectorKernels() : new ScalarKernels(choice.description());
  }
}
