package dev.tyto.cli;

import dev.tyto.core.LoadOptions;
import dev.tyto.core.Model;
import dev.tyto.core.Session;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tyto logits}. */
@Command(
    name = "logits",
    description = {
      "Runs tokens through a model and writes what it computes to a safetensors file, to be "
          + "compared with a reference.",
      "",
      "T tokens, L layers, hidden size D, vocabulary V, k experts per token:",
      "  logits               F32 [T, V]  before any softmax",
      "  hidden{l}            F32 [T, D]  the residual stream after layer l = 0..L-1",
      "  layer{l}.topk_ids    I32 [T, k]  the experts chosen in Mixture-of-Experts layer l",
      "  layer{l}.topk_weights  F32 [T, k]  their final weights, normalised and scaled"
    },
    footer = {
      "",
      "Examples:",
      "  tyto logits --tokens 0,2359,650,263,533 --out logits.safetensors",
      "  tyto logits --model DeepSeek-V2-Lite --tokens - --kv-dtype f32 --out o.st < ids.txt"
    })
final class LogitsCommand implements Callable<Integer> {
  private final Context context;

  @Mixin final ModelArguments model = new ModelArguments();

  @Option(
      names = "--tokens",
      paramLabel = "1,2,3",
      required = true,
      description = "The token ids; - reads them from standard input.")
  String tokens = "";

  @Option(
      names = {"-o", "--out"},
      paramLabel = "FILE",
      required = true,
      description = "The file to write; it is replaced once it is complete.")
  @Nullable Path out;

  @Mixin final RunArguments run = new RunArguments();

  LogitsCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException {
    int[] ids = TokenIds.parse(tokens.equals("-") ? readInput() : tokens);
    Path file = Objects.requireNonNull(out);
    int limit = context.models().inspect(model.folder(context)).contextLength();
    if (ids.length > limit) {
      throw new UsageException(
          Formats.format(
              "--tokens: %d tokens, but the model's context has %s",
              ids.length, Formats.tokens(limit)));
    }
    LoadOptions options = run.plainLoadOptions().withContextLength(ids.length);
    try (Model loaded = Loading.model(context, model, options);
        Session session = loaded.newSession();
        PassCapture capture = new PassCapture(ids.length)) {
      TokenIds.check(ids, loaded.vocabSize());
      session.evaluate(ids, capture);
      capture.write(file);
    }
    context.console().note("wrote %s", file);
    return 0;
  }

  private String readInput() throws IOException {
    return new String(context.console().in().readAllBytes(), StandardCharsets.UTF_8);
  }
}
