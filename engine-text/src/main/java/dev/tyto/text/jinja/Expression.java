package dev.tyto.text.jinja;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The syntax tree of what has a value. */
sealed interface Expression {
  record Literal(Object value) implements Expression {}

  record Name(String name) implements Expression {}

  record ListOf(List<Expression> items) implements Expression {}

  record TupleOf(List<Expression> items) implements Expression {}

  record DictOf(List<Expression> keys, List<Expression> values) implements Expression {}

  record Unary(String operator, Expression operand) implements Expression {}

  record Binary(String operator, Expression left, Expression right) implements Expression {}

  record And(Expression left, Expression right) implements Expression {}

  record Or(Expression left, Expression right) implements Expression {}

  /** {@code a ~ b ~ c} */
  record Concatenation(List<Expression> parts) implements Expression {}

  /** {@code a < b <= c}, each operand evaluated once. */
  record Comparison(Expression first, List<String> operators, List<Expression> operands)
      implements Expression {}

  record Conditional(Expression condition, Expression then, @Nullable Expression otherwise)
      implements Expression {}

  record Attribute(Expression base, String name) implements Expression {}

  record Item(Expression base, Expression key) implements Expression {}

  record Slice(
      Expression base,
      @Nullable Expression start,
      @Nullable Expression stop,
      @Nullable Expression step)
      implements Expression {}

  /** Arguments as written. */
  record Passed(List<Expression> positional, Map<String, Expression> named) {
    static final Passed NOTHING = new Passed(List.of(), Map.of());

    boolean isEmpty() {
      return positional.isEmpty() && named.isEmpty();
    }
  }

  record Call(Expression callee, Passed arguments) implements Expression {}

  record Filtered(Expression value, String filter, Passed arguments) implements Expression {}

  record Tested(Expression value, String test, Passed arguments) implements Expression {}
}
