package dev.tyto.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tyto.core.SamplingOptions;
import dev.tyto.loader.GenerationConfig;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OptionsTest {
  @Test
  void samplesAsTheModelRecommends() {
    TextOptions options =
        DefaultOptions.of(new GenerationConfig(0, List.of(1), 2, true, 0.6, 0.95, 40, 0.05, 1.1));
    assertEquals(
        SamplingOptions.GREEDY
            .withTemperature(0.6)
            .withTopP(0.95)
            .withTopK(40)
            .withMinP(0.05)
            .withPenalties(1.1, 0, 0),
        options.sampling());
    assertEquals(TextOptions.DEFAULT_MAX_TOKENS, options.maxTokens());
    assertEquals(List.of(), options.stop());
  }

  @Test
  void isGreedyUnlessTheModelSamples() {
    for (Boolean doSample : new Boolean[] {null, false}) {
      TextOptions options =
          DefaultOptions.of(
              new GenerationConfig(0, List.of(1), 2, doSample, 0.6, 0.95, 40, 0.05, 1.1));
      assertEquals(SamplingOptions.GREEDY.withPenalties(1.1, 0, 0), options.sampling());
    }
  }

  @Test
  void whatIsNotNamedIsOff() {
    TextOptions options =
        DefaultOptions.of(
            new GenerationConfig(null, List.of(), null, true, null, null, null, null, null));
    assertEquals(SamplingOptions.GREEDY.withTemperature(1), options.sampling());
  }

  @Test
  void badRecommendationsAreRefused() {
    assertThrows(
        IllegalArgumentException.class,
        () ->
            DefaultOptions.of(
                new GenerationConfig(null, List.of(), null, true, null, 1.5, null, null, null)));
  }

  @Test
  void optionsAreCheckedAndCopied() {
    assertThrows(IllegalArgumentException.class, () -> TextOptions.GREEDY.withMaxTokens(0));
    assertThrows(IllegalArgumentException.class, () -> TextOptions.GREEDY.withStop("a", ""));
    List<String> stops = new ArrayList<>(List.of("a"));
    TextOptions options = TextOptions.GREEDY.withStop(stops);
    stops.add("b");
    assertEquals(List.of("a"), options.stop());
    assertEquals(7, options.withMaxTokens(7).maxTokens());
    assertTrue(options.withIgnoreEos(true).ignoreEos());
    assertEquals(
        SamplingOptions.GREEDY.withSeed(3),
        options.withSampling(SamplingOptions.GREEDY.withSeed(3)).sampling());
  }
}
