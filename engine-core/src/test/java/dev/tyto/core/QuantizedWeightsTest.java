package dev.tyto.core;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Weights quantised at load: close to the reference, and the same bits whatever the threads. */
class QuantizedWeightsTest {
  static final Iterable<String> FIXTURES = Golden.ALL;

  @ParameterizedTest
  @FieldSource("FIXTURES")
  void int8IsCloseAndInt4LessSo(String name) throws IOException {
    Golden golden = new Golden(name);
    int[] prompt = golden.prompts().get(1);
    float[] exact = golden.floats("p1.logits");
    double int8 = relativeError(golden, prompt, exact, WeightType.INT8);
    double int4 = relativeError(golden, prompt, exact, WeightType.INT4);
    // Random weights route by noise, so that single rows may differ much; the median does not.
    assertTrue(int8 < 0.2, name + " int8 " + int8);
    assertTrue(int4 < 1.2 && int4 > int8, name + " int4 " + int4);
  }

  private static double relativeError(Golden golden, int[] prompt, float[] exact, WeightType type)
      throws IOException {
    LoadOptions options = LoadOptions.defaults().withWeights(type);
    Recording one;
    try (Model model = GoldenTest.load(golden, options.withThreads(1))) {
      one = GoldenTest.evaluate(model, prompt);
    }
    try (Model model = GoldenTest.load(golden, options.withThreads(3).withPrefillChunk(5))) {
      assertArrayEquals(one.logitBits(), GoldenTest.evaluate(model, prompt).logitBits());
    }
    int vocab = exact.length / prompt.length;
    double[] errors = new double[prompt.length];
    for (int t = 0; t < prompt.length; t++) {
      double sum = 0;
      double norm = 0;
      for (int v = 0; v < vocab; v++) {
        double e = exact[t * vocab + v];
        sum += (one.logits(t)[v] - e) * (one.logits(t)[v] - e);
        norm += e * e;
      }
      errors[t] = Math.sqrt(sum / norm);
    }
    Arrays.sort(errors);
    return errors[errors.length / 2];
  }
}
