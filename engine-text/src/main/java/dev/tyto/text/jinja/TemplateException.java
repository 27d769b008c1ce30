package dev.tyto.text.jinja;

/** A template that is not valid, failed, refused its input or ran over its limits. */
public final class TemplateException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean raised;
  private final int line;

  TemplateException(String message) {
    this(message, false, 0);
  }

  private TemplateException(String message, boolean raised, int line) {
    super(line > 0 ? "line " + line + ": " + message : message);
    this.raised = raised;
    this.line = line;
  }

  /** What {@code raise_exception} throws: the template's own words. */
  static TemplateException raised(String message) {
    return new TemplateException(message, true, 0);
  }

  static TemplateException at(int line, String message) {
    return new TemplateException(message, false, line);
  }

  /** This failure with the line of the statement it came from, unless it has one or needs none. */
  TemplateException within(int statementLine) {
    return raised || line > 0 || statementLine == 0
        ? this
        : at(statementLine, String.valueOf(getMessage()));
  }

  /** Whether the template itself refused, through {@code raise_exception}. */
  public boolean isRaised() {
    return raised;
  }
}
