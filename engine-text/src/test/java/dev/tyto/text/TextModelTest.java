package dev.tyto.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tyto.core.CacheDtype;
import dev.tyto.core.ContextOverflowException;
import dev.tyto.core.FinishReason;
import dev.tyto.core.LoadOptions;
import dev.tyto.core.SamplingOptions;
import dev.tyto.demo.DemoModel;
import dev.tyto.loader.LoadException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Text in, text out, with the real demo model. */
@Timeout(600)
class TextModelTest {
  private static final TextOptions GREEDY = TextOptions.GREEDY.withMaxTokens(24);
  private static final LoadOptions LOAD =
      LoadOptions.defaults().withThreads(2).withCacheDtype(CacheDtype.F32);

  private static TextModel model;

  @BeforeAll
  static void load() throws IOException {
    model = TextModel.load(DemoModel.folder(), LOAD);
  }

  @AfterAll
  static void close() {
    model.close();
  }

  @Test
  void greedyTextsAreTheReferences() {
    for (JsonNode greedy : Fixtures.json("/demo/golden-fp8.json").get("greedy").get("cases")) {
      TextOptions options = TextOptions.GREEDY.withMaxTokens(64).withIgnoreEos(true);
      assertEquals(
          greedy.get("text").asString(), model.generate(greedy.get("prompt").asString(), options));
    }
  }

  @Test
  void theDefaultsAreTheModels() {
    TextOptions options = model.defaultOptions();
    assertEquals(SamplingOptions.GREEDY.withTemperature(0.6).withTopP(0.9), options.sampling());
    String text = model.generate("Once upon a time");
    assertFalse(text.isBlank());
    assertEquals(text, model.generate("Once upon a time"), "the seed is fixed");
  }

  @Test
  void stopStringsAndTheirReason() {
    String whole = model.generate("Once upon a time", GREEDY);
    String stop = whole.substring(20, 27);
    try (TextStream stream = model.stream("Once upon a time", GREEDY.withStop(stop))) {
      assertEquals(whole.substring(0, whole.indexOf(stop)), stream.readAll());
      assertEquals(FinishReason.STOP, stream.finishReason());
    }
    try (TextStream stream = model.stream("Once upon a time", GREEDY)) {
      stream.readAll();
      assertEquals(FinishReason.MAX_TOKENS, stream.finishReason());
      assertEquals(24, stream.tokens().size());
      assertEquals(5, stream.stats().promptTokens());
    }
  }

  @Test
  void chatTurnsEqualTheConversationFromScratch() {
    ChatTemplate template = model.chatTemplate().orElseThrow();
    List<ChatMessage> conversation = new ArrayList<>();
    try (ChatSession chat = model.newChat()) {
      for (String message : List.of("Tell me a story.", "Tell me a fairy tale.", "Go on.")) {
        String answer = chat.send(message, GREEDY).readAll();
        conversation.add(ChatMessage.user(message));
        String rendered = template.render(conversation, true);
        assertEquals(model.generate(rendered, GREEDY), answer);
        conversation.add(ChatMessage.assistant(answer));
      }
      assertEquals(conversation, chat.history());
    }
  }

  @Test
  void chatRunsOnlyTheNewTokens() {
    try (ChatSession chat = model.newChat()) {
      TextStream first = chat.send("Tell me a story.", GREEDY);
      first.readAll();
      int prompt = first.stats().promptTokens();
      TextStream second = chat.send("Tell me a story.", GREEDY);
      second.readAll();
      // The answer's last token was drawn and not run, and the turn's end was not drawn.
      assertTrue(second.stats().promptTokens() <= prompt + 2, () -> second.stats().toString());
    }
  }

  @Test
  void aChatThatOutgrowsTheContextSaysSoAndGoesOn() {
    try (ChatSession chat = model.newChat()) {
      chat.send("Tell me a story.", GREEDY).readAll();
      List<ChatMessage> history = chat.history();
      assertThrows(ContextOverflowException.class, () -> chat.send("word ".repeat(300), GREEDY));
      assertEquals(history, chat.history());
      assertFalse(chat.send("Go on.", GREEDY).readAll().isEmpty());
    }
  }

  @Test
  void manyThreadsGetTheTextsOfOne() throws Exception {
    List<String> prompts =
        List.of("Once upon a time", "The king said", "In the forest", "A fox and a hen");
    List<String> alone = prompts.stream().map(p -> model.generate(p, GREEDY)).toList();
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<String>> together =
          prompts.stream().map(p -> executor.submit(() -> model.generate(p, GREEDY))).toList();
      for (int i = 0; i < prompts.size(); i++) {
        assertEquals(alone.get(i), together.get(i).get());
      }
    }
  }

  @Test
  void cancellingFromAnotherThreadEndsTheStream() throws Exception {
    try (TextStream stream =
        model.stream("Once upon a time", GREEDY.withMaxTokens(200).withIgnoreEos(true))) {
      stream.next();
      Thread canceller = new Thread(stream::cancel);
      canceller.start();
      while (stream.hasNext()) {
        stream.next();
      }
      canceller.join();
      assertEquals(FinishReason.CANCELLED, stream.finishReason());
    }
  }

  @Test
  void closingEndsWhatRunsAndIsFinal() throws IOException {
    TextModel own = TextModel.load(DemoModel.folder(), LOAD);
    TextStream stream = own.stream("Once upon a time", GREEDY.withIgnoreEos(true));
    ChatSession chat = own.newChat();
    stream.next();
    own.close();
    own.close();
    while (stream.hasNext()) {
      stream.next();
    }
    assertThrows(IllegalStateException.class, () -> own.generate("Once upon a time", GREEDY));
    assertThrows(IllegalStateException.class, () -> chat.send("Hi", GREEDY));
    assertThrows(IllegalStateException.class, own::newChat);
    chat.close();
    stream.close();
  }

  @Test
  void aFolderWithoutATokenizerIsAClearError(@TempDir Path folder) throws IOException {
    Files.copy(DemoModel.folder().resolve("config.json"), folder.resolve("config.json"));
    LoadException e = assertThrows(LoadException.class, () -> TextModel.load(folder));
    assertTrue(e.getMessage().contains("tokenizer.json"), e.getMessage());
  }

  @Test
  void aBadRecommendationIsAClearError(@TempDir Path folder) throws IOException {
    for (String name : List.of("config.json", "tokenizer.json", "tokenizer_config.json")) {
      Files.copy(DemoModel.folder().resolve(name), folder.resolve(name));
    }
    Files.writeString(
        folder.resolve("generation_config.json"), "{\"do_sample\": true, \"temperature\": 1000}");
    LoadException e = assertThrows(LoadException.class, () -> TextModel.load(folder));
    assertTrue(
        e.getMessage().startsWith(folder.resolve("generation_config.json").toString()),
        e.getMessage());
  }
}
