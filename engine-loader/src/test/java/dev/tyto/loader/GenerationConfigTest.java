package dev.tyto.loader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GenerationConfigTest {
  private static final GenerationConfig NOTHING =
      new GenerationConfig(null, List.of(), null, null, null, null, null, null, null);

  private static GenerationConfig read(@Nullable String generation, String config)
      throws ConfigException {
    return new GenerationConfigReader(
            generation == null
                ? null
                : JsonFile.parse(Path.of("generation_config.json"), generation),
            JsonFile.parse(Path.of("config.json"), config),
            100)
        .read();
  }

  @Test
  void everythingIsRead() throws ConfigException {
    assertEquals(
        new GenerationConfig(1, List.of(2, 3), 4, true, 0.6, 0.95, 20, 0.05, 1.1),
        read(
            """
            {"bos_token_id": 1, "eos_token_id": [2, 3, 2], "pad_token_id": 4, "do_sample": true,
             "temperature": 0.6, "top_p": 0.95, "top_k": 20, "min_p": 0.05,
             "repetition_penalty": 1.1, "transformers_version": "4.33.1", "max_length": 8192}
            """,
            "{\"eos_token_id\": 9}"));
  }

  @Test
  void nothingNeedBeThere() throws ConfigException {
    assertEquals(NOTHING, read(null, "{}"));
    assertEquals(NOTHING, read("{}", "{}"));
    assertEquals(
        NOTHING,
        read(
            "{\"bos_token_id\": null, \"eos_token_id\": null, \"do_sample\": null, \"top_k\":"
                + " null}",
            "{\"eos_token_id\": null}"));
    assertEquals(NOTHING, read("{\"eos_token_id\": []}", "{}"));
  }

  @Test
  void tokenIdsThatItLeavesOutAreThoseOfConfigJson() throws ConfigException {
    String config = "{\"bos_token_id\": 1, \"eos_token_id\": 2, \"pad_token_id\": 3}";
    assertEquals(
        new GenerationConfig(1, List.of(2), 3, null, null, null, null, null, null),
        read(null, config));
    assertEquals(
        new GenerationConfig(1, List.of(7, 8), 3, null, null, null, null, null, null),
        read("{\"eos_token_id\": [7, 8], \"pad_token_id\": null}", config));
  }

  @Test
  void aPaddingTokenThatTheVocabularyDoesNotHaveIsNone() throws ConfigException {
    assertEquals(NOTHING, read("{\"pad_token_id\": -1}", "{}"));
    assertEquals(NOTHING, read("{\"pad_token_id\": 100}", "{}"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "bos_token_id       | 100    | is 100, but must be from 0 to 99",
        "eos_token_id       | 100    | is 100, but must be from 0 to 99",
        "eos_token_id       | [5,-1] | is -1, but must be from 0 to 99",
        "eos_token_id       | [[5]]  | is an array, but must be a whole number",
        "eos_token_id       | \"5\"  | is the string \"5\", but must be a whole number",
        "do_sample          | 1      | is 1, but must be true or false",
        "temperature        | -0.1   | is -0.1, but must be from 0.0 to 1000.0",
        "temperature        | \"hot\"| is the string \"hot\", but must be a number",
        "top_p              | 1.5    | is 1.5, but must be from 0.0 to 1.0",
        "top_k              | -1     | is -1, but must be from 0 to 2147483647",
        "top_k              | 0.5    | is 0.5, but must be a whole number",
        "min_p              | 2      | is 2.0, but must be from 0.0 to 1.0",
        "repetition_penalty | 0      | is 0.0, but must be above 0"
      })
  void wrongValuesAreErrors(String field, String value, String problem) {
    ConfigException e =
        assertThrows(ConfigException.class, () -> read("{\"" + field + "\": " + value + "}", "{}"));
    assertEquals("generation_config.json: \"" + field + "\" " + problem, e.getMessage());
    assertEquals(field, e.field());
  }
}
