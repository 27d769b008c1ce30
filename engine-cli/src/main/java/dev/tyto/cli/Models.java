package dev.tyto.cli;

import dev.tyto.core.LoadOptions;
import dev.tyto.core.Model;
import dev.tyto.core.ModelInfo;
import dev.tyto.demo.DemoModel;
import dev.tyto.loader.LoadException;
import dev.tyto.text.TextModel;
import java.io.IOException;
import java.nio.file.Path;

/** Where models come from: the engine, or a stand-in in tests. */
interface Models {
  /** A model for token ids. */
  Model load(Path folder, LoadOptions options) throws LoadException;

  /** A model for text. */
  TextModel loadText(Path folder, LoadOptions options) throws LoadException;

  /** What a folder holds; the weights are not read. */
  ModelInfo inspect(Path folder) throws LoadException;

  /** The folder of the embedded demo model. */
  Path demo() throws IOException;

  /** The engine. */
  static Models real() {
    return new Models() {
      @Override
      public Model load(Path folder, LoadOptions options) throws LoadException {
        return Model.load(folder, options);
      }

      @Override
      public TextModel loadText(Path folder, LoadOptions options) throws LoadException {
        return TextModel.load(folder, options);
      }

      @Override
      public ModelInfo inspect(Path folder) throws LoadException {
        return ModelInfo.read(folder);
      }

      @Override
      public Path demo() throws IOException {
        return DemoModel.folder();
      }
    };
  }
}
