package dev.tyto.demo;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 of streams and files, in lower-case hex. */
final class Sha256 {
  private Sha256() {}

  static MessageDigest newDigest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** Copies all of {@code source} and returns its digest. */
  static String copy(InputStream source, OutputStream target) throws IOException {
    MessageDigest digest = newDigest();
    new DigestInputStream(source, digest).transferTo(target);
    return HexFormat.of().formatHex(digest.digest());
  }

  static String of(Path file) throws IOException {
    try (InputStream source = Files.newInputStream(file)) {
      return copy(source, OutputStream.nullOutputStream());
    }
  }
}
