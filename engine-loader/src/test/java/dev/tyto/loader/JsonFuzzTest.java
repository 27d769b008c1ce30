package dev.tyto.loader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever text the JSON files of a model folder have, each is either read, or rejected with a
 * {@link LoadException} of one line.
 */
class JsonFuzzTest {
  private static final Path FOLDER = Path.of("no such folder");
  private static final FuzzCounter COUNTER = new FuzzCounter();

  @FunctionalInterface
  private interface Parser {
    void parse() throws LoadException;
  }

  static Stream<byte[]> seeds() {
    return Stream.of(
            Configs.json(Configs.small()),
            Configs.with("model_type", "\"deepseek_v2\"")
                .replace("\"n_group\": 4", "\"topk_method\": \"group_limited_greedy\""),
            Configs.with(
                "rope_scaling",
                "{\"type\":\"yarn\",\"factor\":40,\"original_max_position_embeddings\":64,"
                    + "\"beta_fast\":32,\"beta_slow\":1,\"mscale\":1.0,\"mscale_all_dim\":0.707}"),
            Configs.with(
                "quantization_config",
                "{\"quant_method\":\"fp8\",\"fmt\":\"e4m3\",\"weight_block_size\":[128,128]}"),
            "{\"eos_token_id\":[1,2],\"temperature\":0.6,\"top_p\":0.9,\"top_k\":null}",
            "{\"bos_token\":{\"content\":\"<s>\"},\"eos_token\":\"</s>\",\"model_max_length\":1e30,"
                + "\"chat_template\":[{\"name\":\"default\",\"template\":\"{{x}}\"}]}",
            "{\"metadata\":{\"total_size\":8},\"weight_map\":{\"a\":\"m-1.safetensors\"}}")
        .map(text -> text.getBytes(StandardCharsets.UTF_8));
  }

  @MethodSource("seeds")
  @DictionaryEntries({
    "null",
    "true",
    "-1",
    "0",
    "1e999",
    "99999999999999999999",
    "\"silu\"",
    "\"rope_parameters\":{",
    "\"rope_theta\":",
    "\"default\"",
    "\"kimi_k2\"",
    "\"greedy\"",
    "\"softmax\"",
    "\"../x\"",
    "[[{}]]"
  })
  @FuzzTest(maxExecutions = FuzzCounter.EXECUTIONS, maxDuration = "10m")
  void jsonIsReadOrRejected(byte[] bytes) {
    COUNTER.count();
    String text = new String(bytes, StandardCharsets.UTF_8);
    expectResultOrLoadException(
        () -> {
          JsonFields fields = JsonFile.parse(Path.of("config.json"), text);
          ModelConfig config = ModelConfigReader.read(fields);
          new GenerationConfigReader(null, fields, config.vocabSize()).read();
          assertConsistent((DeepSeekConfig) config);
        });
    expectResultOrLoadException(
        () -> {
          JsonFields fields = JsonFile.parse(Path.of("generation_config.json"), text);
          new GenerationConfigReader(fields, fields, 512).read();
        });
    expectResultOrLoadException(
        () ->
            TokenizerConfigReader.read(
                FOLDER, JsonFile.parse(Path.of("tokenizer_config.json"), text)));
    expectResultOrLoadException(
        () ->
            assertFalse(
                CheckpointIndex.parse(
                        Path.of("model.safetensors.index.json"), RawFile.source(bytes))
                    .isEmpty()));
  }

  private static void expectResultOrLoadException(Parser parser) {
    try {
      parser.parse();
    } catch (LoadException e) {
      assertEquals(1, e.getMessage().lines().count(), e.getMessage());
    }
  }

  /** What the engine may take for granted of a configuration that was accepted. */
  private static void assertConsistent(DeepSeekConfig c) {
    assertTrue(c.vocabSize() > 0 && c.hiddenSize() > 0 && c.numHiddenLayers() > 0);
    assertTrue(c.numAttentionHeads() > 0 && c.kvLoraRank() > 0 && c.intermediateSize() > 0);
    assertTrue(c.qkNopeHeadDim() > 0 && c.qkRopeHeadDim() > 0 && c.vHeadDim() > 0);
    assertEquals(0, c.qkRopeHeadDim() % 2);
    assertTrue(c.maxPositionEmbeddings() > 0 && c.moeLayerFreq() > 0);
    assertTrue(c.rmsNormEps() > 0 && c.ropeTheta() > 0 && c.routedScalingFactor() > 0);
    if (c.nRoutedExperts() > 0) {
      assertEquals(0, c.nRoutedExperts() % c.nGroup());
      assertTrue(c.topkGroup() >= 1 && c.topkGroup() <= c.nGroup());
      int eligible = c.nRoutedExperts() / c.nGroup() * c.topkGroup();
      assertTrue(c.numExpertsPerTok() >= 1 && c.numExpertsPerTok() <= eligible);
      assertTrue(c.moeIntermediateSize() > 0 && c.nSharedExperts() >= 0);
    }
  }

  @AfterAll
  static void searchedLongEnough() {
    COUNTER.assertSearched();
  }
}
