package dev.tyto.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Encodes and decodes as Hugging Face's tokenizers did when the fixtures were recorded. */
class TokenizerReferenceTest {
  private static JsonNode recorded(String name) {
    return Fixtures.json("/tokenizers/reference.json")
        .get("tokenizers")
        .valueStream()
        .filter(t -> t.get("name").asString().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(strings = {"demo", "deepseek-v3"})
  void encodesAsRecorded(String name) {
    JsonNode encodings = recorded(name).get("encodings");
    assertTrue(encodings.size() > 20);
    for (JsonNode encoding : encodings) {
      String text = encoding.get("text").asString();
      int[] ids = Fixtures.tokenizer(name).encode(text, false);
      assertArrayEquals(Fixtures.ints(encoding.get("ids")), ids, text);
      assertEquals(text, Fixtures.tokenizer(name).decode(ids, false));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"demo", "deepseek-v3"})
  void decodesAsRecorded(String name) {
    JsonNode decodings = recorded(name).get("decodings");
    assertTrue(decodings.size() > 20);
    for (JsonNode decoding : decodings) {
      int[] ids = Fixtures.ints(decoding.get("ids"));
      Tokenizer tokenizer = Fixtures.tokenizer(name);
      assertEquals(decoding.get("text").asString(), tokenizer.decode(ids, false));
      assertEquals(decoding.get("without_special").asString(), tokenizer.decode(ids, true));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"demo", "deepseek-v3"})
  void knowsTheSizeOfTheVocabulary(String name) {
    assertEquals(recorded(name).get("vocab_size").asInt(), Fixtures.tokenizer(name).vocabSize());
  }

  @ParameterizedTest
  @ValueSource(strings = {"fp8", "bf16"})
  void agreesWithTheDemoModelsReference(String variant) throws Exception {
    JsonNode golden = Fixtures.json("/demo/golden-" + variant + ".json");
    for (JsonNode greedy : golden.get("greedy").get("cases")) {
      int[] prompt = Fixtures.DEMO.encode(greedy.get("prompt").asString(), true);
      assertArrayEquals(Fixtures.ints(greedy.get("prompt_ids")), prompt);
      int[] ids = Fixtures.ints(greedy.get("ids"));
      assertEquals(greedy.get("text").asString(), Fixtures.DEMO.decode(ids, true));
    }
    JsonNode perplexity = golden.get("perplexity");
    int[] ids = Fixtures.DEMO.encode(Fixtures.text("/demo/valid.txt"), false);
    int[] first = Fixtures.ints(perplexity.get("first_ids"));
    assertArrayEquals(first, Arrays.copyOf(ids, first.length));
    assertEquals(
        perplexity.get("ids_sha256_le_int32").asString(), sha256(Arrays.copyOf(ids, 8192)));
  }

  private static String sha256(int[] ids) throws Exception {
    ByteBuffer bytes = ByteBuffer.allocate(4 * ids.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asIntBuffer().put(ids);
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes.array()));
  }

  @Test
  void theTokenizersDiffer() {
    assertTrue(Fixtures.DEEPSEEK_V3.vocabSize() > Fixtures.DEMO.vocabSize());
  }
}
