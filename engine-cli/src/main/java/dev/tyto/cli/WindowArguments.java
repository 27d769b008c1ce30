package dev.tyto.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** A text, cut into windows as {@code tyto perplexity} cuts it. */
final class WindowArguments {
  private static final int LONGEST_DEFAULT_WINDOW = 2048;

  @Option(
      names = {"-f", "--file"},
      paramLabel = "F",
      required = true,
      description = "The text, UTF-8.")
  @Nullable Path file;

  @Option(
      names = {"-c", "--context"},
      paramLabel = "N",
      description = "Tokens in a window. Default: the model's context, at most 2048.")
  @Nullable Integer window;

  @Option(
      names = "--tokens",
      paramLabel = "N",
      description = "Use the first N tokens of the text only. Default: all.")
  @Nullable Integer tokens;

  /** The text. */
  String text() throws IOException {
    Path path = Objects.requireNonNull(file);
    return Utf8.decode(Files.readAllBytes(path), path.toString());
  }

  /** The name of the file without its folder. */
  String fileName() {
    return String.valueOf(Objects.requireNonNull(file).getFileName());
  }

  /** Tokens in a window, for a model whose context has {@code limit}. */
  int windowLength(int limit) {
    if (tokens != null) {
      Usage.atLeast(2, "--tokens", tokens);
    }
    if (window == null) {
      return Math.min(limit, LONGEST_DEFAULT_WINDOW);
    }
    Usage.atLeast(2, "--context", window);
    if (window > limit) {
      throw new UsageException(
          "--context is " + window + ", but the model's context has " + Formats.tokens(limit));
    }
    return window;
  }

  /** The windows of an encoded text. */
  TextWindows windows(int[] ids, int windowLength) {
    int most = tokens == null ? ids.length : Math.min(tokens, ids.length);
    return TextWindows.of(Arrays.copyOf(ids, most), windowLength);
  }
}
