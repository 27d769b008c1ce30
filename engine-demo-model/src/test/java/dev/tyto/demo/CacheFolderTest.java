package dev.tyto.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CacheFolderTest {
  private static final String HOME = Path.of("home", "ida").toAbsolutePath().toString();

  @Test
  void followsTheConventionOfEachPlatform() {
    assertEquals(Path.of(HOME, ".cache", "tyto"), CacheFolder.of(Map.of(), "Linux", HOME));
    assertEquals(
        Path.of(HOME, "Library", "Caches", "tyto"), CacheFolder.of(Map.of(), "Mac OS X", HOME));
    assertEquals(
        Path.of(HOME, "AppData", "Local", "tyto", "cache"),
        CacheFolder.of(Map.of(), "Windows 11", HOME));
    String local = Path.of("local").toAbsolutePath().toString();
    assertEquals(
        Path.of(local, "tyto", "cache"),
        CacheFolder.of(Map.of("LOCALAPPDATA", local), "Windows 11", HOME));
  }

  @Test
  void xdgMovesItUnlessRelative() {
    String xdg = Path.of("xdg").toAbsolutePath().toString();
    assertEquals(
        Path.of(xdg, "tyto"), CacheFolder.of(Map.of("XDG_CACHE_HOME", xdg), "Linux", HOME));
    assertEquals(
        Path.of(HOME, ".cache", "tyto"),
        CacheFolder.of(Map.of("XDG_CACHE_HOME", "relative"), "Linux", HOME));
    assertEquals(
        Path.of(HOME, ".cache", "tyto"),
        CacheFolder.of(Map.of("XDG_CACHE_HOME", ""), "Linux", HOME));
  }

  @Test
  void tytoCacheHasTheLastWord() {
    String xdg = Path.of("xdg").toAbsolutePath().toString();
    assertEquals(
        Path.of("mine").toAbsolutePath(),
        CacheFolder.of(Map.of("TYTO_CACHE", "mine", "XDG_CACHE_HOME", xdg), "Linux", HOME));
  }
}
