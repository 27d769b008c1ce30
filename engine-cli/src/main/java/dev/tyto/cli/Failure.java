package dev.tyto.cli;

/** The command cannot do its work, for a reason that one sentence says: exit code 1. */
final class Failure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  Failure(String message) {
    super(message);
  }

  Failure(String message, Throwable cause) {
    super(message, cause);
  }
}
