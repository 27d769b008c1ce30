package dev.tyto.cli;

import dev.tyto.core.LoadOptions;
import dev.tyto.core.Model;
import dev.tyto.text.TextModel;
import java.io.IOException;
import java.nio.file.Path;

/** Loads models, showing how far it has come. */
final class Loading {
  private Loading() {}

  static Model model(Context context, ModelArguments which, LoadOptions options)
      throws IOException {
    Path folder = which.folder(context);
    try (LoadingBar bar = new LoadingBar(context.console())) {
      return context.models().load(folder, options.withProgress(bar));
    } catch (IllegalArgumentException e) {
      throw refused(e);
    }
  }

  static TextModel textModel(Context context, ModelArguments which, LoadOptions options)
      throws IOException {
    Path folder = which.folder(context);
    try (LoadingBar bar = new LoadingBar(context.console())) {
      return context.models().loadText(folder, options.withProgress(bar));
    } catch (IllegalArgumentException e) {
      throw refused(e);
    }
  }

  /** The engine refuses options that do not suit the model, such as too long a context. */
  private static UsageException refused(IllegalArgumentException e) {
    return new UsageException(Errors.message(e));
  }
}
