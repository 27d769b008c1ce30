package dev.tyto.demo;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * fairytale-v3, a tiny trained model with the DeepSeek-V3 architecture that continues fairy tales.
 * A demonstration, not a useful assistant; {@code MODEL_CARD.md} in its folder has the details.
 *
 * <pre>{@code
 * try (TextModel model = TextModel.load(DemoModel.folder())) {
 *   System.out.println(model.generate("Once upon a time"));
 * }
 * }</pre>
 */
public final class DemoModel {
  private static final String NAME = "fairytale-v3-fp8";

  /** One extraction at a time in this class loader; other processes are kept out by a file lock. */
  private static final Object LOCK = new Object();

  private DemoModel() {}

  /**
   * The model as a Hugging Face folder on disk. The first call of a user extracts it (21 MB) from
   * the jar into {@code $TYTO_CACHE}, or else into {@code tyto} below the platform's cache folder:
   * {@code $XDG_CACHE_HOME} or {@code ~/.cache}, on macOS {@code ~/Library/Caches}, on Windows
   * {@code %LOCALAPPDATA%}. Files are verified by SHA-256 when they are extracted; later calls only
   * compare their sizes and times with what was noted then, and extract again what has changed. Any
   * number of threads and processes may call this at once. Treat the files as read-only.
   *
   * @throws IOException if the folder can be neither used nor written; the message says which, why,
   *     and how to choose another
   */
  public static Path folder() throws IOException {
    return folder(CacheFolder.current());
  }

  static Path folder(Path cache) throws IOException {
    Manifest manifest = manifest();
    Path folder = cache.resolve(NAME + "-" + manifest.digest().substring(0, 12));
    synchronized (LOCK) {
      try {
        return new Extraction(folder, manifest, DemoModel::open).run();
      } catch (IOException e) {
        throw new IOException(
            folder
                + ": the demo model cannot be extracted here ("
                + reason(e)
                + "): free or permit the folder, or set "
                + CacheFolder.VARIABLE
                + " to one that can be written",
            e);
      }
    }
  }

  static Manifest manifest() throws IOException {
    try (InputStream list = DemoModel.class.getResourceAsStream(NAME + ".sha256")) {
      if (list == null) {
        throw new IOException(
            NAME + ".sha256: missing in the jar of the demo model: get the artifact again");
      }
      return Manifest.read(list);
    }
  }

  static @Nullable InputStream open(String file) {
    return DemoModel.class.getResourceAsStream(NAME + "/" + file);
  }

  private static String reason(IOException e) {
    if (e instanceof FileSystemException f && f.getReason() == null) {
      return e.getClass().getSimpleName() + ": " + f.getFile();
    }
    return String.valueOf(e.getMessage());
  }
}
