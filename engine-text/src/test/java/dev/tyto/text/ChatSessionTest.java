package dev.tyto.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tyto.core.ContextOverflowException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(600)
class ChatSessionTest {
  private static final ChatTemplate TEMPLATE =
      (messages, addGenerationPrompt) -> {
        StringBuilder text = new StringBuilder();
        for (ChatMessage message : messages) {
          text.append(message.role().charAt(0)).append(':').append(message.content());
          text.append(message.role().equals(ChatMessage.ASSISTANT) ? "<eos>" : "<m>");
        }
        return addGenerationPrompt ? text.append("a:").toString() : text.toString();
      };

  private final FakeModel model = new FakeModel();

  private ChatSession chat(String... system) {
    List<ChatMessage> opening =
        system.length == 0 ? List.of() : List.of(ChatMessage.system(system[0]));
    return new ChatSession(model.engine(TEMPLATE), opening);
  }

  private int[] encode(String text) {
    return new FakeModel.ByteTokenizer().encode(text, false);
  }

  @Test
  void laterTurnsRunOnlyWhatIsNew() {
    ChatSession chat = chat("S");
    model.answer("one");
    assertEquals("one", chat.send("1", TextOptions.GREEDY).readAll());
    model.answer("two");
    assertEquals("two", chat.send("2", TextOptions.GREEDY).readAll());

    assertArrayEquals(encode("s:S<m>u:1<m>a:"), model.prefills.get(0));
    assertArrayEquals(encode("u:2<m>a:"), model.prefills.get(1));
    assertArrayEquals(encode("s:S<m>u:1<m>a:one<eos>u:2<m>a:two<eos>"), model.lastSession.tokens());
    assertEquals(
        List.of(
            ChatMessage.system("S"),
            ChatMessage.user("1"),
            ChatMessage.assistant("one"),
            ChatMessage.user("2"),
            ChatMessage.assistant("two")),
        chat.history());
  }

  @Test
  void anAnswerThatReadsBackDifferentlyIsRunAgainFromThere() {
    ChatSession chat = chat();
    model.answers.add(new int[] {'o', FakeModel.MARK, 'k', FakeModel.EOS});
    assertEquals("ok", chat.send("1", TextOptions.GREEDY).readAll());
    model.answer("two");
    chat.send("2", TextOptions.GREEDY).readAll();
    assertArrayEquals(encode("k<eos>u:2<m>a:"), model.prefills.get(1));
    assertArrayEquals(encode("u:1<m>a:ok<eos>u:2<m>a:two<eos>"), model.lastSession.tokens());
  }

  @Test
  void aStopStringIsCutFromHistoryAndCache() {
    ChatSession chat = chat();
    model.answer("yes STOP no");
    assertEquals("yes", chat.send("1", TextOptions.GREEDY.withStop(" STOP")).readAll());
    model.answer("two");
    chat.send("2", TextOptions.GREEDY).readAll();
    assertArrayEquals(encode("<eos>u:2<m>a:"), model.prefills.get(1));
    assertEquals(ChatMessage.assistant("yes"), chat.history().get(1));
  }

  @Test
  void aCancelledAnswerStaysAsFarAsItWasTaken() {
    ChatSession chat = chat();
    model.answer("abcdef");
    TextStream stream = chat.send("1", TextOptions.GREEDY);
    assertEquals("a", stream.next());
    assertEquals("b", stream.next());
    assertEquals(List.of(), chat.history());
    stream.cancel();
    assertEquals(List.of(ChatMessage.user("1"), ChatMessage.assistant("ab")), chat.history());

    model.answer("two");
    chat.send("2", TextOptions.GREEDY).readAll();
    assertArrayEquals(encode("<eos>u:2<m>a:"), model.prefills.get(1));
  }

  @Test
  void anAnswerCancelledFromAnotherThreadEntersTheHistory() throws InterruptedException {
    ChatSession chat = chat();
    model.answers.add(new int[] {'a'});
    model.endless = true;
    TextStream stream = chat.send("1", TextOptions.GREEDY);
    assertEquals("a", stream.next());
    Thread canceller = new Thread(stream::cancel);
    canceller.start();
    assertFalse(stream.hasNext());
    canceller.join();
    assertEquals(List.of(ChatMessage.user("1"), ChatMessage.assistant("a")), chat.history());
  }

  @Test
  void overflowChangesNothing() {
    model.contextLength = 40;
    ChatSession chat = chat();
    model.answer("one");
    chat.send("1", TextOptions.GREEDY).readAll();
    int[] before = model.lastSession.tokens();
    List<ChatMessage> history = chat.history();

    ContextOverflowException e =
        assertThrows(
            ContextOverflowException.class, () -> chat.send("x".repeat(100), TextOptions.GREEDY));
    assertTrue(e.getMessage().contains("40 tokens"), e.getMessage());
    assertArrayEquals(before, model.lastSession.tokens());
    assertEquals(history, chat.history());

    model.answer("two");
    assertEquals("two", chat.send("2", TextOptions.GREEDY).readAll());
  }

  @Test
  void aTemplateThatRefusesChangesNothing() {
    ChatTemplate refusing =
        (messages, prompt) -> {
          if (messages.size() > 1) {
            throw new ChatTemplateException("no more");
          }
          return TEMPLATE.render(messages, prompt);
        };
    ChatSession chat = new ChatSession(model.engine(refusing), List.of());
    model.answer("one");
    chat.send("1", TextOptions.GREEDY).readAll();
    assertThrows(ChatTemplateException.class, () -> chat.send("2", TextOptions.GREEDY));
    assertEquals(2, chat.history().size());
  }

  @Test
  void aFailedAnswerLeavesTheHistoryAsItWas() {
    ChatSession chat = chat();
    model.answers.add(new int[] {'a'});
    model.failure = new IllegalStateException("the pass failed");
    TextStream stream = chat.send("1", TextOptions.GREEDY);
    assertThrows(IllegalStateException.class, stream::readAll);
    assertEquals(List.of(), chat.history());

    model.failure = null;
    model.answer("one");
    assertEquals("one", chat.send("1", TextOptions.GREEDY).readAll());
    assertEquals(2, chat.history().size());
  }

  @Test
  void oneAnswerAtATime() {
    ChatSession chat = chat();
    model.answer("one");
    TextStream stream = chat.send("1", TextOptions.GREEDY);
    IllegalStateException e =
        assertThrows(IllegalStateException.class, () -> chat.send("2", TextOptions.GREEDY));
    assertTrue(e.getMessage().startsWith("the last answer has not ended"));
    stream.readAll();
    model.answer("two");
    assertEquals("two", chat.send("2", TextOptions.GREEDY).readAll());
  }

  @Test
  void resetKeepsTheSystemPrompt() {
    ChatSession chat = chat("S");
    model.answer("one");
    TextStream stream = chat.send("1", TextOptions.GREEDY);
    stream.next();
    chat.reset();
    assertEquals(List.of(ChatMessage.system("S")), chat.history());
    assertFalse(stream.hasNext());
    model.answer("two");
    chat.send("2", TextOptions.GREEDY).readAll();
    assertArrayEquals(encode("s:S<m>u:2<m>a:"), model.prefills.get(1));
  }

  @Test
  void closingCancelsAndFreesOnce() {
    ChatSession chat = chat();
    model.answer("one");
    TextStream stream = chat.send("1", TextOptions.GREEDY);
    chat.close();
    chat.close();
    assertFalse(stream.hasNext());
    assertEquals(0, model.openSessions.get());
    assertThrows(IllegalStateException.class, () -> chat.send("2", TextOptions.GREEDY));
    assertThrows(IllegalStateException.class, chat::reset);
    assertEquals(2, chat.history().size());
  }

  @Test
  void withoutATemplateThereIsNoChat() {
    ChatTemplateException e =
        assertThrows(
            ChatTemplateException.class, () -> new ChatSession(model.engine(null), List.of()));
    assertTrue(e.getMessage().startsWith("the model has no chat template"), e.getMessage());
    assertEquals(0, model.openSessions.get());
  }
}
