package dev.tyto.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tyto.core.SamplingOptions;
import dev.tyto.text.TextOptions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class SamplingArgumentsTest {
  private static final TextOptions DEFAULTS =
      TextOptions.GREEDY
          .withSampling(
              SamplingOptions.GREEDY.withTemperature(0.6).withTopP(0.9).withTopK(40).withMinP(0.1))
          .withMaxTokens(77);

  @Test
  void whatIsNotGivenComesFromTheModel() {
    TextOptions options = parse().applyTo(DEFAULTS);
    assertEquals(DEFAULTS.sampling().withSeed(options.sampling().seed()), options.sampling());
    assertEquals(77, options.maxTokens());
    assertEquals(List.of(), options.stop());
    assertFalse(options.ignoreEos());
  }

  @Test
  void everyOptionArrives() {
    TextOptions options =
        parse(
                ("--max-tokens 5 --temperature 0.5 --top-p 0.8 --top-k 7 --min-p 0.2"
                        + " --repetition-penalty 1.1 --presence-penalty -1 --frequency-penalty 0.25"
                        + " --logit-bias 3=-100 --logit-bias 5=2.5 --seed -9 --stop a --stop -b"
                        + " --ignore-eos")
                    .split(" "))
            .applyTo(DEFAULTS);
    assertEquals(
        new SamplingOptions(0.5, 7, 0.8, 0.2, 1.1, -1, 0.25, Map.of(3, -100f, 5, 2.5f), -9, -1),
        options.sampling());
    assertEquals(new TextOptions(options.sampling(), 5, List.of("a", "-b"), true), options);
  }

  @Test
  void aSeedIsDrawnOnlyIfNoneIsGiven() {
    SamplingArguments without = parse();
    assertTrue(without.drewSeed(without.applyTo(DEFAULTS)));
    assertFalse(without.drewSeed(without.applyTo(TextOptions.GREEDY)));
    SamplingArguments with = parse("--seed", "1");
    assertFalse(with.drewSeed(with.applyTo(DEFAULTS)));
  }

  @ParameterizedTest
  @CsvSource({
    "--temperature, -1, 'sampling options: temperature is -1.0, but must be 0..100'",
    "--top-p, 0, 'sampling options: topP is 0.0, but must be in (0, 1]'",
    "--top-k, -1, 'sampling options: topK is -1.0, but must be 0 or more'",
    "--max-tokens, 0, 'generation options: maxTokens is 0, but must be at least 1'",
    "--stop, '', 'generation options: a stop string is empty, but must have a character'",
  })
  void rangesAreChecked(String option, String value, String message) {
    SamplingArguments arguments = parse(option, value);
    UsageException e = assertThrows(UsageException.class, () -> arguments.applyTo(DEFAULTS));
    assertEquals(message, e.getMessage());
  }

  private static SamplingArguments parse(String... args) {
    return CommandLine.populateCommand(new SamplingArguments(), args);
  }
}
