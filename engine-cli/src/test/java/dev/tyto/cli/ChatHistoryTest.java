package dev.tyto.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ChatHistoryTest {
  private static final Path HOME = Path.of("/home/owl");

  @Test
  void followsTheXdgSpecification() {
    Path byDefault = HOME.resolve(".local/state/tyto/chat_history");
    assertEquals(byDefault, ChatHistory.path(Map.of(), HOME));
    assertEquals(byDefault, ChatHistory.path(Map.of("XDG_STATE_HOME", ""), HOME));
    assertEquals(byDefault, ChatHistory.path(Map.of("XDG_STATE_HOME", "relative"), HOME));
    assertEquals(
        Path.of("/state/tyto/chat_history"),
        ChatHistory.path(Map.of("XDG_STATE_HOME", "/state"), HOME));
  }
}
