package dev.tyto.loader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelFolderTest {
  @TempDir Path folder;

  private void write(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text);
  }

  private void assertFails(Path path, Path file, String message) {
    LoadException e = assertThrows(LoadException.class, () -> ModelFolder.open(path));
    assertEquals(file + ": " + message, e.getMessage());
    assertEquals(file, e.file());
  }

  @Test
  void aWholeFolderIsRead() throws IOException {
    write("config.json", Configs.with("torch_dtype", "\"bfloat16\""));
    write("generation_config.json", "{\"eos_token_id\": 3, \"temperature\": 0.3}");
    write("tokenizer_config.json", "{\"bos_token\": \"<s>\", \"chat_template\": \"C\"}");
    write("tokenizer.json", "not read here");
    try (SafetensorsWriter writer =
        SafetensorsWriter.to(folder.resolve("model.safetensors")).tensor("a", DType.U8, 0).open()) {
      writer.commit();
    }

    ModelFolder model = ModelFolder.open(folder);

    assertEquals(folder, model.path());
    DeepSeekConfig config = assertInstanceOf(DeepSeekConfig.class, model.config());
    assertEquals("deepseek_v3", config.modelType());
    assertEquals(Optional.of("bfloat16"), model.declaredDtype());
    assertEquals(List.of(3), model.generationConfig().eosTokenIds());
    assertEquals(0.3, model.generationConfig().temperature());
    assertEquals("<s>", model.tokenizerConfig().orElseThrow().bosToken());
    assertEquals(Optional.of(folder.resolve("tokenizer.json")), model.tokenizerJson());
    assertEquals(folder.resolve("tokenizer.json"), model.requireTokenizerJson());
    try (Checkpoint checkpoint = model.openCheckpoint()) {
      assertTrue(checkpoint.contains("a"));
    }
  }

  @Test
  void configJsonIsEnough() throws IOException {
    write("config.json", Configs.with("eos_token_id", "5"));
    ModelFolder model = ModelFolder.open(folder);
    assertEquals(List.of(5), model.generationConfig().eosTokenIds());
    assertFalse(model.tokenizerConfig().isPresent());
    assertFalse(model.tokenizerJson().isPresent());
    assertFalse(model.declaredDtype().isPresent());
    LoadException e = assertThrows(LoadException.class, model::requireTokenizerJson);
    assertEquals(
        folder
            + ": has no tokenizer.json; models whose tokenizer is in another format must be"
            + " converted, or be used with token ids",
        e.getMessage());
    assertThrows(SafetensorsException.class, model::openCheckpoint);
  }

  @Test
  void theNewerNameOfTheDtypeIsKnown() throws IOException {
    write("config.json", Configs.with("dtype", "\"float32\""));
    assertEquals(Optional.of("float32"), ModelFolder.open(folder).declaredDtype());
  }

  @Test
  void aPathThatIsNoModelFolderIsExplained() throws IOException {
    String give = "; give a Hugging Face model folder with config.json";
    Path none = folder.resolve("none");
    assertFails(none, none, "does not exist" + give);
    Path file = Files.writeString(folder.resolve("model.gguf"), "");
    assertFails(file, file, "is not a folder" + give);
    assertFails(folder, folder, "has no config.json" + give);
  }

  @Test
  void aConfigThatCannotBeReadIsExplained() throws IOException {
    Path config = folder.resolve("config.json");
    Files.createSymbolicLink(config, folder.resolve("gone"));
    assertFails(folder, config, "is a link to a file that does not exist");
    Files.delete(config);
    Files.createDirectory(config);
    assertFails(folder, config, "is not a regular file");
    Files.delete(config);
    Files.write(config, "{\"\u00e9\": 1}".getBytes(StandardCharsets.ISO_8859_1));
    assertFails(folder, config, "is not UTF-8");
    Files.write(config, new byte[4_000_001]);
    assertFails(folder, config, "has 4000001 bytes, over the 4 MB that such a file may have");
    Files.writeString(config, "version https://git-lfs.github.com/spec/v1\noid sha256:00\n");
    assertFails(
        folder, config, "is a Git LFS pointer and not the file itself; git lfs pull fetches it");
  }

  @ParameterizedTest
  @ValueSource(strings = {"generation_config.json", "tokenizer_config.json"})
  void theOtherFilesMayBeAbsentButNotBroken(String name) throws IOException {
    write("config.json", Configs.json(Configs.small()));
    ModelFolder.open(folder);
    write(name, "[]");
    assertFails(folder, folder.resolve(name), "is not a JSON object");
  }

  @Test
  void anEndTokenBeyondTheVocabularyIsAContradiction() throws IOException {
    write("config.json", Configs.with("eos_token_id", "512"));
    assertFails(
        folder,
        folder.resolve("config.json"),
        "\"eos_token_id\" is 512, but must be from 0 to 511");
  }
}
