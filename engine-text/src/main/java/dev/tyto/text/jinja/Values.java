package dev.tyto.text.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Getting at the parts of values: iteration, attributes, items, slices. */
final class Values {
  private Values() {}

  /** The items of anything that a for loop takes. */
  static List<Object> iterate(Object value, Budget budget) {
    return switch (value) {
      case List<?> list -> {
        budget.items(list.size());
        yield new ArrayList<>(list);
      }
      case Tuple tuple -> tuple.items();
      case Map<?, ?> map -> {
        budget.items(map.size());
        yield new ArrayList<>(map.keySet());
      }
      case String text -> {
        budget.items(text.length());
        List<Object> characters = new ArrayList<>(text.length());
        text.codePoints().forEach(c -> characters.add(Character.toString(c)));
        yield characters;
      }
      case Undefined u -> List.of();
      default -> throw new TemplateException("'" + Text.type(value) + "' cannot be iterated over");
    };
  }

  static long length(Object value, Budget budget) {
    return switch (value) {
      case List<?> list -> list.size();
      case Tuple tuple -> tuple.items().size();
      case Map<?, ?> map -> map.size();
      case String text -> {
        budget.scan(text.length());
        yield Chars.length(text);
      }
      case Undefined u -> 0;
      default -> throw new TemplateException("'" + Text.type(value) + "' has no length");
    };
  }

  /** A dict's key: 1, 1.0 and True are one, as in Python. */
  static Object key(Object value) {
    return switch (value) {
      case Boolean b -> b ? 1L : 0L;
      case Double d when d == Math.rint(d) && Math.abs(d) < 1L << 53 -> (long) (double) d;
      case String s -> s;
      case Long l -> l;
      case Double d -> d;
      case None none -> none;
      case Tuple tuple when tuple.items().stream().noneMatch(i -> i instanceof Tuple) ->
          new Tuple(tuple.items().stream().map(Values::key).toList());
      default -> throw new TemplateException("'" + Text.type(value) + "' cannot be a key");
    };
  }

  /** {@code base.name} */
  static Object attribute(Object base, String name, Budget budget) {
    if (base instanceof Undefined u) {
      throw u.error();
    }
    Object method = Methods.find(base, name, budget);
    if (method != null) {
      return method;
    }
    Object value =
        switch (base) {
          case Map<?, ?> map -> map.get(name);
          case Namespace namespace -> namespace.get(name);
          case Loop loop -> loop.get(name);
          default -> null;
        };
    return value != null ? value : missing(base, name);
  }

  /** {@code base[key]} */
  static Object item(Object base, Object key, Budget budget) {
    Object value =
        switch (base) {
          case Undefined u -> throw u.error();
          case Map<?, ?> map -> map.get(key(key));
          case List<?> list -> at(list, key);
          case Tuple tuple -> at(tuple.items(), key);
          case String text -> {
            budget.scan(text.length());
            yield characterAt(text, key);
          }
          case Namespace namespace when key instanceof String name -> namespace.get(name);
          default -> null;
        };
    return value != null ? value : missing(base, key);
  }

  private static Undefined missing(Object base, Object name) {
    String shown = name instanceof String || name instanceof Long ? String.valueOf(name) : "?";
    return new Undefined("'" + Text.type(base) + " object' has no attribute '" + shown + "'");
  }

  private static @Nullable Object at(List<?> list, Object key) {
    if (!(key instanceof Long index)) {
      return null;
    }
    long positive = index < 0 ? index + list.size() : index;
    return positive >= 0 && positive < list.size() ? list.get((int) positive) : null;
  }

  private static @Nullable Object characterAt(String text, Object key) {
    if (!(key instanceof Long index)) {
      return null;
    }
    int length = Chars.length(text);
    long positive = index < 0 ? index + length : index;
    if (positive < 0 || positive >= length) {
      return null;
    }
    return Character.toString(text.codePointAt(text.offsetByCodePoints(0, (int) positive)));
  }

  /** {@code base[start:stop:step]}, with None for what is left out. */
  static Object slice(Object base, Object start, Object stop, Object step, Budget budget) {
    if (base instanceof Undefined u) {
      throw u.error();
    }
    long stride = bound(step, 1);
    if (stride == 0) {
      throw new TemplateException("a slice's step is zero");
    }
    return switch (base) {
      case String text -> {
        budget.scan(text.length());
        int[] characters = text.codePoints().toArray();
        StringBuilder result = new StringBuilder();
        for (int i : indices(characters.length, start, stop, stride, budget)) {
          result.appendCodePoint(characters[i]);
        }
        yield result.toString();
      }
      case List<?> list -> picked(list, start, stop, stride, budget);
      case Tuple tuple -> new Tuple(picked(tuple.items(), start, stop, stride, budget));
      default -> throw new TemplateException("'" + Text.type(base) + "' cannot be sliced");
    };
  }

  private static List<Object> picked(
      List<?> list, Object start, Object stop, long stride, Budget budget) {
    List<Object> result = new ArrayList<>();
    for (int i : indices(list.size(), start, stop, stride, budget)) {
      result.add(list.get(i));
    }
    return result;
  }

  private static int[] indices(int size, Object start, Object stop, long step, Budget budget) {
    long lowest = step > 0 ? 0 : -1;
    long highest = step > 0 ? size : size - 1L;
    long from = clamp(bound(start, step > 0 ? 0 : size - 1L), start, size, lowest, highest);
    long to = clamp(bound(stop, step > 0 ? size : -1), stop, size, lowest, highest);
    long distance = step > 0 ? to - from : from - to;
    long stride = step == Long.MIN_VALUE ? Long.MAX_VALUE : Math.abs(step);
    int count = distance <= 0 ? 0 : (int) ((distance - 1) / stride + 1);
    budget.items(count);
    int[] indices = new int[count];
    for (int i = 0; i < count; i++) {
      indices[i] = (int) (from + i * step);
    }
    return indices;
  }

  private static long clamp(long value, Object given, int size, long lowest, long highest) {
    long positive = given instanceof Long && value < 0 ? value + size : value;
    return Math.clamp(positive, lowest, highest);
  }

  private static long bound(Object given, long fallback) {
    return switch (given) {
      case None none -> fallback;
      case Long l -> l;
      default -> throw new TemplateException("a slice needs integers, not " + Text.type(given));
    };
  }
}
