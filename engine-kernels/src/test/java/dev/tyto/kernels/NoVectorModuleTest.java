package dev.tyto.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Surefire runs this class in a JVM without jdk.incubator.vector. */
@Tag("no-vector-module")
class NoVectorModuleTest {
  @Test
  void runsOnScalarKernelsAndSaysOnceWhatIsMissing() {
    assertFalse(ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent());
    ByteArrayOutputStream log = new ByteArrayOutputStream();
    PrintStream before = System.err;
    System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
    Kernels kernels;
    try {
      kernels = Kernels.get();
      Kernels.get();
    } finally {
      System.setErr(before);
    }
    String text = log.toString(StandardCharsets.UTF_8);
    assertEquals("scalar", kernels.description());
    assertTrue(text.contains("WARN"), text);
    assertTrue(text.contains("--add-modules jdk.incubator.vector"), text);
    assertEquals(text.indexOf("WARN"), text.lastIndexOf("WARN"), text);
  }

  @Test
  void multiplies() {
    Kernels kernels = Kernels.get();
    try (Arena arena = Arena.ofConfined()) {
      WeightMatrix w =
          Samples.matrix(new Random(1), WeightFormat.BF16, 70, 33, Samples.Kind.ORDINARY, arena);
      float[] x = Samples.floats(new Random(2), 33, Samples.Kind.ORDINARY);
      float[] y = new float[70];
      float[] same = new float[70];
      KernelScratch scratch = new KernelScratch();
      kernels.multiply(w, 0, 2, x, 0, 33, 1, y, 0, 70, scratch);
      new ScalarKernels("scalar").multiply(w, 0, 2, x, 0, 33, 1, same, 0, 70, scratch);
      assertArrayEquals(same, y);
    }
  }
}
