package dev.tyto.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tyto.core.ContextOverflowException;
import dev.tyto.core.FinishReason;
import dev.tyto.core.Token;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(600)
class TextStreamTest {
  private final FakeModel model = new FakeModel();

  private TextStream stream(TextOptions options) {
    return model.engine(null).stream("p", options);
  }

  private static List<String> pieces(TextStream stream) {
    List<String> pieces = new ArrayList<>();
    stream.forEachRemaining(pieces::add);
    return pieces;
  }

  @Test
  void piecesAreWholeCharacters() {
    model.answer("aé日😀b");
    TextStream stream = stream(TextOptions.GREEDY);
    assertEquals(List.of("a", "é", "日", "😀", "b"), pieces(stream));
    assertEquals(FinishReason.STOP, stream.finishReason());
    assertEquals(12, stream.tokens().size());
    assertEquals(FakeModel.EOS, stream.tokens().getLast().id());
    assertEquals(12, stream.stats().generatedTokens());
  }

  @Test
  void aCharacterCutByTheLimitIsOneReplacement() {
    model.answer("a😀");
    TextStream stream = stream(TextOptions.GREEDY.withMaxTokens(4));
    assertEquals(List.of("a", "\ufffd"), pieces(stream));
    assertEquals(FinishReason.MAX_TOKENS, stream.finishReason());
  }

  @Test
  void aStopStringSplitOverTokensIsCutOut() {
    model.answer("one\nEND two");
    TextStream stream = stream(TextOptions.GREEDY.withStop("\nEND"));
    assertEquals("one", stream.readAll());
    assertEquals(FinishReason.STOP, stream.finishReason());
    assertEquals(7, stream.tokens().size());
    assertFalse(stream.hasNext());
    assertEquals(0, model.openSessions.get());
  }

  @Test
  void whatOnlyBeganAsAStopStringComesAtTheEnd() {
    model.answer("one\nEN");
    TextStream stream = stream(TextOptions.GREEDY.withStop("\nEND"));
    assertEquals(List.of("o", "n", "e", "\nEN"), pieces(stream));
  }

  @Test
  void aStopStringOfBytesThatNeverBecameACharacterIsFoundAtTheEnd() {
    model.answers.add(new int[] {'a', 0xf0, FakeModel.EOS});
    TextStream stream = stream(TextOptions.GREEDY.withStop("\ufffd"));
    assertEquals("a", stream.readAll());
    assertEquals(FinishReason.STOP, stream.finishReason());
  }

  @Test
  void aStopStringThatSpellsASpecialTokenStopsAtTheToken() {
    model.answer("abc");
    stream(TextOptions.GREEDY.withStop("<m>", "a", "xyz")).close();
    assertEquals(Set.of(FakeModel.EOS, FakeModel.MARK), model.lastStopIds);
  }

  @Test
  void eosCanBeIgnored() {
    model.answers.add(new int[] {'a', FakeModel.EOS, 'b'});
    TextStream stream = stream(TextOptions.GREEDY.withIgnoreEos(true).withMaxTokens(3));
    assertEquals("ab", stream.readAll());
    assertEquals(FinishReason.MAX_TOKENS, stream.finishReason());
    assertEquals(Set.of(), model.lastStopIds);
  }

  @Test
  void theSessionIsClosedHoweverTheStreamEnds() {
    model.answer("a");
    stream(TextOptions.GREEDY).readAll();
    assertEquals(0, model.openSessions.get());

    model.answer("a");
    TextStream closed = stream(TextOptions.GREEDY);
    assertEquals(1, model.openSessions.get());
    closed.close();
    closed.close();
    closed.cancel();
    assertEquals(0, model.openSessions.get());
    assertEquals(FinishReason.CANCELLED, closed.finishReason());
    assertFalse(closed.hasNext());
    assertThrows(NoSuchElementException.class, closed::next);

    model.contextLength = 2;
    assertThrows(
        ContextOverflowException.class,
        () -> model.engine(null).stream("long prompt", TextOptions.GREEDY));
    assertEquals(0, model.openSessions.get());
  }

  @Test
  void closingAfterTheEndKeepsTheReason() {
    model.answer("a");
    TextStream stream = stream(TextOptions.GREEDY);
    stream.readAll();
    stream.close();
    assertEquals(FinishReason.STOP, stream.finishReason());
  }

  @Test
  void anEmptyPromptIsAClearError() {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> model.engine(null).stream("", TextOptions.GREEDY));
    assertTrue(e.getMessage().startsWith("the prompt is empty"));
    assertEquals(0, model.openSessions.get());
  }

  @Test
  void thereIsNoReasonBeforeTheEnd() {
    model.answer("ab");
    TextStream stream = stream(TextOptions.GREEDY);
    assertTrue(stream.hasNext());
    assertThrows(IllegalStateException.class, stream::finishReason);
    assertEquals("a", stream.next());
    assertEquals("b", stream.next());
    assertThrows(NoSuchElementException.class, stream::next);
    assertEquals(FinishReason.STOP, stream.finishReason());
  }

  @Test
  void tokensOfHeldBackTextAreAmongTheTokens() {
    model.answer("aé");
    TextStream stream = stream(TextOptions.GREEDY.withStop("é!"));
    assertEquals("a", stream.next());
    assertEquals(1, stream.tokens().size());
    assertEquals("é", stream.next());
    assertEquals(
        List.of((int) 'a', 0xc3, 0xa9, FakeModel.EOS),
        stream.tokens().stream().map(Token::id).toList());
  }

  @Test
  void anotherThreadCancelsWhileATokenIsAwaited() throws InterruptedException {
    model.answers.add(new int[] {'a', 0xc3});
    model.endless = true;
    TextStream stream = stream(TextOptions.GREEDY);
    assertEquals("a", stream.next());
    Thread canceller = new Thread(stream::cancel);
    canceller.start();
    assertFalse(stream.hasNext());
    canceller.join();
    assertEquals(FinishReason.CANCELLED, stream.finishReason());
    assertEquals(0, model.openSessions.get());
  }

  @Test
  void anAnnouncedPieceIsStillDelivered() {
    model.answer("ab");
    TextStream stream = stream(TextOptions.GREEDY);
    assertTrue(stream.hasNext());
    stream.cancel();
    assertTrue(stream.hasNext());
    assertEquals("a", stream.next());
    assertFalse(stream.hasNext());
  }

  @Test
  void aFailureIsThrownAndTheSessionClosed() {
    model.answers.add(new int[] {'a'});
    model.failure = new IllegalStateException("the pass failed");
    TextStream stream = stream(TextOptions.GREEDY);
    assertEquals("a", stream.next());
    assertSame(model.failure, assertThrows(IllegalStateException.class, stream::hasNext));
    assertSame(model.failure, assertThrows(IllegalStateException.class, stream::next));
    assertEquals(FinishReason.FAILED, stream.finishReason());
    assertEquals(0, model.openSessions.get());
  }
}
