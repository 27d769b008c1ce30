package dev.tyto.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tyto.core.LoadOptions;
import dev.tyto.core.Model;
import dev.tyto.core.Session;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PerplexityTest {

  @Test
  void nllIsTheNegativeLogOfTheSoftmax() {
    float[] logits = {99, 1, 2, 3, 99};
    double sum = Math.exp(1) + Math.exp(2) + Math.exp(3);
    assertEquals(Math.log(sum) - 2, Perplexity.nll(logits, 1, 3, 1), 1e-14);
  }

  @Test
  void nllSurvivesLargeLogits() {
    assertEquals(0, Perplexity.nll(new float[] {3e38f, 0, -3e38f}, 0, 3, 0));
    assertEquals(Math.log(2), Perplexity.nll(new float[] {-1e30f, -1e30f}, 0, 2, 1), 1e-14);
  }

  @Test
  void onlyFullWindowsCount() {
    Perplexity.Plan plan = Perplexity.plan(new int[700], 256);
    assertEquals(2, plan.windows());
    assertEquals(256, plan.windowLength());
  }

  @Test
  void aShortTextIsAWindowOfItsOwn() {
    Perplexity.Plan plan = Perplexity.plan(new int[5], 256);
    assertEquals(1, plan.windows());
    assertEquals(5, plan.windowLength());
    assertThrows(Failure.class, () -> Perplexity.plan(new int[1], 256));
  }

  @Test
  void eachWindowStartsEmptyAndPredictsItsOwnTokens() {
    int[] ids = IntStream.range(0, 11).toArray();
    double expected = 0;
    // The fake's logits at a position are id / 100, all shifted alike: 3 windows of 3.
    for (int window = 0; window < 3; window++) {
      for (int i = 1; i < 3; i++) {
        double sum = IntStream.range(0, 11).mapToDouble(v -> Math.exp(v / 100f)).sum();
        expected += Math.log(sum) - ids[window * 3 + i] / 100f;
      }
    }
    int[] done = new int[1];
    try (Model model = FakeModel.load(Path.of("m"), LoadOptions.defaults());
        Session session = model.newSession()) {
      Perplexity result = Perplexity.plan(ids, 3).evaluate(session, () -> done[0]++);
      assertEquals(expected, result.nllSum(), 1e-5);
      assertEquals(9, result.tokens());
      assertEquals(6, result.predictions());
      assertEquals(Math.exp(expected / 6), result.value(), 1e-5);
      assertEquals(3, done[0]);
      assertEquals(3, session.length());
    }
  }
}
