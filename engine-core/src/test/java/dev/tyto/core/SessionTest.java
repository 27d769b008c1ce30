package dev.tyto.core;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What users of a session rely on: turns, limits, cancelling, closing, company. */
class SessionTest {
  private static final Golden GOLDEN = new Golden("v3-tiny-bf16");
  private static Model model;
  private static int[] prompt;

  @BeforeAll
  static void load() throws IOException {
    model = GoldenTest.load(GOLDEN, LoadOptions.defaults().withContextLength(300));
    prompt = GOLDEN.prompts().get(1);
  }

  @AfterAll
  static void close() {
    model.close();
  }

  private static SamplingOptions warm(long seed) {
    return SamplingOptions.GREEDY.withTemperature(1).withSeed(seed).withTopP(0.95);
  }

  private static List<Integer> ids(Generation generation) {
    List<Integer> ids = new ArrayList<>();
    generation.forEachRemaining(t -> ids.add(t.id()));
    return ids;
  }

  @Test
  void turnsKeepTheCache() {
    try (Session two = model.newSession();
        Session one = model.newSession()) {
      List<Integer> first = ids(two.generate(prompt, SamplingOptions.GREEDY, 5, Set.of()));
      Generation second = two.generate(new int[] {3, 4}, SamplingOptions.GREEDY, 6, Set.of());
      List<Integer> answer = ids(second);
      // The last token of the first turn was not in the cache yet.
      assertEquals(3, second.stats().promptTokens());
      int[] whole = Arrays.copyOf(prompt, prompt.length + 7);
      for (int i = 0; i < 5; i++) {
        whole[prompt.length + i] = first.get(i);
      }
      whole[prompt.length + 5] = 3;
      whole[prompt.length + 6] = 4;
      assertEquals(ids(one.generate(whole, SamplingOptions.GREEDY, 6, Set.of())), answer);
      assertArrayEquals(one.tokens(), two.tokens());
    }
  }

  @Test
  void anEmptyPromptContinuesASessionAndIsRefusedForANewOne() {
    try (Session session = model.newSession();
        Session straight = model.newSession()) {
      assertThrows(
          IllegalArgumentException.class,
          () -> session.generate(new int[0], SamplingOptions.GREEDY, 1, Set.of()));
      List<Integer> parts = ids(session.generate(prompt, warm(3), 4, Set.of()));
      parts.addAll(ids(session.generate(new int[0], warm(3), 4, Set.of())));
      assertEquals(ids(straight.generate(prompt, warm(3), 8, Set.of())), parts);
    }
  }

  @Test
  void anEvaluatedSessionCanGenerateWithoutNewTokens() {
    try (Session session = model.newSession()) {
      session.evaluate(prompt, new PassObserver() {});
      assertEquals(
          Arrays.stream(GoldenTest.greedy(model, prompt, 5)).boxed().toList(),
          ids(session.generate(new int[0], SamplingOptions.GREEDY, 5, Set.of())));
    }
  }

  @Test
  void truncatingAndGoingOnEqualsAFreshStart() {
    try (Session session = model.newSession()) {
      List<Integer> once = ids(session.generate(prompt, warm(1), 8, Set.of()));
      session.truncate(prompt.length);
      assertEquals(once, ids(session.generate(new int[0], warm(1), 8, Set.of())));
      session.truncate(0);
      assertEquals(once, ids(session.generate(prompt, warm(1), 8, Set.of())));
      assertThrows(IllegalArgumentException.class, () -> session.truncate(1000));
    }
  }

  @Test
  void aPromptOverTheContextIsRefusedAndChangesNothing() {
    try (Session session = model.newSession()) {
      ContextOverflowException e =
          assertThrows(
              ContextOverflowException.class,
              () -> session.generate(new int[301], SamplingOptions.GREEDY, 1, Set.of()));
      assertTrue(e.getMessage().contains("300"), e.getMessage());
      assertEquals(0, session.length());
      Generation full = session.generate(new int[298], SamplingOptions.GREEDY, 9, Set.of());
      assertEquals(2, ids(full).size());
      assertEquals(FinishReason.CONTEXT_FULL, full.finishReason());
      assertThrows(
          ContextOverflowException.class,
          () -> session.generate(new int[] {1}, SamplingOptions.GREEDY, 1, Set.of()));
    }
  }

  @Test
  void badArgumentsAreNamed() {
    try (Session session = model.newSession()) {
      String message =
          assertThrows(
                  IllegalArgumentException.class,
                  () -> session.generate(new int[] {1, 1031}, warm(0), 1, Set.of()))
              .getMessage();
      assertTrue(message.contains("1031") && message.contains("index 1"), message);
      assertThrows(
          IllegalArgumentException.class, () -> session.generate(prompt, warm(0), 0, Set.of()));
      assertThrows(
          IllegalArgumentException.class,
          () -> session.generate(prompt, warm(0).withLogitBias(Map.of(5000, 1f)), 1, Set.of()));
      assertEquals(0, session.length());
    }
  }

  @Test
  void aStopIdEndsAndIsDelivered() {
    int[] greedy = GoldenTest.greedy(model, prompt, 6);
    try (Session session = model.newSession()) {
      Generation g = session.generate(prompt, SamplingOptions.GREEDY, 50, Set.of(greedy[3]));
      List<Integer> got = ids(g);
      assertEquals(greedy[3], got.getLast());
      assertTrue(got.size() <= 4);
      assertEquals(FinishReason.STOP, g.finishReason());
    }
  }

  @Test
  void cancellingLeavesExactlyWhatWasTaken() {
    int[] greedy = GoldenTest.greedy(model, prompt, 6);
    try (Session session = model.newSession()) {
      Generation g = session.generate(prompt, SamplingOptions.GREEDY, 250, Set.of());
      assertEquals(greedy[0], g.next().id());
      assertEquals(greedy[1], g.next().id());
      assertThrows(
          IllegalStateException.class,
          () -> session.generate(prompt, SamplingOptions.GREEDY, 1, Set.of()));
      g.cancel();
      g.cancel();
      assertFalse(g.hasNext());
      assertThrows(NoSuchElementException.class, g::next);
      assertEquals(FinishReason.CANCELLED, g.finishReason());
      assertEquals(prompt.length + 2, session.length());
      Generation rest = session.generate(new int[0], SamplingOptions.GREEDY, 4, Set.of());
      assertEquals(Arrays.stream(greedy, 2, 6).boxed().toList(), ids(rest));
      // The old generation is history: it must not touch the session any more.
      g.cancel();
      assertEquals(prompt.length + 6, session.length());
    }
  }

  @Test
  void aWaitingThreadThatIsInterruptedEndsItsGeneration() throws Exception {
    try (Session session = model.newSession();
        var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      Generation g = session.generate(prompt, SamplingOptions.GREEDY, 250, Set.of());
      Future<?> consumer =
          executor.submit(
              () -> {
                Thread.currentThread().interrupt();
                ids(g);
              });
      Exception e = assertThrows(Exception.class, consumer::get);
      assertTrue(e.getCause() instanceof CancellationException, () -> "" + e.getCause());
      assertEquals(FinishReason.CANCELLED, g.finishReason());
    }
  }

  @Test
  void closingEndsWhatRuns() {
    Session session = model.newSession();
    Generation g = session.generate(prompt, SamplingOptions.GREEDY, 250, Set.of());
    session.close();
    session.close();
    assertEquals(FinishReason.CANCELLED, g.finishReason());
    assertThrows(
        IllegalStateException.class,
        () -> session.generate(prompt, SamplingOptions.GREEDY, 1, Set.of()));
  }

  @Test
  void aClosedModelEndsItsSessions() throws IOException {
    Model other = GoldenTest.load(GOLDEN, LoadOptions.defaults());
    Session session = other.newSession();
    Generation g = session.generate(prompt, SamplingOptions.GREEDY, 2000, Set.of());
    other.close();
    other.close();
    assertEquals(FinishReason.CANCELLED, g.finishReason());
    assertThrows(IllegalStateException.class, other::newSession);
    assertThrows(
        IllegalStateException.class,
        () -> session.generate(prompt, SamplingOptions.GREEDY, 1, Set.of()));
    session.close();
  }

  @Test
  void anObserversFailureIsItsOwn() {
    PassObserver broken =
        new PassObserver() {
          @Override
          public void logits(int position, float[] data, int offset, int length) {
            throw new IllegalStateException("mine");
          }
        };
    try (Session session = model.newSession()) {
      IllegalStateException e =
          assertThrows(IllegalStateException.class, () -> session.evaluate(prompt, broken));
      assertEquals("mine", e.getMessage());
      session.truncate(0);
      session.evaluate(prompt, new PassObserver() {});
    }
  }

  /** Sixteen sessions of different lengths and seeds at once: each as if alone. */
  @Test
  void companyDoesNotChangeATokenOrALogprob() throws Exception {
    int sessions = 16;
    List<List<Token>> alone = new ArrayList<>();
    for (int s = 0; s < sessions; s++) {
      alone.add(run(s));
    }
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<List<Token>>> futures = new ArrayList<>();
      for (int s = 0; s < sessions; s++) {
        int n = s;
        futures.add(executor.submit(() -> run(n)));
      }
      for (int s = 0; s < sessions; s++) {
        assertEquals(alone.get(s), futures.get(s).get(), "session " + s);
      }
    }
  }

  private static List<Token> run(int n) throws IOException {
    int[] from = GOLDEN.prompts().get(2);
    int[] own = Arrays.copyOfRange(from, n, n + 1 + n * 5);
    try (Session session = model.newSession()) {
      List<Token> tokens = new ArrayList<>();
      SamplingOptions options = warm(n).withTopLogprobs(3).withPenalties(1.1, 0.2, 0.1);
      session.generate(own, options, 20 + n, Set.of()).forEachRemaining(tokens::add);
      return tokens;
    }
  }
}
