package dev.tyto.demo;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;

/**
 * The files of the model as they must be.
 *
 * @param entries in the order of the list
 * @param digest of the list itself, so that another model never shares its folder
 */
record Manifest(List<Entry> entries, String digest) {
  /** One file: its name, its exact size in bytes and its SHA-256 in lower-case hex. */
  record Entry(String name, long size, String sha256) {}

  /** Reads lines of {@code sha256 size name}. */
  static Manifest read(InputStream source) throws IOException {
    byte[] bytes = source.readAllBytes();
    List<Entry> entries =
        new String(bytes, StandardCharsets.UTF_8).lines().map(Manifest::parse).toList();
    String digest = HexFormat.of().formatHex(Sha256.newDigest().digest(bytes));
    return new Manifest(entries, digest);
  }

  private static Entry parse(String line) {
    String[] parts = line.split(" ", 3);
    return new Entry(parts[2], Long.parseLong(parts[1]), parts[0]);
  }
}
