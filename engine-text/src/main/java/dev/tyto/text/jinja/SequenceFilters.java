package dev.tyto.text.jinja;

import dev.tyto.text.jinja.Arguments.Bound;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The filters that work on lists and dicts. */
final class SequenceFilters {
  private SequenceFilters() {}

  static Object apply(String name, Object value, Arguments arguments, Budget budget) {
    return switch (name) {
      case "batch" -> batch(value, arguments, budget);
      case "dictsort" -> dictSort(value, arguments, budget);
      case "first" -> end(value, true, budget);
      case "groupby" -> groupBy(value, arguments, budget);
      case "join" -> join(value, arguments, budget);
      case "last" -> end(value, false, budget);
      case "list" -> new ArrayList<>(Values.iterate(value, budget));
      case "map" -> map(value, arguments, budget);
      case "max" -> extreme(value, true, budget);
      case "min" -> extreme(value, false, budget);
      case "reject" -> selected(value, arguments, false, false, budget);
      case "rejectattr" -> selected(value, arguments, true, false, budget);
      case "reverse" -> reverse(value, budget);
      case "select" -> selected(value, arguments, false, true, budget);
      case "selectattr" -> selected(value, arguments, true, true, budget);
      case "slice" -> slice(value, arguments, budget);
      case "sort" -> sort(value, arguments, budget);
      case "sum" -> sum(value, arguments, budget);
      case "unique" -> unique(value, arguments, budget);
      default -> throw new TemplateException("no filter is named '" + name + "'");
    };
  }

  private static Object end(Object value, boolean first, Budget budget) {
    List<Object> items = Values.iterate(value, budget);
    if (items.isEmpty()) {
      return new Undefined("an empty sequence has no first or last item");
    }
    return first ? items.getFirst() : items.getLast();
  }

  private static String join(Object value, Arguments arguments, Budget budget) {
    Bound bound = arguments.bind("join", "d", "attribute");
    String separator = Text.str(bound.get(0, ""), budget);
    Output out = new Output(budget);
    boolean first = true;
    for (Object item : Values.iterate(value, budget)) {
      Object shown = bound.has(1) ? path(item, bound.required(1), budget) : item;
      out.append(first ? "" : separator).append(Text.str(shown, budget));
      first = false;
    }
    return out.toString();
  }

  private static Object reverse(Object value, Budget budget) {
    List<Object> items = new ArrayList<>(Values.iterate(value, budget));
    Collections.reverse(items);
    if (!(value instanceof String)) {
      return items;
    }
    Output out = new Output(budget);
    items.forEach(item -> out.append((String) item));
    return out.toString();
  }

  /** {@code 'a.b.0'}: attributes and indices, as the attribute arguments of filters have them. */
  private static Object path(Object item, Object path, Budget budget) {
    if (path instanceof Long) {
      return Values.item(item, path, budget);
    }
    if (!(path instanceof String names)) {
      throw new TemplateException("an attribute's name is a string, not " + Text.type(path));
    }
    Object value = item;
    for (String name : names.split("\\.", -1)) {
      budget.step();
      boolean index =
          !name.isEmpty() && name.length() < 10 && name.chars().allMatch(Character::isDigit);
      if (index) {
        value = Values.item(value, Long.valueOf(name), budget);
      } else {
        Object found = value instanceof Map ? Values.item(value, name, budget) : new Undefined("");
        value = found instanceof Undefined ? Values.attribute(value, name, budget) : found;
      }
    }
    return value;
  }

  private static List<Object> map(Object value, Arguments arguments, Budget budget) {
    List<Object> result = new ArrayList<>();
    List<Object> items = Values.iterate(value, budget);
    if (arguments.positional().isEmpty()) {
      Bound bound = arguments.bind("map", "attribute", "default");
      for (Object item : items) {
        Object found = path(item, bound.required(0), budget);
        result.add(found instanceof Undefined ? bound.get(1, found) : found);
      }
      return result;
    }
    String filter = name(arguments);
    for (Object item : items) {
      result.add(Filters.apply(filter, item, arguments.rest(), budget));
    }
    return result;
  }

  private static String name(Arguments arguments) {
    if (arguments.positional().getFirst() instanceof String s) {
      return s;
    }
    throw new TemplateException("a filter or test is named by a string");
  }

  private static List<Object> selected(
      Object value, Arguments arguments, boolean byAttribute, boolean keep, Budget budget) {
    if (byAttribute && arguments.positional().isEmpty()) {
      throw new TemplateException("selectattr and rejectattr need an attribute");
    }
    Arguments testing = byAttribute ? arguments.rest() : arguments;
    List<Object> result = new ArrayList<>();
    for (Object item : Values.iterate(value, budget)) {
      Object tested = byAttribute ? path(item, arguments.positional().getFirst(), budget) : item;
      boolean holds =
          testing.positional().isEmpty()
              ? Operators.truth(tested)
              : Tests.apply(name(testing), tested, testing.rest(), budget);
      if (holds == keep) {
        result.add(item);
      }
    }
    return result;
  }

  /** Strings compare in lower case unless asked otherwise. */
  private static Object folded(Object value, boolean caseSensitive) {
    return value instanceof String s && !caseSensitive ? s.toLowerCase(Locale.ROOT) : value;
  }

  private static Comparator<Object> order(Budget budget) {
    return (a, b) -> {
      int order = Operators.compare(a, b, budget);
      return order == 2 ? 0 : order;
    };
  }

  private static List<Object> sort(Object value, Arguments arguments, Budget budget) {
    Bound bound = arguments.bind("sort", "reverse", "case_sensitive", "attribute");
    boolean exact = bound.truth(1, false);
    List<Object[]> keyed = new ArrayList<>();
    for (Object item : Values.iterate(value, budget)) {
      Object key = bound.has(2) ? path(item, bound.required(2), budget) : item;
      keyed.add(new Object[] {folded(key, exact), item});
    }
    Comparator<Object[]> byKey = Comparator.comparing(pair -> pair[0], order(budget));
    keyed.sort(bound.truth(0, false) ? byKey.reversed() : byKey);
    List<Object> sorted = new ArrayList<>();
    keyed.forEach(pair -> sorted.add(pair[1]));
    return sorted;
  }

  private static List<Object> dictSort(Object value, Arguments arguments, Budget budget) {
    if (!(value instanceof Map<?, ?> map)) {
      throw new TemplateException("dictsort needs a dict, not " + Text.type(value));
    }
    Bound bound = arguments.bind("dictsort", "case_sensitive", "by", "reverse");
    long part = bound.string(1, "key").equals("value") ? 1 : 0;
    Map<String, Object> named =
        Map.of(
            "attribute", part,
            "case_sensitive", bound.truth(0, false),
            "reverse", bound.truth(2, false));
    return sort(Methods.items(map, budget), new Arguments(List.of(), named), budget);
  }

  private static Object extreme(Object value, boolean largest, Budget budget) {
    Object best = new Undefined("an empty sequence has no extreme item");
    for (Object item : Values.iterate(value, budget)) {
      if (best instanceof Undefined) {
        best = item;
        continue;
      }
      int order = order(budget).compare(folded(item, false), folded(best, false));
      if (largest ? order > 0 : order < 0) {
        best = item;
      }
    }
    return best;
  }

  private static Object sum(Object value, Arguments arguments, Budget budget) {
    Bound bound = arguments.bind("sum", "attribute", "start");
    Object total = bound.get(1, 0L);
    boolean whole = bound.get(0, None.NONE) == None.NONE;
    for (Object item : Values.iterate(value, budget)) {
      Object part = whole ? item : path(item, bound.required(0), budget);
      total = Operators.binary("+", total, part, budget);
    }
    return total;
  }

  private static List<Object> unique(Object value, Arguments arguments, Budget budget) {
    Bound bound = arguments.bind("unique", "case_sensitive", "attribute");
    Set<Object> seen = new HashSet<>();
    List<Object> result = new ArrayList<>();
    for (Object item : Values.iterate(value, budget)) {
      Object by = bound.has(1) ? path(item, bound.required(1), budget) : item;
      if (seen.add(Values.key(folded(by, bound.truth(0, false))))) {
        result.add(item);
      }
    }
    return result;
  }

  private static List<Object> groupBy(Object value, Arguments arguments, Budget budget) {
    Bound bound = arguments.bind("groupby", "attribute", "default", "case_sensitive");
    Map<Object, List<Object>> groups = new LinkedHashMap<>();
    Map<Object, Object> names = new LinkedHashMap<>();
    for (Object item : Values.iterate(value, budget)) {
      Object found = path(item, bound.required(0), budget);
      Object name = found instanceof Undefined ? bound.get(1, found) : found;
      Object key = Values.key(folded(name, bound.truth(2, false)));
      names.putIfAbsent(key, name);
      groups.computeIfAbsent(key, k -> new ArrayList<>()).add(item);
    }
    List<Object> result = new ArrayList<>();
    groups.keySet().stream()
        .sorted(order(budget))
        .forEach(
            key ->
                result.add(
                    Tuple.of(names.getOrDefault(key, key), groups.getOrDefault(key, List.of()))));
    return result;
  }

  private static List<Object> batch(Object value, Arguments arguments, Budget budget) {
    Bound bound = arguments.bind("batch", "linecount", "fill_with");
    bound.required(0);
    int size = positive(bound.integer(0, 0));
    List<Object> items = Values.iterate(value, budget);
    List<Object> result = new ArrayList<>();
    for (int i = 0; i < items.size(); i += size) {
      List<Object> line = new ArrayList<>(items.subList(i, Math.min(i + size, items.size())));
      if (line.size() < size && bound.has(1)) {
        budget.items(size);
        line.addAll(Collections.nCopies(size - line.size(), bound.required(1)));
      }
      result.add(line);
    }
    return result;
  }

  private static List<Object> slice(Object value, Arguments arguments, Budget budget) {
    Bound bound = arguments.bind("slice", "slices", "fill_with");
    bound.required(0);
    int count = positive(bound.integer(0, 0));
    budget.items(count);
    List<Object> items = Values.iterate(value, budget);
    int size = items.size() / count;
    int longer = items.size() % count;
    List<Object> result = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < count; i++) {
      int end = start + size + (i < longer ? 1 : 0);
      List<Object> part = new ArrayList<>(items.subList(start, end));
      if (bound.has(1) && longer > 0 && i >= longer) {
        part.add(bound.required(1));
      }
      result.add(part);
      start = end;
    }
    return result;
  }

  private static int positive(int value) {
    if (value < 1) {
      throw new TemplateException("batch and slice need a positive number");
    }
    return value;
  }
}
