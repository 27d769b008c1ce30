package dev.tyto.cli;

import dev.tyto.core.ContextOverflowException;
import dev.tyto.core.FinishReason;
import dev.tyto.core.GenerationStats;
import dev.tyto.text.ChatMessage;
import dev.tyto.text.ChatSession;
import dev.tyto.text.ChatTemplateException;
import dev.tyto.text.TextOptions;
import dev.tyto.text.TextStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/** Message in, answer out, until the messages end. */
final class ChatLoop {
  /** The commands and what they do. */
  static final SequencedMap<String, String> COMMANDS = new LinkedHashMap<>();

  static {
    COMMANDS.put("/help", "lists the commands");
    COMMANDS.put("/reset", "forgets the conversation, but not the system prompt");
    COMMANDS.put("/history", "prints the conversation");
    COMMANDS.put("/exit", "ends, like Ctrl-D");
  }

  private final Console console;
  private final ChatSession chat;
  private final TextOptions options;
  private final boolean interactive;
  private final boolean quiet;

  ChatLoop(
      Console console, ChatSession chat, TextOptions options, boolean interactive, boolean quiet) {
    this.console = console;
    this.chat = chat;
    this.options = options;
    this.interactive = interactive;
    this.quiet = quiet;
  }

  void run(LineSource lines) throws IOException {
    for (String line = lines.next(); line != null; line = lines.next()) {
      String message = line.strip();
      if (message.equals("/exit") || message.equals("/quit")) {
        return;
      }
      if (message.startsWith("/")) {
        command(message);
      } else if (!message.isEmpty()) {
        answer(message);
      }
    }
  }

  private void command(String command) {
    switch (command) {
      case "/help" -> {
        for (Map.Entry<String, String> entry : COMMANDS.entrySet()) {
          console.err().println(Formats.format("  %-10s%s", entry.getKey(), entry.getValue()));
        }
        console.err().println("  A line that ends in \\ goes on in the next.");
      }
      case "/reset" -> chat.reset();
      case "/history" -> {
        for (ChatMessage message : chat.history()) {
          console.err().println(message.role() + ": " + message.content());
        }
      }
      default -> complain(new Failure("no command " + command + ": /help lists them"));
    }
  }

  private void answer(String message) {
    try {
      stream(message);
    } catch (ContextOverflowException e) {
      if (interactive && hasTurns()) {
        console.note("the conversation no longer fits the context, so this starts a new one");
        chat.reset();
        answer(message);
      } else {
        complain(
            new Failure(
                hasTurns()
                    ? "the conversation no longer fits the context of the model"
                    : "the message does not fit the context of the model",
                e));
      }
    } catch (ChatTemplateException e) {
      complain(e);
    }
  }

  private boolean hasTurns() {
    return chat.history().stream().anyMatch(turn -> turn.role().equals(ChatMessage.USER));
  }

  private void stream(String message) {
    try (Interrupt interrupt = new Interrupt();
        TextStream stream = chat.send(message, options)) {
      interrupt.stopBy(stream::cancel);
      while (stream.hasNext()) {
        console.out().print(stream.next());
        console.out().flush();
      }
      console.out().println("");
      if (!quiet) {
        console.err().println(summary(stream));
      }
    }
  }

  /** A person can try something else; a script must learn of it by the exit code. */
  private void complain(RuntimeException error) {
    if (!interactive) {
      throw error;
    }
    console.note("%s", Errors.message(error));
  }

  private static String summary(TextStream stream) {
    GenerationStats stats = stream.stats();
    FinishReason end = stream.finishReason();
    return Formats.format(
        "[%s, %s tokens/s%s]",
        Formats.tokens(stats.generatedTokens()),
        Formats.rate(stats.decodeTokensPerSecond()),
        switch (end) {
          case CONTEXT_FULL -> ", the context is full";
          case CANCELLED -> ", stopped";
          case MAX_TOKENS -> ", --max-tokens reached";
          case STOP, FAILED -> "";
        });
  }
}
