package dev.tyto.text.jinja;

import dev.tyto.text.jinja.Statement.FilterCall;
import dev.tyto.text.jinja.Statement.MacroBody;
import dev.tyto.text.jinja.Statement.Parameter;
import dev.tyto.text.jinja.Statement.Target;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Executes statements. One for each rendering. */
final class Interpreter {
  private enum Flow {
    NEXT,
    BREAK,
    CONTINUE
  }

  private final Budget budget;
  private final Evaluator evaluator;
  private int loopDepth;

  Interpreter(Budget budget) {
    this.budget = budget;
    this.evaluator = new Evaluator(budget);
  }

  String render(List<Statement> template, Scope scope) {
    return capture(template, scope);
  }

  private String capture(List<Statement> body, Scope scope) {
    Output out = new Output(budget);
    run(body, scope, out);
    return out.toString();
  }

  private Flow run(List<Statement> body, Scope scope, Output out) {
    budget.enter();
    Flow flow = Flow.NEXT;
    for (Statement statement : body) {
      flow = execute(statement, scope, out);
      if (flow != Flow.NEXT) {
        break;
      }
    }
    budget.leave();
    return flow;
  }

  private Flow execute(Statement statement, Scope scope, Output out) {
    budget.step();
    return switch (statement) {
      case Statement.Text s -> {
        out.append(s.text());
        yield Flow.NEXT;
      }
      case Statement.Break s -> Flow.BREAK;
      case Statement.Continue s -> Flow.CONTINUE;
      case Statement.Print s ->
          at(s.line(), () -> out.append(Text.str(evaluator.evaluate(s.value(), scope), budget)));
      case Statement.If s -> executeIf(s, scope, out);
      case Statement.For s -> at(s.line(), () -> executeFor(s, scope, out));
      case Statement.Set s ->
          at(s.line(), () -> assign(s.target(), evaluator.evaluate(s.value(), scope), scope));
      case Statement.Capture s ->
          at(
              s.line(),
              () -> {
                String text = capture(s.body(), new Scope(scope));
                assign(s.target(), filtered(text, s.filters(), scope), scope);
              });
      case Statement.FilterBlock s ->
          at(
              s.line(),
              () -> {
                String text = capture(s.body(), new Scope(scope));
                out.append(Text.str(filtered(text, s.filters(), scope), budget));
              });
      case Statement.Macro s -> {
        scope.set(s.macro().name(), macro(s.macro(), scope));
        yield Flow.NEXT;
      }
      case Statement.CallBlock s -> at(s.line(), () -> executeCall(s, scope, out));
      case Statement.With s -> executeWith(s, scope, out);
      case Statement.Scoped s -> run(s.body(), new Scope(scope), out);
    };
  }

  @FunctionalInterface
  private interface Action {
    void run();
  }

  /** Runs what cannot leave a loop, and gives its failures the line. */
  private static Flow at(int line, Action action) {
    try {
      action.run();
      return Flow.NEXT;
    } catch (TemplateException e) {
      throw e.within(line);
    }
  }

  private boolean holds(Expression condition, Scope scope, int line) {
    try {
      return Operators.truth(evaluator.evaluate(condition, scope));
    } catch (TemplateException e) {
      throw e.within(line);
    }
  }

  private Flow executeIf(Statement.If s, Scope scope, Output out) {
    for (Statement.Branch branch : s.branches()) {
      if (holds(branch.condition(), scope, s.line())) {
        return run(branch.body(), scope, out);
      }
    }
    return run(s.otherwise(), scope, out);
  }

  private void executeFor(Statement.For s, Scope scope, Output out) {
    loop(s, evaluator.evaluate(s.items(), scope), scope, out, 0);
  }

  private void loop(Statement.For s, Object over, Scope scope, Output out, int depth) {
    List<Object> items = Values.iterate(over, budget);
    Expression condition = s.condition();
    if (condition != null) {
      items.removeIf(item -> !holds(condition, iteration(s, item, scope), s.line()));
    }
    Callable recursion =
        s.recursive()
            ? arguments -> {
              Output inner = new Output(budget);
              loop(s, arguments.bind("loop", "items").required(0), scope, inner, depth + 1);
              return inner.toString();
            }
            : null;
    Loop loop = new Loop(items, s.recursive() ? depth : loopDepth, recursion, budget);
    loopDepth++;
    for (int i = 0; i < items.size(); i++) {
      loop.moveTo(i);
      Scope inner = iteration(s, items.get(i), scope);
      inner.set("loop", loop);
      if (run(s.body(), inner, out) == Flow.BREAK) {
        break;
      }
    }
    loopDepth--;
    if (items.isEmpty()) {
      run(s.otherwise(), scope, out);
    }
  }

  private Scope iteration(Statement.For s, Object item, Scope scope) {
    budget.scope();
    Scope inner = new Scope(scope);
    assign(s.target(), item, inner);
    return inner;
  }

  private Flow executeWith(Statement.With s, Scope scope, Output out) {
    Scope inner = new Scope(scope);
    at(
        s.line(),
        () -> {
          for (int i = 0; i < s.targets().size(); i++) {
            assign(s.targets().get(i), evaluator.evaluate(s.values().get(i), scope), inner);
          }
        });
    return run(s.body(), inner, out);
  }

  private void executeCall(Statement.CallBlock s, Scope scope, Output out) {
    Object callee = evaluator.evaluate(s.call().callee(), scope);
    Arguments given = evaluator.arguments(s.call().arguments(), scope);
    Map<String, Object> named = new LinkedHashMap<>(given.named());
    named.put("caller", macro(s.caller(), scope));
    Object value = evaluator.call(callee, new Arguments(given.positional(), named));
    out.append(Text.str(value, budget));
  }

  private Object filtered(Object value, List<FilterCall> filters, Scope scope) {
    Object result = value;
    for (FilterCall call : filters) {
      Arguments arguments = evaluator.arguments(call.arguments(), scope);
      result = evaluator.filter(call.filter(), result, arguments);
    }
    return result;
  }

  private void assign(Target target, Object value, Scope scope) {
    switch (target) {
      case Target.Variable variable -> scope.set(variable.name(), value);
      case Target.Unpacked unpacked -> {
        List<Object> values = Values.iterate(value, budget);
        if (values.size() != unpacked.targets().size()) {
          throw new TemplateException(
              "%d values do not fit %d names".formatted(values.size(), unpacked.targets().size()));
        }
        for (int i = 0; i < values.size(); i++) {
          assign(unpacked.targets().get(i), values.get(i), scope);
        }
      }
      case Target.OfNamespace of -> {
        if (!(scope.get(of.namespace()) instanceof Namespace namespace)) {
          throw new TemplateException("'" + of.namespace() + "' is not a namespace");
        }
        namespace.set(of.attribute(), value);
      }
    }
  }

  private Callable macro(MacroBody macro, Scope definedIn) {
    return arguments -> call(macro, definedIn, arguments);
  }

  private Object call(MacroBody macro, Scope definedIn, Arguments arguments) {
    budget.scope();
    Scope scope = new Scope(definedIn);
    Map<String, Object> named = new LinkedHashMap<>(arguments.named());
    Object caller = named.remove("caller");
    scope.set("caller", caller != null ? caller : new Undefined("no caller is defined"));
    List<Object> positional = arguments.positional();
    List<Parameter> parameters = macro.parameters();
    for (int i = 0; i < parameters.size(); i++) {
      Parameter parameter = parameters.get(i);
      @Nullable Object byName = named.remove(parameter.name());
      if (i < positional.size()) {
        if (byName != null) {
          throw new TemplateException(macro.name() + "() got '" + parameter.name() + "' twice");
        }
        scope.set(parameter.name(), positional.get(i));
      } else if (byName != null) {
        scope.set(parameter.name(), byName);
      } else {
        scope.set(parameter.name(), fallback(parameter, scope));
      }
    }
    takeRest(macro, positional, named, scope);
    int outerLoops = loopDepth;
    loopDepth = 0;
    String text = capture(macro.body(), scope);
    loopDepth = outerLoops;
    return text;
  }

  private Object fallback(Parameter parameter, Scope scope) {
    Expression fallback = parameter.fallback();
    return fallback != null
        ? evaluator.evaluate(fallback, scope)
        : new Undefined("the parameter '" + parameter.name() + "' was not given");
  }

  private static void takeRest(
      MacroBody macro, List<Object> positional, Map<String, Object> named, Scope scope) {
    int taken = Math.min(macro.parameters().size(), positional.size());
    List<Object> rest = positional.subList(taken, positional.size());
    if (!rest.isEmpty() && !macro.usesVarargs()) {
      throw new TemplateException(
          macro.name() + "() takes at most " + taken + " arguments, not " + positional.size());
    }
    if (!named.isEmpty() && !macro.usesKwargs()) {
      throw new TemplateException(
          macro.name() + "() has no argument '" + named.keySet().iterator().next() + "'");
    }
    scope.set("varargs", new Tuple(new ArrayList<>(rest)));
    scope.set("kwargs", new LinkedHashMap<Object, Object>(named));
  }
}
