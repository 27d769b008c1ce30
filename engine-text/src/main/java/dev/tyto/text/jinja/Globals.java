package dev.tyto.text.jinja;

import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** The functions that every chat template may call. */
final class Globals {
  private Globals() {}

  static void define(Scope scope, Supplier<ZonedDateTime> clock, Budget budget) {
    scope.set("range", (Callable) arguments -> range(arguments, budget));
    scope.set("dict", (Callable) Globals::dict);
    scope.set("namespace", (Callable) Globals::namespace);
    scope.set("raise_exception", (Callable) arguments -> raise(arguments, budget));
    scope.set(
        "strftime_now",
        (Callable)
            arguments ->
                Strftime.format(
                    clock.get(), arguments.bind("strftime_now", "format").string(0), budget));
  }

  private static List<Object> range(Arguments arguments, Budget budget) {
    List<Object> bounds = arguments.positional();
    if (bounds.isEmpty()
        || bounds.size() > 3
        || !bounds.stream().allMatch(Long.class::isInstance)) {
      throw new TemplateException("range() needs one to three integers");
    }
    long start = bounds.size() == 1 ? 0 : (Long) bounds.get(0);
    long stop = (Long) bounds.get(bounds.size() == 1 ? 0 : 1);
    long step = bounds.size() == 3 ? (Long) bounds.get(2) : 1;
    if (step == 0) {
      throw new TemplateException("range() needs a step other than zero");
    }
    List<Object> numbers = new ArrayList<>();
    for (long i = start; step > 0 ? i < stop : i > stop; i += step) {
      budget.step();
      if (numbers.size() == Budget.MAX_ITEMS) {
        budget.items(Budget.MAX_ITEMS + 1L);
      }
      numbers.add(i);
    }
    return numbers;
  }

  private static Map<Object, Object> dict(Arguments arguments) {
    Map<Object, Object> result = new LinkedHashMap<>();
    for (Object from : arguments.positional()) {
      if (!(from instanceof Map<?, ?> map)) {
        throw new TemplateException("dict() needs a dict, not " + Text.type(from));
      }
      result.putAll(map);
    }
    result.putAll(arguments.named());
    return result;
  }

  private static Namespace namespace(Arguments arguments) {
    Namespace namespace = new Namespace();
    dict(arguments)
        .forEach(
            (name, value) -> {
              if (name instanceof String s) {
                namespace.set(s, value);
              }
            });
    return namespace;
  }

  private static Object raise(Arguments arguments, Budget budget) {
    Object message = arguments.bind("raise_exception", "message").required(0);
    throw TemplateException.raised(Text.str(message, budget));
  }
}
