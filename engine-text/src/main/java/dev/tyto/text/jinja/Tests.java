package dev.tyto.text.jinja;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What stands after {@code is}. */
final class Tests {
  private Tests() {}

  static boolean apply(String test, Object value, Arguments arguments, Budget budget) {
    Boolean simple = simple(test, value);
    if (simple != null) {
      arguments.bind(test);
      return simple;
    }
    return switch (test) {
      case "divisibleby" -> Operators.binary("%", value, other(test, arguments), budget).equals(0L);
      case "eq", "equalto", "==" -> Operators.equal(value, other(test, arguments), budget);
      case "ne", "!=" -> !Operators.equal(value, other(test, arguments), budget);
      case "lt", "lessthan", "<" -> Operators.compare(value, other(test, arguments), budget) < 0;
      case "le", "<=" -> {
        int order = Operators.compare(value, other(test, arguments), budget);
        yield order < 0 || order == 0;
      }
      case "gt", "greaterthan", ">" ->
          Operators.compare(value, other(test, arguments), budget) == 1;
      case "ge", ">=" -> {
        int order = Operators.compare(value, other(test, arguments), budget);
        yield order == 0 || order == 1;
      }
      case "in" -> Operators.contains(other(test, arguments), value, budget);
      case "sameas" -> same(value, other(test, arguments));
      default -> throw new TemplateException("no test is named '" + test + "'");
    };
  }

  private static Object other(String test, Arguments arguments) {
    return arguments.bind(test, "other").required(0);
  }

  @SuppressWarnings("ReferenceEquality") // which is what the test asks
  private static boolean same(Object a, Object b) {
    boolean scalars =
        a.getClass() == b.getClass() && (Operators.isNumber(a) || a instanceof String);
    return scalars ? a.equals(b) : a == b;
  }

  /** Tests without an argument; null for others. */
  private static @Nullable Boolean simple(String test, Object value) {
    return switch (test) {
      case "defined" -> !(value instanceof Undefined);
      case "undefined" -> value instanceof Undefined;
      case "none" -> value == None.NONE;
      case "boolean" -> value instanceof Boolean;
      case "true" -> value.equals(true);
      case "false" -> value.equals(false);
      case "string" -> value instanceof String;
      case "number" -> Operators.isNumber(value);
      case "integer" -> value instanceof Long;
      case "float" -> value instanceof Double;
      case "mapping" -> value instanceof Map;
      case "iterable" -> isSequence(value) || value instanceof Undefined;
      case "sequence" -> isSequence(value) || value instanceof Undefined;
      case "callable" -> value instanceof Callable;
      case "even" -> parity(value) == 0;
      case "odd" -> parity(value) == 1;
      case "upper" -> StringMethods.isCase(string(value), true);
      case "lower" -> StringMethods.isCase(string(value), false);
      default -> null;
    };
  }

  private static boolean isSequence(Object value) {
    return value instanceof String
        || value instanceof List
        || value instanceof Tuple
        || value instanceof Map;
  }

  private static long parity(Object value) {
    if (value instanceof Long l) {
      return Math.floorMod(l, 2L);
    }
    throw new TemplateException("'" + Text.type(value) + "' is neither even nor odd");
  }

  private static String string(Object value) {
    if (value instanceof String s) {
      return s;
    }
    throw new TemplateException("'" + Text.type(value) + "' has no case");
  }
}
