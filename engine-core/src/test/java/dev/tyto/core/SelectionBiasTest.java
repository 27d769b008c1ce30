package dev.tyto.core;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tyto.core.balance.LoadBalancer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Selection biases: set by hand, moved by a balancer. */
class SelectionBiasTest {
  private static final int LAYER = 1;
  private static final Golden GOLDEN = new Golden("v3-tiny-bf16");
  private Model model;
  private int[] prompt;

  @BeforeEach
  void load() throws IOException {
    model = GoldenTest.load(GOLDEN, LoadOptions.defaults());
    prompt = GOLDEN.prompts().get(2);
  }

  @AfterEach
  void close() {
    model.close();
  }

  @Test
  void aHighBiasDrawsTokensButDoesNotWeigh() {
    Recording before = GoldenTest.evaluate(model, prompt);
    float[] bias = model.selectionBias(LAYER);
    // Expert 3, and all of its group so that the group stays, win every choice.
    Arrays.fill(bias, 0, 4, bias[3] + 50);
    model.setSelectionBias(LAYER, bias);
    assertArrayEquals(bias, model.selectionBias(LAYER));
    Recording after = GoldenTest.evaluate(model, prompt);
    for (int t = 0; t < prompt.length; t++) {
      Map<Integer, Float> route = after.route(LAYER, t).byExpert();
      assertEquals(java.util.Set.of(0, 1, 2, 3), route.keySet());
      float sum = 0;
      for (float w : route.values()) {
        sum += w;
        assertTrue(w > 0 && w < 2.5f, "a weight is a normalised score");
      }
      assertEquals(2.5f, sum, 1e-5f);
    }
    assertNotEquals(
        Arrays.hashCode(before.logitBits()), Arrays.hashCode(after.logitBits()), "no effect");
  }

  @Test
  void theBiasesOfTheCheckpointBringItsBitsBack() {
    int[] bits = GoldenTest.evaluate(model, prompt).logitBits();
    float[] original = model.selectionBias(LAYER);
    model.setSelectionBias(LAYER, new float[original.length]);
    GoldenTest.evaluate(model, prompt);
    model.setSelectionBias(LAYER, original);
    assertArrayEquals(bits, GoldenTest.evaluate(model, prompt).logitBits());
  }

  @Test
  void aCopyIsACopy() {
    float[] bias = model.selectionBias(LAYER);
    float first = bias[0];
    bias[0] = 99;
    assertEquals(first, model.selectionBias(LAYER)[0]);
    model.setSelectionBias(LAYER, bias);
    bias[0] = 77;
    assertEquals(99, model.selectionBias(LAYER)[0]);
  }

  @Test
  void badBiasesAreRefused() {
    float[] bias = model.selectionBias(LAYER);
    assertThrows(IllegalArgumentException.class, () -> model.setSelectionBias(0, bias));
    assertThrows(IllegalArgumentException.class, () -> model.setSelectionBias(-1, bias));
    assertThrows(IllegalArgumentException.class, () -> model.selectionBias(99));
    assertThrows(IllegalArgumentException.class, () -> model.setSelectionBias(LAYER, new float[3]));
    bias[2] = Float.NaN;
    String message =
        assertThrows(IllegalArgumentException.class, () -> model.setSelectionBias(LAYER, bias))
            .getMessage();
    assertTrue(message.contains("expert 2"), message);
  }

  /** The balancer makes exactly the steps that the loads of each pass call for. */
  @Test
  void aBalancerMovesTheBiasesAfterEachPass() {
    float[] expected = model.selectionBias(LAYER);
    LoadBalancer balancer = LoadBalancer.constant(0.125, 1);
    model.setLoadBalancer(balancer);
    for (int i = 1; i <= 3; i++) {
      model.resetExpertStatistics();
      GoldenTest.evaluate(model, prompt);
      long[] load = model.expertStatistics().layers().getFirst().counts();
      LoadBalancer.update(expected, load, 0.125);
      assertEquals(i, balancer.steps());
      assertArrayEquals(expected, model.selectionBias(LAYER));
    }
    model.setLoadBalancer(null);
    GoldenTest.evaluate(model, prompt);
    assertArrayEquals(expected, model.selectionBias(LAYER));
  }

  @Test
  void savedBiasesAreLoadedAndNothingElseChanges(@TempDir Path folder) throws IOException {
    float[] bias = model.selectionBias(LAYER);
    float[] other = model.selectionBias(LAYER + 1);
    bias[5] += 0.001953125f;
    model.setSelectionBias(LAYER, bias);
    int[] bits = GoldenTest.evaluate(model, prompt).logitBits();
    Path target = folder.resolve("balanced");
    model.saveSelectionBiases(target);
    try (Model adapted =
        Model.load(target, LoadOptions.defaults().withCacheDtype(CacheDtype.F32))) {
      assertArrayEquals(bias, adapted.selectionBias(LAYER));
      assertArrayEquals(other, adapted.selectionBias(LAYER + 1));
      assertArrayEquals(bits, GoldenTest.evaluate(adapted, prompt).logitBits());
    }
  }

  @Test
  void aModelWithoutBiasesCannotBeBalanced() throws IOException {
    try (Model v2 = GoldenTest.load(new Golden("v2-tiny"), LoadOptions.defaults())) {
      assertThrows(
          IllegalStateException.class, () -> v2.setLoadBalancer(LoadBalancer.constant(0.1, 1)));
      assertThrows(
          IllegalStateException.class, () -> v2.saveSelectionBiases(Path.of("not-written")));
      v2.setLoadBalancer(null);
      assertThrows(IllegalArgumentException.class, () -> v2.selectionBias(LAYER));
    }
  }
}
