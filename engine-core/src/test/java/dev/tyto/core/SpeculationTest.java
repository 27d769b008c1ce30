package dev.tyto.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tyto.loader.LoadException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Speculative decoding draws what plain decoding draws, token for token, whatever drafts. */
class SpeculationTest {
  private static final Golden GOLDEN = new Golden("v3-tiny-mtp");
  private static final int CONTEXT = 160;
  private static Model plain;

  @BeforeAll
  static void load() throws IOException {
    plain = model(LoadOptions.defaults().withDraft(DraftMode.OFF));
  }

  @AfterAll
  static void close() {
    plain.close();
  }

  static Stream<LoadOptions> drafters() {
    LoadOptions o = LoadOptions.defaults();
    return Stream.of(
        o,
        o.withDraft(DraftMode.MTP).withDraftLength(1),
        o.withDraft(DraftMode.MTP).withDraftLength(2),
        o.withDraft(DraftMode.MTP).withDraftLength(5),
        o.withDraft(DraftMode.MTP).withDraftLength(3).withPrefillChunk(7),
        o.withDraft(DraftMode.NGRAM).withDraftLength(4),
        // The model as its own draft: every draft must be accepted.
        o.withDraftModel(GOLDEN.folder()).withDraftLength(3));
  }

  private static Model model(LoadOptions options) throws IOException {
    return GoldenTest.load(GOLDEN, options.withContextLength(CONTEXT));
  }

  private static SamplingOptions sampling(int n) {
    SamplingOptions warm = SamplingOptions.GREEDY.withTemperature(0.8).withSeed(n).withTopP(0.9);
    return switch (n % 4) {
      case 0 -> SamplingOptions.GREEDY;
      case 1 -> warm;
      case 2 -> warm.withTopLogprobs(2).withPenalties(1.2, 0.3, 0.1);
      default -> warm.withTopK(20).withMinP(0.05);
    };
  }

  private static List<Token> run(Model model, int n) throws IOException {
    int[] prompt = GOLDEN.prompts().get(2);
    int[] own = Arrays.copyOfRange(prompt, n, n + 1 + (n * 13) % 60);
    try (Session session = model.newSession()) {
      List<Token> tokens = new ArrayList<>();
      session.generate(own, sampling(n), 40, Set.of()).forEachRemaining(tokens::add);
      // A second turn, after a cancelled one: caches must have been rolled back exactly.
      try (Generation g = session.generate(new int[] {n, 7}, sampling(n), 50, Set.of())) {
        tokens.add(g.next());
        tokens.add(g.next());
      }
      session.truncate(session.length() - 1);
      session.generate(new int[] {9}, sampling(n), 300, Set.of(3)).forEachRemaining(tokens::add);
      return tokens;
    }
  }

  @ParameterizedTest
  @MethodSource("drafters")
  void everyDrafterGivesThePlainTokens(LoadOptions options) throws Exception {
    int sessions = 12;
    List<List<Token>> expected = new ArrayList<>();
    for (int n = 0; n < sessions; n++) {
      expected.add(run(plain, n));
    }
    try (Model model = model(options);
        var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int n = 0; n < sessions; n++) {
        assertEquals(expected.get(n), run(model, n), "alone, session " + n);
      }
      List<Future<List<Token>>> together = new ArrayList<>();
      for (int n = 0; n < sessions; n++) {
        int own = n;
        together.add(executor.submit(() -> run(model, own)));
      }
      for (int n = 0; n < sessions; n++) {
        assertEquals(expected.get(n), together.get(n).get(), "together, session " + n);
      }
    }
  }

  @Test
  void aModelAcceptsItsOwnDrafts() throws IOException {
    LoadOptions own = LoadOptions.defaults().withDraftModel(GOLDEN.folder()).withDraftLength(3);
    try (Model model = model(own);
        Session session = model.newSession()) {
      Generation g = session.generate(GOLDEN.prompts().get(1), sampling(1), 41, Set.of());
      g.forEachRemaining(t -> {});
      assertEquals(1.0, g.stats().acceptance());
      assertEquals(4.0, g.stats().tokensPerPass());
      assertEquals(10, g.stats().decodePasses());
    }
  }

  @Test
  void ngramsFindRepetition() throws IOException {
    LoadOptions ngram = LoadOptions.defaults().withDraft(DraftMode.NGRAM).withDraftLength(4);
    try (Model model = model(ngram);
        Session session = model.newSession()) {
      Generation g =
          session.generate(GOLDEN.prompts().get(1), SamplingOptions.GREEDY, 100, Set.of());
      g.forEachRemaining(t -> {});
      assertTrue(g.stats().acceptedTokens() <= g.stats().draftedTokens());
      assertEquals(
          g.stats().generatedTokens() - 1, g.stats().decodePasses() + g.stats().acceptedTokens());
    }
  }

  @Test
  void aCheckpointWithoutTheModuleSaysSo() {
    LoadException e =
        assertThrows(
            LoadException.class,
            () ->
                GoldenTest.load(
                    new Golden("v3-tiny-bf16"), LoadOptions.defaults().withDraft(DraftMode.MTP)));
    assertTrue(e.getMessage().contains("no multi-token-prediction module"), e.getMessage());
  }

  @Test
  void aDraftModelMustShareTheVocabulary() {
    LoadOptions other = LoadOptions.defaults().withDraftModel(new Golden("v2-tiny").folder());
    LoadException e = assertThrows(LoadException.class, () -> model(other));
    assertTrue(e.getMessage().contains("600"), e.getMessage());
  }
}
