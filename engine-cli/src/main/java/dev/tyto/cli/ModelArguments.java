package dev.tyto.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which model. */
final class ModelArguments {
  @Option(
      names = {"-m", "--model"},
      paramLabel = "DIR",
      description = {
        "Hugging Face model folder: config.json, *.safetensors, tokenizer.json.",
        "Default: the embedded demo model."
      })
  @Nullable Path folder;

  /** The folder, which exists. */
  Path folder(Context context) throws IOException {
    if (folder == null) {
      return context.models().demo();
    }
    if (!Files.isDirectory(folder)) {
      throw new Failure(
          folder
              + (Files.exists(folder)
                  ? ": not a folder: --model takes the folder that holds config.json"
                  : ": no such folder"));
    }
    return folder;
  }

  /** Whether no model was named, so that a word about the demo model is due. */
  boolean isDemo() {
    return folder == null;
  }
}
