package dev.tyto.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The Surefire executions for narrow vectors run with narrow vectors. */
@Tag("width")
class WidthTest {
  @Test
  void isWhatTheExecutionAskedFor() {
    String bits = System.getProperty("tyto.test.vectorBits");
    Assumptions.assumeTrue(bits != null, "the default execution takes what the machine has");
    assertEquals(Integer.parseInt(bits), VectorProbe.preferredBits());
    assertEquals("vector, " + bits + " bit", new VectorKernels().description());
  }
}
