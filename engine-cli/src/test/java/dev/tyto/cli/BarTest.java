package dev.tyto.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class BarTest {
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @Test
  void loadingIsShownOnATerminal() {
    try (LoadingBar bar = new LoadingBar(console(true), 0)) {
      bar.update(1 << 20, 4 << 20);
      bar.update(4 << 20, 4 << 20);
    }
    String shown = err.toString(StandardCharsets.UTF_8);
    assertTrue(shown.contains("Loading"), shown);
  }

  @Test
  void loadingThatIsDoneSoonIsNot() {
    try (LoadingBar bar = new LoadingBar(console(true), Long.MAX_VALUE)) {
      bar.update(1 << 20, 4 << 20);
    }
    try (LoadingBar bar = new LoadingBar(console(true), 0)) {
      bar.update(4 << 20, 4 << 20);
    }
    assertEquals(0, err.size());
  }

  @Test
  void nothingIsShownInALog() {
    try (LoadingBar bar = new LoadingBar(console(false), 0)) {
      bar.update(1 << 20, 4 << 20);
    }
    try (Bar bar = new Bar(console(false), "Task", 3, "")) {
      bar.step();
      bar.stepTo(2);
    }
    assertEquals(0, err.size());
  }

  private Console console(boolean terminal) {
    return new Console(
        new ByteArrayInputStream(new byte[0]),
        new Output(new ByteArrayOutputStream()),
        new PrintStream(err, true, StandardCharsets.UTF_8),
        false,
        false,
        terminal);
  }
}
