package dev.tyto.cli;

import dev.tyto.core.LoadOptions;
import dev.tyto.core.Model;
import dev.tyto.core.ModelInfo;
import dev.tyto.loader.LoadException;
import dev.tyto.text.TextModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A model that computes nothing, for the commands that need no text. */
final class FakeModels implements Models {
  static final int VOCAB = 11;
  static final int CONTEXT = 300;

  /** What the last model was loaded with. */
  @Nullable LoadOptions loadedWith;

  /** Thrown by whatever is asked for, if set. */
  @Nullable Throwable failure;

  @Override
  public Model load(Path folder, LoadOptions options) throws LoadException {
    fail();
    loadedWith = options;
    return FakeModel.load(folder, options);
  }

  @Override
  public TextModel loadText(Path folder, LoadOptions options) throws LoadException {
    fail();
    throw new LoadException(folder.resolve("tokenizer.json"), "no such file");
  }

  @Override
  public ModelInfo inspect(Path folder) throws LoadException {
    fail();
    return info(folder);
  }

  @Override
  public Path demo() throws IOException {
    return Path.of("demo");
  }

  private void fail() throws LoadException {
    switch (failure) {
      case null -> {}
      case LoadException e -> throw e;
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      default -> throw new AssertionError(failure);
    }
  }

  static ModelInfo info(Path folder) {
    return new ModelInfo(
        folder,
        "deepseek_v3",
        3,
        2,
        4,
        2,
        VOCAB,
        CONTEXT,
        8,
        2,
        1,
        0,
        12_345_678,
        2_345_678,
        99,
        Map.of("BF16", 3L << 20),
        1000);
  }
}
