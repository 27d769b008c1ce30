package dev.tyto.loader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenizerConfigTest {
  @TempDir Path folder;

  private TokenizerConfig read(String json) throws LoadException {
    return TokenizerConfigReader.read(
        folder, JsonFile.parse(Path.of("tokenizer_config.json"), json));
  }

  @Test
  void tokensAreStringsOrObjects() throws LoadException {
    TokenizerConfig config =
        read(
            """
            {"tokenizer_class": "LlamaTokenizerFast", "model_max_length": 16384,
             "add_bos_token": true, "add_eos_token": false,
             "bos_token": {"__type": "AddedToken", "content": "<|begin|>", "lstrip": false},
             "eos_token": "<|end|>", "pad_token": null,
             "unk_token": {"content": ""}}
            """);
    assertEquals(
        new TokenizerConfig(
            "LlamaTokenizerFast", "<|begin|>", "<|end|>", null, "", true, false, 16384L, Map.of()),
        config);
    assertEquals(Optional.empty(), config.chatTemplate());
  }

  @Test
  void nothingNeedBeThere() throws LoadException {
    assertEquals(
        new TokenizerConfig(null, null, null, null, null, null, null, null, Map.of()), read("{}"));
  }

  @ParameterizedTest
  @CsvSource({
    "1000000000000000019884624838656, ",
    "1e30, ",
    "1000000000000000000, ",
    "999999999, 999999999",
    "8192.0, 8192"
  })
  void aHugeMaximumLengthMeansNone(String json, Long expected) throws LoadException {
    assertEquals(expected, read("{\"model_max_length\": " + json + "}").modelMaxLength());
  }

  @Test
  void theTemplateMayBeAString() throws LoadException {
    TokenizerConfig config = read("{\"chat_template\": \"{{ x }}\"}");
    assertEquals(Optional.of("{{ x }}"), config.chatTemplate());
  }

  @Test
  void orOneOfSeveral() throws LoadException {
    TokenizerConfig config =
        read(
            """
            {"chat_template": [{"name": "tool_use", "template": "T"},
                               {"name": "default", "template": "D"}]}
            """);
    assertEquals(List.of("tool_use", "default"), List.copyOf(config.chatTemplates().keySet()));
    assertEquals(Optional.of("D"), config.chatTemplate());
    assertEquals("T", config.chatTemplates().get("tool_use"));
  }

  @Test
  void orInAFileThatWins() throws IOException {
    Files.writeString(folder.resolve("chat_template.jinja"), "from the file \u00e9");
    assertEquals(
        Map.of("default", "from the file \u00e9"),
        read("{\"chat_template\": \"from the field\"}").chatTemplates());
    assertEquals(Optional.of("from the file \u00e9"), read("{}").chatTemplate());
  }

  @Test
  void orInSeveralFiles() throws IOException {
    Files.writeString(folder.resolve("chat_template.jinja"), "D");
    Path more = Files.createDirectory(folder.resolve("additional_chat_templates"));
    Files.writeString(more.resolve("tool_use.jinja"), "T");
    Files.writeString(more.resolve("README"), "no template");
    assertEquals(Map.of("default", "D", "tool_use", "T"), read("{}").chatTemplates());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "bos_token        | 5               | is 5, but must be a string or an object with"
            + " \"content\"",
        "bos_token        | {\"x\": 1}      | has no \"content\"",
        "add_bos_token    | \"yes\"         | is the string \"yes\", but must be true or false",
        "tokenizer_class  | 5               | is 5, but must be a string",
        "model_max_length | \"long\"        | is the string \"long\", but must be a number",
        "chat_template    | 5               | is 5, but must be a string or an array of named"
            + " templates",
        "chat_template    | [5]             | is 5, but must be an array of objects",
        "chat_template    | [{\"name\":\"a\"}] | has an element without \"name\" or \"template\"",
        "chat_template    | [{\"name\":\"a\",\"template\":\"\"},{\"name\":\"a\",\"template\":\"\"}]"
            + " | has two templates named \"a\""
      })
  void wrongValuesAreErrors(String field, String value, String problem) {
    ConfigException e =
        assertThrows(ConfigException.class, () -> read("{\"" + field + "\": " + value + "}"));
    assertEquals("tokenizer_config.json: \"" + field + "\" " + problem, e.getMessage());
    assertEquals(field, e.field());
  }

  @Test
  void aFieldOfATokenIsNamedWithItsPath() {
    ConfigException e =
        assertThrows(ConfigException.class, () -> read("{\"eos_token\": {\"content\": 5}}"));
    assertEquals("eos_token.content", e.field());
    assertEquals(
        "tokenizer_config.json: \"eos_token.content\" is 5, but must be a string", e.getMessage());
  }
}
