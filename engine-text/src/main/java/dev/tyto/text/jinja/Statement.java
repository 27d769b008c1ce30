package dev.tyto.text.jinja;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The syntax tree of what is executed. Lines are 1-based, for errors. */
sealed interface Statement {
  /** Literal text. */
  record Text(String text) implements Statement {}

  record Print(Expression value, int line) implements Statement {}

  record Branch(Expression condition, List<Statement> body) {}

  record If(List<Branch> branches, List<Statement> otherwise, int line) implements Statement {}

  record For(
      Target target,
      Expression items,
      @Nullable Expression condition,
      boolean recursive,
      List<Statement> body,
      List<Statement> otherwise,
      int line)
      implements Statement {}

  record Set(Target target, Expression value, int line) implements Statement {}

  /** {@code {% set x | filters %}body{% endset %}} */
  record Capture(Target target, List<FilterCall> filters, List<Statement> body, int line)
      implements Statement {}

  record FilterCall(String filter, Expression.Passed arguments) {}

  record FilterBlock(List<FilterCall> filters, List<Statement> body, int line)
      implements Statement {}

  /** A parameter of a macro and its default, if any. */
  record Parameter(String name, @Nullable Expression fallback) {}

  /**
   * A macro, or the body of a call block.
   *
   * @param usesVarargs whether the body names {@code varargs}, and so accepts any number
   * @param usesKwargs whether the body names {@code kwargs}
   */
  record MacroBody(
      String name,
      List<Parameter> parameters,
      List<Statement> body,
      boolean usesVarargs,
      boolean usesKwargs) {}

  record Macro(MacroBody macro, int line) implements Statement {}

  record CallBlock(MacroBody caller, Expression.Call call, int line) implements Statement {}

  record With(List<Target> targets, List<Expression> values, List<Statement> body, int line)
      implements Statement {}

  /** A body with a scope of its own: block, generation. */
  record Scoped(List<Statement> body, int line) implements Statement {}

  record Break(int line) implements Statement {}

  record Continue(int line) implements Statement {}

  /** What can be assigned to. */
  sealed interface Target {
    record Variable(String name) implements Target {}

    record Unpacked(List<Target> targets) implements Target {}

    record OfNamespace(String namespace, String attribute) implements Target {}
  }
}
