package dev.tyto.demo;

import java.nio.file.Files;
import java.nio.file.Path;

/** Extracts in a process of its own: waits for a start signal, prints the folder. */
final class ExtractMain {
  private ExtractMain() {}

  public static void main(String[] args) throws Exception {
    Path cache = Path.of(args[0]);
    Path signal = Path.of(args[1]);
    Files.createFile(Path.of(args[2]));
    while (!Files.exists(signal)) {
      Thread.onSpinWait();
    }
    System.out.print(DemoModel.folder(cache));
  }
}
