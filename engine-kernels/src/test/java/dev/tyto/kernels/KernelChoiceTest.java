package dev.tyto.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class KernelChoiceTest {
  private static final SimdSupport GOOD = new SimdSupport(true, 512, true, true);
  private static final SimdSupport NO_MODULE = new SimdSupport(false, 0, true, true);
  private static final SimdSupport NO_FMA = new SimdSupport(true, 128, false, true);

  @Test
  void takesVectorsWithoutAWordWhereTheyWork() {
    KernelChoice choice = KernelChoice.of(null, GOOD);
    assertTrue(choice.vector());
    assertEquals("vector, 512 bit", choice.description());
    assertNull(choice.warning());
  }

  @Test
  void usesAtMost512Bits() {
    assertEquals(
        "vector, 512 bit",
        KernelChoice.of(null, new SimdSupport(true, 2048, true, true)).description());
  }

  @Test
  void namesTheMissingFlagAndWhatItCosts() {
    KernelChoice choice = KernelChoice.of(null, NO_MODULE);
    assertFalse(choice.vector());
    assertWarning(choice, "--add-modules jdk.incubator.vector");
    assertWarning(choice, "slower");
  }

  @Test
  void callsMissingFmaSlow() {
    KernelChoice choice = KernelChoice.of(null, NO_FMA);
    assertFalse(choice.vector());
    assertWarning(choice, "hundreds of times slower");
    assertWarning(choice, "UseAVX=0");
    assertWarning(KernelChoice.of("scalar", NO_FMA), "fused multiply-add");
    assertWarning(KernelChoice.of("vector", NO_FMA), "fused multiply-add");
    KernelChoice neither = KernelChoice.of(null, new SimdSupport(false, 0, false, true));
    assertWarning(neither, "--add-modules jdk.incubator.vector");
    assertWarning(neither, "fused multiply-add");
  }

  @Test
  void needsTheOptimizingCompilerAnd128Bits() {
    KernelChoice interpreted = KernelChoice.of(null, new SimdSupport(true, 512, true, false));
    assertFalse(interpreted.vector());
    assertWarning(interpreted, "-Xint");
    KernelChoice narrow = KernelChoice.of(null, new SimdSupport(true, 64, true, true));
    assertFalse(narrow.vector());
    assertWarning(narrow, "64 bits");
  }

  @Test
  void obeysTheProperty() {
    KernelChoice scalar = KernelChoice.of("scalar", GOOD);
    assertFalse(scalar.vector());
    assertNull(scalar.warning());
    assertTrue(KernelChoice.of("vector", GOOD).vector());
  }

  @Test
  void refusesWhatItCannotObey() {
    var missing =
        assertThrows(IllegalStateException.class, () -> KernelChoice.of("vector", NO_MODULE));
    assertTrue(missing.getMessage().contains("--add-modules jdk.incubator.vector"));
    var unknown = assertThrows(IllegalStateException.class, () -> KernelChoice.of("cuda", GOOD));
    assertTrue(unknown.getMessage().contains("use scalar or vector"));
  }

  @Test
  void choosesOncePerJvm() {
    assertSame(Kernels.get(), Kernels.get());
    assertTrue(Kernels.get().description().startsWith("vector"));
  }

  @Test
  void findsTheVectorModuleOfThisJvm() {
    SimdSupport support = SimdSupport.detect();
    assertTrue(support.vectorModule());
    assertTrue(support.fma());
    assertTrue(support.optimizingCompiler());
    assertEquals(VectorProbe.preferredBits(), support.vectorBits());
  }

  private static void assertWarning(KernelChoice choice, String part) {
    assertNotNull(choice.warning());
    assertTrue(choice.warning().contains(part), choice.warning());
  }
}
