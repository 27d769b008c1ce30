package dev.tyto.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tyto.demo.DemoModel;
import dev.tyto.loader.LoadException;
import dev.tyto.loader.TokenizerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NativeTokenizerTest {
  private static final String BOS = "<|begin_of_text|>";
  private static final String EOS = "<|end_of_text|>";

  private static NativeTokenizer demo(
      @Nullable String bos,
      @Nullable String eos,
      @Nullable Boolean addBos,
      @Nullable Boolean addEos)
      throws IOException {
    return NativeTokenizer.load(
        DemoModel.folder().resolve("tokenizer.json"),
        new TokenizerConfig(null, bos, eos, null, null, addBos, addEos, null, Map.of()));
  }

  @Test
  void addsWhatTheConfigurationAsksForOnce() throws IOException {
    try (NativeTokenizer both = demo(BOS, EOS, true, true);
        NativeTokenizer neither = demo(BOS, EOS, false, null);
        NativeTokenizer nameless = demo(null, null, true, true)) {
      assertArrayEquals(
          new int[] {0, 2359, 650, 263, 533, 1}, both.encode("Once upon a time", true));
      assertArrayEquals(new int[] {2359, 650, 263, 533}, both.encode("Once upon a time", false));
      assertArrayEquals(
          new int[] {0, 2359, 650, 263, 533, 1}, both.encode(BOS + "Once upon a time" + EOS, true));
      assertArrayEquals(new int[] {0, 1}, both.encode("", true));
      assertArrayEquals(new int[] {}, both.encode("", false));
      assertArrayEquals(new int[] {2359, 650, 263, 533}, neither.encode("Once upon a time", true));
      assertArrayEquals(new int[] {2359, 650, 263, 533}, nameless.encode("Once upon a time", true));
    }
  }

  @Test
  void knowsSpecialTokens() {
    Tokenizer demo = Fixtures.DEMO;
    assertEquals(OptionalInt.of(3), demo.idOf("<|user|>"));
    assertTrue(demo.isSpecial(3));
    assertEquals(OptionalInt.of(5), demo.idOf("!"));
    assertFalse(demo.isSpecial(5));
    assertFalse(demo.isSpecial(-1));
    assertEquals(OptionalInt.empty(), demo.idOf("no such token"));
    assertArrayEquals(
        new int[] {3, 0, 4}, demo.encode("<|user|><|begin_of_text|><|assistant|>", false));
    assertEquals("", demo.decode(new int[] {3, 0, 4}, true));
    assertEquals("<|user|><|begin_of_text|><|assistant|>", demo.decode(new int[] {3, 0, 4}, false));
  }

  @Test
  void idsOutsideTheVocabularyDecodeToNothing() {
    assertEquals("!", Fixtures.DEMO.decode(new int[] {5, 4096, Integer.MAX_VALUE}, false));
    assertThrows(
        IllegalArgumentException.class, () -> Fixtures.DEMO.decode(new int[] {5, -1}, false));
  }

  @ParameterizedTest
  @CsvSource({"\\ud83d,\ufffd", "\\ude00,\ufffd", "a\\ud83db,a\ufffdb", "\\ud83d\\ude00,😀"})
  void halvesOfSurrogatePairsBecomeReplacementCharacters(String escaped, String expected) {
    String text = escaped.replace("\\ud83d", "\ud83d").replace("\\ude00", "\ude00");
    int[] ids = Fixtures.DEMO.encode(text, false);
    assertEquals(expected, Fixtures.DEMO.decode(ids, false));
  }

  @Test
  void longTextsAreNotCut() {
    String text = "Once upon a time ".repeat(2000);
    int[] ids = Fixtures.DEMO.encode(text, false);
    assertTrue(ids.length >= 8000);
    assertEquals(text, Fixtures.DEMO.decode(ids, false));
  }

  @Test
  void manyThreadsShareIt() throws Exception {
    int[] expected = Fixtures.DEMO.encode("Once upon a time", true);
    try (ExecutorService executor = Executors.newFixedThreadPool(4)) {
      List<Future<?>> calls = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        calls.add(
            executor.submit(
                () -> assertArrayEquals(expected, Fixtures.DEMO.encode("Once upon a time", true))));
      }
      for (Future<?> call : calls) {
        call.get();
      }
    }
  }

  @Test
  void useAfterCloseIsAnErrorAndNotACrash() throws Exception {
    NativeTokenizer tokenizer = demo(BOS, EOS, true, false);
    tokenizer.close();
    tokenizer.close();
    IllegalStateException e =
        assertThrows(IllegalStateException.class, () -> tokenizer.encode("a", true));
    assertEquals("the tokenizer is closed", e.getMessage());
    assertThrows(IllegalStateException.class, () -> tokenizer.decode(new int[] {5}, true));
  }

  @Test
  void closingUnderRunningCallsWaitsForThem() throws Exception {
    NativeTokenizer tokenizer = demo(BOS, EOS, true, false);
    CountDownLatch running = new CountDownLatch(3);
    try (ExecutorService executor = Executors.newFixedThreadPool(3)) {
      List<Future<Integer>> workers = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        workers.add(
            executor.submit(
                () -> {
                  int calls = 0;
                  while (true) {
                    try {
                      tokenizer.encode("Once upon a time there was a king", true);
                      if (calls++ == 0) {
                        running.countDown();
                      }
                    } catch (IllegalStateException e) {
                      return calls;
                    }
                  }
                }));
      }
      running.await();
      tokenizer.close();
      for (Future<Integer> worker : workers) {
        assertTrue(worker.get() > 0);
      }
    }
  }

  @Test
  void badFilesAreClearErrors(@TempDir Path folder) throws IOException {
    assertMessage(folder, "", "is not a JSON object");
    assertMessage(folder, "[]", "is not a JSON object");
    assertMessage(folder, "{\"model\": {\"vocab\": {\"a\": 1", "is not valid JSON: ");
    assertMessage(folder, "{}", "has no model.vocab");
    assertMessage(
        folder, "{\"model\": {\"vocab\": {\"a\": -1}}}", "a token has an id that is not in");
    assertMessage(
        folder, "{\"model\": {\"vocab\": {\"a\": \"b\"}}}", "a token has an id that is not");
    assertMessage(folder, "{\"added_tokens\": [{\"content\": \"x\"}]}", "an added token has no id");
    assertMessage(folder, "{\"model\": {\"vocab\": {\"a\": 1}}}", "is not a tokenizer: ");
    assertMessage(
        folder, "{\"model\": {\"type\": \"Nope\", \"vocab\": {\"a\": 1}}}", "is not a tokenizer: ");
    Path missing = folder.resolve("missing.json");
    LoadException e =
        assertThrows(
            LoadException.class, () -> NativeTokenizer.load(missing, Fixtures.config(BOS, EOS)));
    assertTrue(e.getMessage().startsWith(missing + ": cannot be read"), e.getMessage());
  }

  private static void assertMessage(Path folder, String json, String message) throws IOException {
    Path file = folder.resolve("tokenizer.json");
    Files.writeString(file, json);
    TokenizerConfig none =
        new TokenizerConfig(null, null, null, null, null, null, null, null, Map.of());
    LoadException e = assertThrows(LoadException.class, () -> NativeTokenizer.load(file, none));
    assertTrue(e.getMessage().startsWith(file + ": " + message), e.getMessage());
    assertEquals(file, e.file());
  }

  @Test
  void aMissingBosTokenIsAClearError() {
    LoadException e =
        assertThrows(LoadException.class, () -> demo("<bos>", EOS, true, false).close());
    assertTrue(
        e.getMessage()
            .endsWith("lacks the token <bos> that tokenizer_config.json names as bos_token"));
  }
}
