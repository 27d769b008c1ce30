package dev.tyto.cli;

/** Where the JVM starts. */
public final class Main {
  private Main() {}

  /** Runs the command line and ends the JVM with its exit code. */
  public static void main(String[] args) {
    System.exit(Tyto.run(new Context(Console.system(), Models.real()), args));
  }
}
