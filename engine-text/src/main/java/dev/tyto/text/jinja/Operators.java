package dev.tyto.text.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Truth, equality, order, membership and arithmetic, as Python has them. */
final class Operators {
  private Operators() {}

  static boolean truth(Object value) {
    return switch (value) {
      case Boolean b -> b;
      case None none -> false;
      case Undefined u -> false;
      case Long l -> l != 0;
      case Double d -> d != 0;
      case String s -> !s.isEmpty();
      case List<?> list -> !list.isEmpty();
      case Tuple tuple -> !tuple.items().isEmpty();
      case Map<?, ?> map -> !map.isEmpty();
      default -> true;
    };
  }

  static boolean equal(Object a, Object b, Budget budget) {
    budget.step();
    if (isNumber(a) && isNumber(b)) {
      return compareNumbers(a, b) == 0;
    }
    return switch (a) {
      case String s -> {
        budget.scan(s.length());
        yield s.equals(b);
      }
      case List<?> list -> b instanceof List<?> other && equalItems(list, other, budget);
      case Tuple tuple ->
          b instanceof Tuple other && equalItems(tuple.items(), other.items(), budget);
      case Map<?, ?> map -> b instanceof Map<?, ?> other && equalEntries(map, other, budget);
      case None none -> none.equals(b);
      case Undefined u -> b instanceof Undefined;
      default -> a.equals(b);
    };
  }

  private static boolean equalItems(List<?> a, List<?> b, Budget budget) {
    if (a.size() != b.size()) {
      return false;
    }
    budget.enter();
    boolean equal = true;
    for (int i = 0; i < a.size() && equal; i++) {
      equal = equal(a.get(i), b.get(i), budget);
    }
    budget.leave();
    return equal;
  }

  private static boolean equalEntries(Map<?, ?> a, Map<?, ?> b, Budget budget) {
    if (a.size() != b.size()) {
      return false;
    }
    budget.enter();
    boolean equal = true;
    for (Map.Entry<?, ?> entry : a.entrySet()) {
      Object other = b.get(entry.getKey());
      equal = equal && other != null && equal(entry.getValue(), other, budget);
    }
    budget.leave();
    return equal;
  }

  static boolean isNumber(Object value) {
    return value instanceof Long || value instanceof Double || value instanceof Boolean;
  }

  private static double toDouble(Object number) {
    return number instanceof Double d ? d : (double) toLong(number);
  }

  private static long toLong(Object number) {
    return number instanceof Boolean b ? b ? 1 : 0 : (Long) number;
  }

  private static int compareNumbers(Object a, Object b) {
    if (a instanceof Double || b instanceof Double) {
      double x = toDouble(a);
      double y = toDouble(b);
      return x < y ? -1 : x > y ? 1 : x == y ? 0 : 2;
    }
    return Long.compare(toLong(a), toLong(b));
  }

  /** Negative, zero or positive; 2 where a NaN makes both unordered. */
  static int compare(Object a, Object b, Budget budget) {
    budget.step();
    if (isNumber(a) && isNumber(b)) {
      return compareNumbers(a, b);
    }
    if (a instanceof String s && b instanceof String t) {
      budget.scan(Math.min(s.length(), t.length()));
      return compareCodePoints(s, t);
    }
    if (a instanceof List<?> s && b instanceof List<?> t) {
      return compareItems(s, t, budget);
    }
    if (a instanceof Tuple s && b instanceof Tuple t) {
      return compareItems(s.items(), t.items(), budget);
    }
    if (a instanceof Undefined u) {
      throw u.error();
    }
    if (b instanceof Undefined u) {
      throw u.error();
    }
    throw new TemplateException("'" + Text.type(a) + "' and '" + Text.type(b) + "' have no order");
  }

  private static int compareItems(List<?> a, List<?> b, Budget budget) {
    budget.enter();
    int result = Integer.compare(a.size(), b.size());
    for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
      if (!equal(a.get(i), b.get(i), budget)) {
        result = compare(a.get(i), b.get(i), budget);
        break;
      }
    }
    budget.leave();
    return result;
  }

  /** UTF-16 order differs from code point order above the basic plane. */
  private static int compareCodePoints(String a, String b) {
    int i = 0;
    while (i < a.length() && i < b.length() && a.charAt(i) == b.charAt(i)) {
      i++;
    }
    if (i == a.length() || i == b.length()) {
      return Integer.compare(a.length(), b.length());
    }
    return Integer.compare(a.codePointAt(i), b.codePointAt(i));
  }

  /** {@code item in container} */
  static boolean contains(Object container, Object item, Budget budget) {
    switch (container) {
      case String text -> {
        if (!(item instanceof String part)) {
          throw new TemplateException(
              "'in' on a string needs a string, not '" + Text.type(item) + "'");
        }
        budget.scan((long) text.length() + part.length());
        return text.contains(part);
      }
      case Map<?, ?> map -> {
        return map.containsKey(Values.key(item));
      }
      default -> {
        for (Object candidate : Values.iterate(container, budget)) {
          if (equal(candidate, item, budget)) {
            return true;
          }
        }
        return false;
      }
    }
  }

  static Object unary(String operator, Object operand) {
    if (operator.equals("not")) {
      return !truth(operand);
    }
    if (operand instanceof Undefined u) {
      throw u.error();
    }
    if (!isNumber(operand)) {
      throw new TemplateException("'" + operator + "' needs a number, not " + Text.type(operand));
    }
    boolean negative = operator.equals("-");
    if (operand instanceof Double d) {
      return negative ? -d : d;
    }
    return negative ? exact(() -> Math.negateExact(toLong(operand))) : (Object) toLong(operand);
  }

  static Object binary(String operator, Object a, Object b, Budget budget) {
    budget.step();
    if (isNumber(a) && isNumber(b)) {
      return arithmetic(operator, a, b);
    }
    switch (operator) {
      case "+" -> {
        if (a instanceof String s && b instanceof String t) {
          budget.string((long) s.length() + t.length());
          return s + t;
        }
        if (a instanceof List<?> s && b instanceof List<?> t) {
          return joined(s, t, budget);
        }
        if (a instanceof Tuple s && b instanceof Tuple t) {
          return new Tuple(joined(s.items(), t.items(), budget));
        }
      }
      case "*" -> {
        if (b instanceof Long times && !(a instanceof Undefined)) {
          return repeated(a, times, budget);
        }
        if (a instanceof Long times && !(b instanceof Undefined)) {
          return repeated(b, times, budget);
        }
      }
      case "%" -> {
        if (a instanceof String format) {
          List<Object> values = b instanceof Tuple tuple ? tuple.items() : List.of(b);
          return Printf.format(format, values, budget);
        }
      }
      default -> {}
    }
    for (Object operand : new Object[] {a, b}) {
      if (operand instanceof Undefined u) {
        throw u.error();
      }
    }
    throw new TemplateException(
        "'%s' does not work on '%s' and '%s'".formatted(operator, Text.type(a), Text.type(b)));
  }

  private static List<Object> joined(List<?> a, List<?> b, Budget budget) {
    budget.items((long) a.size() + b.size());
    List<Object> all = new ArrayList<>(a);
    all.addAll(b);
    return all;
  }

  private static Object repeated(Object value, long times, Budget budget) {
    int count = Math.clamp(times, 0, Integer.MAX_VALUE);
    if (value instanceof String s) {
      budget.string((long) s.length() * count);
      return s.repeat(count);
    }
    if (value instanceof List<?> list) {
      budget.items((long) list.size() * count);
      List<Object> all = new ArrayList<>();
      for (int i = 0; i < count && !list.isEmpty(); i++) {
        all.addAll(list);
      }
      return all;
    }
    throw new TemplateException("'*' does not work on '" + Text.type(value) + "'");
  }

  private static Object arithmetic(String operator, Object a, Object b) {
    boolean integers = !(a instanceof Double) && !(b instanceof Double);
    if (integers && !operator.equals("/") && !(operator.equals("**") && toLong(b) < 0)) {
      return exact(() -> integerArithmetic(operator, toLong(a), toLong(b)));
    }
    double x = toDouble(a);
    double y = toDouble(b);
    if (y == 0 && ("/".equals(operator) || "//".equals(operator) || "%".equals(operator))) {
      throw new TemplateException("division by zero");
    }
    return switch (operator) {
      case "+" -> x + y;
      case "-" -> x - y;
      case "*" -> x * y;
      case "/" -> x / y;
      case "//" -> Math.floor(x / y);
      case "%" -> x - y * Math.floor(x / y);
      case "**" -> StrictMath.pow(x, y);
      default -> throw new IllegalArgumentException(operator);
    };
  }

  private static long integerArithmetic(String operator, long a, long b) {
    return switch (operator) {
      case "+" -> Math.addExact(a, b);
      case "-" -> Math.subtractExact(a, b);
      case "*" -> Math.multiplyExact(a, b);
      case "//" -> Math.floorDiv(a, b);
      case "%" -> Math.floorMod(a, b);
      case "**" -> power(a, b);
      default -> throw new IllegalArgumentException(operator);
    };
  }

  private static long power(long base, long exponent) {
    if (base == 0 || base == 1) {
      return exponent == 0 ? 1 : base;
    }
    if (base == -1) {
      return exponent % 2 == 0 ? 1 : -1;
    }
    long result = 1;
    for (long i = 0; i < exponent; i++) {
      result = Math.multiplyExact(result, base); // overflows, and so ends, within 63 rounds
    }
    return result;
  }

  @FunctionalInterface
  private interface LongComputation {
    long compute();
  }

  private static Long exact(LongComputation computation) {
    try {
      return computation.compute();
    } catch (ArithmeticException e) {
      boolean zero = String.valueOf(e.getMessage()).contains("zero");
      throw new TemplateException(zero ? "division by zero" : "an integer went over 64 bits");
    }
  }
}
