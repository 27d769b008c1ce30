package dev.tyto.text.jinja;

import dev.tyto.text.jinja.Expression.Passed;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Computes the values of expressions. */
final class Evaluator {
  private final Budget budget;

  Evaluator(Budget budget) {
    this.budget = budget;
  }

  Object evaluate(Expression expression, Scope scope) {
    budget.step();
    budget.enter();
    Object value =
        switch (expression) {
          case Expression.Literal e -> e.value();
          case Expression.Name e -> scope.get(e.name());
          case Expression.ListOf e -> evaluateAll(e.items(), scope);
          case Expression.TupleOf e -> new Tuple(evaluateAll(e.items(), scope));
          case Expression.DictOf e -> dict(e, scope);
          case Expression.Unary e -> Operators.unary(e.operator(), evaluate(e.operand(), scope));
          case Expression.Binary e ->
              Operators.binary(
                  e.operator(), evaluate(e.left(), scope), evaluate(e.right(), scope), budget);
          case Expression.And e -> {
            Object left = evaluate(e.left(), scope);
            yield Operators.truth(left) ? evaluate(e.right(), scope) : left;
          }
          case Expression.Or e -> {
            Object left = evaluate(e.left(), scope);
            yield Operators.truth(left) ? left : evaluate(e.right(), scope);
          }
          case Expression.Concatenation e -> concatenation(e, scope);
          case Expression.Comparison e -> comparison(e, scope);
          case Expression.Conditional e -> conditional(e, scope);
          case Expression.Attribute e ->
              Values.attribute(evaluate(e.base(), scope), e.name(), budget);
          case Expression.Item e ->
              Values.item(evaluate(e.base(), scope), evaluate(e.key(), scope), budget);
          case Expression.Slice e ->
              Values.slice(
                  evaluate(e.base(), scope),
                  bound(e.start(), scope),
                  bound(e.stop(), scope),
                  bound(e.step(), scope),
                  budget);
          case Expression.Call e ->
              call(evaluate(e.callee(), scope), arguments(e.arguments(), scope));
          case Expression.Filtered e ->
              filter(e.filter(), evaluate(e.value(), scope), arguments(e.arguments(), scope));
          case Expression.Tested e ->
              Tests.apply(
                  e.test(), evaluate(e.value(), scope), arguments(e.arguments(), scope), budget);
        };
    budget.leave();
    return value;
  }

  Object call(Object callee, Arguments arguments) {
    return switch (callee) {
      case Callable callable -> callable.call(arguments);
      case Undefined u -> throw u.error();
      default -> throw new TemplateException("'" + Text.type(callee) + "' cannot be called");
    };
  }

  Object filter(String name, Object value, Arguments arguments) {
    return Filters.apply(name, value, arguments, budget);
  }

  Arguments arguments(Passed passed, Scope scope) {
    if (passed.isEmpty()) {
      return Arguments.NONE;
    }
    List<Object> positional = evaluateAll(passed.positional(), scope);
    Map<String, Object> named = new LinkedHashMap<>();
    passed.named().forEach((name, value) -> named.put(name, evaluate(value, scope)));
    return new Arguments(positional, named);
  }

  private List<Object> evaluateAll(List<Expression> expressions, Scope scope) {
    List<Object> values = new ArrayList<>(expressions.size());
    for (Expression expression : expressions) {
      values.add(evaluate(expression, scope));
    }
    return values;
  }

  private Map<Object, Object> dict(Expression.DictOf e, Scope scope) {
    Map<Object, Object> dict = new LinkedHashMap<>();
    for (int i = 0; i < e.keys().size(); i++) {
      Object key = Values.key(evaluate(e.keys().get(i), scope));
      dict.put(key, evaluate(e.values().get(i), scope));
    }
    return dict;
  }

  private String concatenation(Expression.Concatenation e, Scope scope) {
    Output out = new Output(budget);
    for (Expression part : e.parts()) {
      out.append(Text.str(evaluate(part, scope), budget));
    }
    return out.toString();
  }

  private Object comparison(Expression.Comparison e, Scope scope) {
    Object left = evaluate(e.first(), scope);
    for (int i = 0; i < e.operators().size(); i++) {
      Object right = evaluate(e.operands().get(i), scope);
      if (!compare(e.operators().get(i), left, right)) {
        return false;
      }
      left = right;
    }
    return true;
  }

  private boolean compare(String operator, Object a, Object b) {
    return switch (operator) {
      case "==" -> Operators.equal(a, b, budget);
      case "!=" -> !Operators.equal(a, b, budget);
      case "in" -> Operators.contains(b, a, budget);
      case "not in" -> !Operators.contains(b, a, budget);
      default -> {
        int order = Operators.compare(a, b, budget);
        yield switch (operator) {
          case "<" -> order < 0;
          case "<=" -> order <= 0;
          case ">" -> order == 1;
          default -> order == 0 || order == 1;
        };
      }
    };
  }

  private Object conditional(Expression.Conditional e, Scope scope) {
    if (Operators.truth(evaluate(e.condition(), scope))) {
      return evaluate(e.then(), scope);
    }
    return e.otherwise() != null
        ? evaluate(e.otherwise(), scope)
        : new Undefined("the inline if was false and has no else");
  }

  private Object bound(@Nullable Expression expression, Scope scope) {
    return expression == null ? None.NONE : evaluate(expression, scope);
  }
}
