package dev.tyto.text;

import dev.tyto.loader.TokenizerConfig;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The two real tokenizers and their recorded results, loaded once. */
final class Fixtures {
  static final NativeTokenizer DEMO;
  static final NativeTokenizer DEEPSEEK_V3;

  static {
    try {
      Path folder = dev.tyto.demo.DemoModel.folder();
      DEMO =
          NativeTokenizer.load(
              folder.resolve("tokenizer.json"), config("<|begin_of_text|>", "<|end_of_text|>"));
      Path file = Files.createTempFile("deepseek-v3", ".json");
      try (InputStream in = open("/tokenizers/deepseek-v3-tokenizer.json.gz")) {
        Files.write(file, new GZIPInputStream(in).readAllBytes());
        DEEPSEEK_V3 =
            NativeTokenizer.load(file, config("<｜begin▁of▁sentence｜>", "<｜end▁of▁sentence｜>"));
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Fixtures() {}

  static TokenizerConfig config(String bos, String eos) {
    return new TokenizerConfig(null, bos, eos, null, null, true, false, null, Map.of());
  }

  static NativeTokenizer tokenizer(String name) {
    return name.equals("demo") ? DEMO : DEEPSEEK_V3;
  }

  static JsonNode json(String resource) {
    return new JsonMapper().readTree(text(resource));
  }

  static String text(String resource) {
    try (InputStream in = open(resource)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static InputStream open(String resource) {
    return Objects.requireNonNull(Fixtures.class.getResourceAsStream(resource), resource);
  }

  static int[] ints(JsonNode array) {
    return array.valueStream().mapToInt(JsonNode::asInt).toArray();
  }
}
