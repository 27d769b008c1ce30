package dev.tyto.text.jinja;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The variable {@code loop} inside a for loop. Callable where the loop is recursive. */
final class Loop implements Callable {
  private final List<Object> items;
  private final int depth;
  private final @Nullable Callable recursion;
  private final Budget budget;
  private int index;
  private @Nullable Object changedBefore;

  Loop(List<Object> items, int depth, @Nullable Callable recursion, Budget budget) {
    this.items = items;
    this.depth = depth;
    this.recursion = recursion;
    this.budget = budget;
  }

  void moveTo(int newIndex) {
    index = newIndex;
  }

  @Override
  public Object call(Arguments arguments) {
    if (recursion == null) {
      throw new TemplateException("loop() needs a loop that is marked recursive");
    }
    return recursion.call(arguments);
  }

  /** An attribute, or null if there is none of that name. */
  @Nullable Object get(String name) {
    long size = items.size();
    return switch (name) {
      case "index" -> index + 1L;
      case "index0" -> (long) index;
      case "revindex" -> size - index;
      case "revindex0" -> size - index - 1;
      case "first" -> index == 0;
      case "last" -> index == size - 1;
      case "length" -> size;
      case "depth" -> depth + 1L;
      case "depth0" -> (long) depth;
      case "previtem" -> at(index - 1, "there is no previous item");
      case "nextitem" -> at(index + 1, "there is no next item");
      case "cycle" -> (Callable) this::cycle;
      case "changed" -> (Callable) this::changed;
      default -> null;
    };
  }

  private Object at(int i, String otherwise) {
    return i >= 0 && i < items.size() ? items.get(i) : new Undefined(otherwise);
  }

  private Object cycle(Arguments arguments) {
    List<Object> values = arguments.positional();
    if (values.isEmpty()) {
      throw new TemplateException("cycle() needs something to cycle through");
    }
    return values.get(index % values.size());
  }

  private Object changed(Arguments arguments) {
    Tuple now = new Tuple(arguments.positional());
    boolean changed = changedBefore == null || !Operators.equal(changedBefore, now, budget);
    changedBefore = now;
    return changed;
  }
}
