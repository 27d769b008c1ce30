package dev.tyto.demo;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where Tyto keeps what it can make again. A pure function of the environment, so that every
 * platform's convention is tested on one.
 */
final class CacheFolder {
  /** The variable that overrides the convention. */
  static final String VARIABLE = "TYTO_CACHE";

  private CacheFolder() {}

  /** For this process. */
  static Path current() {
    return of(
        System.getenv(), System.getProperty("os.name", ""), System.getProperty("user.home", ""));
  }

  /**
   * {@code $TYTO_CACHE}; else {@code $XDG_CACHE_HOME/tyto} on every platform; else the platform's
   * own: {@code ~/Library/Caches/tyto}, {@code %LOCALAPPDATA%\tyto\cache} or {@code ~/.cache/tyto}.
   */
  static Path of(Map<String, String> environment, String osName, String home) {
    String chosen = environment.get(VARIABLE);
    if (chosen != null && !chosen.isBlank()) {
      return Path.of(chosen).toAbsolutePath();
    }
    Path xdg = absolute(environment.get("XDG_CACHE_HOME"));
    if (xdg != null) {
      return xdg.resolve("tyto");
    }
    String os = osName.toLowerCase(Locale.ROOT);
    if (os.startsWith("mac")) {
      return Path.of(home, "Library", "Caches", "tyto").toAbsolutePath();
    }
    if (os.startsWith("windows")) {
      Path local = absolute(environment.get("LOCALAPPDATA"));
      Path base = local != null ? local : Path.of(home, "AppData", "Local");
      return base.resolve("tyto").resolve("cache").toAbsolutePath();
    }
    return Path.of(home, ".cache", "tyto").toAbsolutePath();
  }

  /** The XDG specification has relative paths ignored. */
  private static @Nullable Path absolute(@Nullable String value) {
    if (value == null || value.isBlank()) {
      return null;
    }
    Path path = Path.of(value);
    return path.isAbsolute() ? path : null;
  }
}
