package dev.tyto.cli;

import dev.tyto.core.LoadOptions;
import dev.tyto.core.Model;
import dev.tyto.text.TextModel;
import java.io.IOException;

/** Loads models, showing how far it has come. */
final class Loading {
  private Loading() {}

  static Model model(Context context, ModelArguments which, LoadOptions options)
      throws IOException {
    try (LoadingBar bar = new LoadingBar(context.console())) {
      return context.models().load(which.folder(context), options.withProgress(bar));
    }
  }

  static TextModel textModel(Context context, ModelArguments which, LoadOptions options)
      throws IOException {
    try (LoadingBar bar = new LoadingBar(context.console())) {
      return context.models().loadText(which.folder(context), options.withProgress(bar));
    }
  }
}
