package dev.tyto.text.jinja;

import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A compiled template. Immutable; many threads may render at once. */
public final class Template {
  /** Longest source, in UTF-16 units; the largest published chat templates have some 30,000. */
  public static final int MAX_SOURCE_LENGTH = 1 << 20;

  private final List<Statement> statements;

  private Template(List<Statement> statements) {
    this.statements = statements;
  }

  /**
   * Parses a template.
   *
   * @throws TemplateException if it is not valid or uses what chat templates have no use for
   */
  public static Template compile(String source) {
    if (source.length() > MAX_SOURCE_LENGTH) {
      throw new TemplateException(
          "the template has "
              + source.length()
              + " characters, over the limit of "
              + MAX_SOURCE_LENGTH);
    }
    return new Template(StatementParser.parse(source));
  }

  /**
   * Renders the template.
   *
   * @param variables by name; values are strings, booleans, longs, doubles, lists and maps of
   *     these, and Java's null stands for none at the top level
   * @param clock what {@code strftime_now} reads
   * @throws TemplateException if the template fails, refuses, or runs over its limits
   */
  public String render(Map<String, ?> variables, Supplier<ZonedDateTime> clock) {
    Budget budget = new Budget(length(variables));
    Scope scope = new Scope(null);
    Globals.define(scope, clock, budget);
    Scope globals = new Scope(scope);
    variables.forEach((name, value) -> globals.set(name, value == null ? None.NONE : value));
    try {
      return new Interpreter(budget).render(statements, globals);
    } catch (StackOverflowError e) {
      // The budget's depth stands well within a usual stack; this is for threads with a tiny one.
      throw new TemplateException("nested too deeply for this thread's stack");
    }
  }

  private static long length(@Nullable Object value) {
    return switch (value) {
      case String s -> s.length();
      case List<?> list -> list.stream().mapToLong(Template::length).sum();
      case Map<?, ?> map -> map.values().stream().mapToLong(Template::length).sum();
      case null, default -> 1;
    };
  }
}
