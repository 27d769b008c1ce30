package dev.tyto.cli;

import dev.tyto.text.ChatSession;
import dev.tyto.text.TextModel;
import dev.tyto.text.TextOptions;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tyto chat}. */
@Command(
    name = "chat",
    description = {
      "Talks with a model.",
      "",
      "At the prompt: Ctrl-C stops the answer, Ctrl-D ends, /help lists the commands. When standard"
          + " input is not a terminal, each line of it is a message."
    },
    footer = {
      "",
      "Examples:",
      "  tyto chat",
      "  tyto chat --model DeepSeek-V2-Lite-Chat --system \"Answer in French.\"",
      "  echo \"Tell me a story.\" | tyto chat --quiet"
    })
final class ChatCommand implements Callable<Integer> {
  private final Context context;

  @Mixin final ModelArguments model = new ModelArguments();

  @Option(
      names = {"-s", "--system"},
      paramLabel = "TEXT",
      description = "A system prompt: instructions that stand above the conversation.")
  @Nullable String system;

  @Mixin final SamplingArguments sampling = new SamplingArguments();
  @Mixin final RunArguments run = new RunArguments();

  @Mixin final DraftArguments draft = new DraftArguments();

  @Option(
      names = {"-c", "--context"},
      paramLabel = "N",
      description = "Most tokens of the conversation. Default: the model's own limit.")
  int contextLength;

  @Option(
      names = {"-q", "--quiet"},
      description = "Do not print hints, counts and speed.")
  boolean quiet;

  ChatCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException {
    try (TextModel loaded =
            Loading.textModel(
                context,
                model,
                RunArguments.withContext(draft.on(run.loadOptions()), contextLength));
        ChatSession chat = system == null ? loaded.newChat() : loaded.newChat(system);
        LineSource lines = LineSource.open(context.console())) {
      TextOptions byDefault = loaded.defaultOptions().withMaxTokens(loaded.model().contextLength());
      TextOptions options = sampling.applyTo(byDefault);
      ChatLoop loop = new ChatLoop(context.console(), chat, options, lines.isInteractive(), quiet);
      if (!quiet && lines.isInteractive()) {
        greet(options);
      }
      loop.run(lines);
    }
    return 0;
  }

  private void greet(TextOptions options) {
    Console console = context.console();
    if (model.isDemo()) {
      console.err().println("This is a tiny demo model. Try: Tell me a fairy tale.");
    }
    String seed =
        sampling.drewSeed(options) ? Formats.format(" (seed %d)", options.sampling().seed()) : "";
    console.err().println("/help lists the commands, Ctrl-D ends." + seed);
  }
}
