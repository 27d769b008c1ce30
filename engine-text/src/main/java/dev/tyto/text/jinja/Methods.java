package dev.tyto.text.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The methods of dicts, lists and tuples; {@link StringMethods} has those of strings. */
final class Methods {
  /** As in Jinja2's immutable sandbox: a template does not change what it was given. */
  private static final Set<String> MUTATORS =
      Set.of(
          "append",
          "clear",
          "extend",
          "insert",
          "pop",
          "popitem",
          "remove",
          "reverse",
          "setdefault",
          "sort",
          "update");

  private Methods() {}

  /** The method of that name bound to the value; null if its type has none. */
  static @Nullable Callable find(Object value, String name, Budget budget) {
    return switch (value) {
      case String text -> StringMethods.find(text, name, budget);
      case Map<?, ?> map -> ofDict(map, name, budget);
      case List<?> list -> ofList(list, list, name, budget);
      case Tuple tuple -> ofList(tuple, tuple.items(), name, budget);
      default -> null;
    };
  }

  private static @Nullable Callable ofDict(Map<?, ?> map, String name, Budget budget) {
    return switch (name) {
      case "items" -> arguments -> items(map, budget);
      case "keys" -> arguments -> copy(map.keySet(), budget);
      case "values" -> arguments -> copy(map.values(), budget);
      case "get" ->
          arguments -> {
            Arguments.Bound bound = arguments.bind("get", "key", "default");
            Object found = map.get(Values.key(bound.required(0)));
            return found != null ? found : bound.get(1, None.NONE);
          };
      // A key of such a name is more likely meant than a method that is refused.
      default -> map.containsKey(name) ? null : refused(name, "dict");
    };
  }

  private static @Nullable Callable ofList(
      Object value, List<?> items, String name, Budget budget) {
    return switch (name) {
      case "count" -> arguments -> count(items, arguments, budget);
      case "index" -> arguments -> index(items, arguments, budget);
      default -> refused(name, Text.type(value));
    };
  }

  private static @Nullable Callable refused(String name, String type) {
    if (!MUTATORS.contains(name)) {
      return null;
    }
    throw new TemplateException("'" + name + "' would change a " + type + ", which is refused");
  }

  /** Key and value pairs. */
  static List<Object> items(Map<?, ?> map, Budget budget) {
    budget.items(map.size());
    List<Object> items = new ArrayList<>();
    map.forEach((key, value) -> items.add(Tuple.of(key, value)));
    return items;
  }

  private static List<Object> copy(java.util.Collection<?> values, Budget budget) {
    budget.items(values.size());
    return new ArrayList<>(values);
  }

  private static Object count(List<?> items, Arguments arguments, Budget budget) {
    Object wanted = arguments.bind("count", "value").required(0);
    long count = 0;
    for (Object item : items) {
      count += Operators.equal(item, wanted, budget) ? 1 : 0;
    }
    return count;
  }

  private static Object index(List<?> items, Arguments arguments, Budget budget) {
    Object wanted = arguments.bind("index", "value").required(0);
    for (int i = 0; i < items.size(); i++) {
      if (Operators.equal(items.get(i), wanted, budget)) {
        return (long) i;
      }
    }
    throw new TemplateException("index() did not find the value");
  }
}
