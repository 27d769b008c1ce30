package dev.tyto.text.jinja;

import dev.tyto.text.jinja.Arguments.Bound;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** The methods of Python's strings that templates use. None of them is a regular expression. */
final class StringMethods {
  private StringMethods() {}

  /** The method of that name bound to the text; null if there is none. */
  static @Nullable Callable find(String text, String name, Budget budget) {
    Callable method =
        switch (name) {
          case "strip" -> arguments -> strip(text, arguments, true, true);
          case "lstrip" -> arguments -> strip(text, arguments, true, false);
          case "rstrip" -> arguments -> strip(text, arguments, false, true);
          case "split" -> arguments -> split(text, arguments, false, budget);
          case "rsplit" -> arguments -> split(text, arguments, true, budget);
          case "splitlines" -> arguments -> splitLines(text, budget);
          case "startswith" -> arguments -> hasAffix(text, arguments, true);
          case "endswith" -> arguments -> hasAffix(text, arguments, false);
          case "removeprefix" -> arguments -> removeAffix(text, arguments, true);
          case "removesuffix" -> arguments -> removeAffix(text, arguments, false);
          case "upper" -> arguments -> text.toUpperCase(Locale.ROOT);
          case "lower" -> arguments -> text.toLowerCase(Locale.ROOT);
          case "title" -> arguments -> title(text);
          case "capitalize" -> arguments -> capitalize(text);
          case "replace" -> arguments -> replace(text, arguments, budget);
          case "find" -> arguments -> position(text, arguments, false);
          case "rfind" -> arguments -> position(text, arguments, true);
          case "count" -> arguments -> count(text, arguments.bind("count", "sub").string(0));
          case "join" ->
              arguments -> join(text, arguments.bind("join", "items").required(0), budget);
          case "format" -> arguments -> Printf.braces(text, arguments, budget);
          case "isdigit" -> arguments -> all(text, Character::isDigit);
          case "isalpha" -> arguments -> all(text, Character::isLetter);
          case "isalnum" -> arguments -> all(text, Character::isLetterOrDigit);
          case "isspace" -> arguments -> all(text, c -> c < 0x10000 && Chars.isSpace((char) c));
          case "isupper" -> arguments -> isCase(text, true);
          case "islower" -> arguments -> isCase(text, false);
          default -> null;
        };
    if (method == null) {
      return null;
    }
    return arguments -> {
      budget.string(text.length());
      return method.call(arguments);
    };
  }

  private static String strip(String text, Arguments arguments, boolean left, boolean right) {
    Object set = arguments.bind("strip", "chars").get(0, None.NONE);
    if (set instanceof String s) {
      return Chars.strip(text, s, left, right);
    }
    String leftDone = left ? Chars.stripLeft(text) : text;
    return right ? Chars.stripRight(leftDone) : leftDone;
  }

  private static List<Object> split(
      String text, Arguments arguments, boolean fromRight, Budget budget) {
    Bound bound = arguments.bind("split", "sep", "maxsplit");
    int limit = bound.integer(1, -1);
    List<Object> parts = new ArrayList<>();
    budget.items(text.length() / 8);
    if (!(bound.get(0, None.NONE) instanceof String separator)) {
      return fromRight ? splitSpaceRight(text, limit) : splitSpace(text, limit);
    }
    if (separator.isEmpty()) {
      throw new TemplateException("split() needs a separator that is not empty");
    }
    if (fromRight) {
      int end = text.length();
      int at = text.lastIndexOf(separator);
      while (at >= 0 && limit-- != 0) {
        parts.add(text.substring(at + separator.length(), end));
        end = at;
        at = at == 0 ? -1 : text.lastIndexOf(separator, end - separator.length());
        if (end < separator.length()) {
          at = -1;
        }
      }
      parts.add(text.substring(0, end));
      Collections.reverse(parts);
      return parts;
    }
    int start = 0;
    int at = text.indexOf(separator);
    while (at >= 0 && limit-- != 0) {
      parts.add(text.substring(start, at));
      start = at + separator.length();
      at = text.indexOf(separator, start);
    }
    parts.add(text.substring(start));
    return parts;
  }

  private static List<Object> splitSpace(String text, int limit) {
    List<Object> words = new ArrayList<>();
    int start = Chars.skipSpace(text, 0);
    while (start < text.length()) {
      if (limit-- == 0) {
        words.add(Chars.stripRight(text.substring(start)));
        break;
      }
      int end = start;
      while (end < text.length() && !Chars.isSpace(text.charAt(end))) {
        end++;
      }
      words.add(text.substring(start, end));
      start = Chars.skipSpace(text, end);
    }
    return words;
  }

  private static List<Object> splitSpaceRight(String text, int limit) {
    List<Object> words = new ArrayList<>();
    String rest = Chars.stripRight(text);
    while (!rest.isEmpty()) {
      if (limit-- == 0) {
        words.add(Chars.stripLeft(rest));
        break;
      }
      int start = rest.length();
      while (start > 0 && !Chars.isSpace(rest.charAt(start - 1))) {
        start--;
      }
      words.add(rest.substring(start));
      rest = Chars.stripRight(rest.substring(0, start));
    }
    Collections.reverse(words);
    return words;
  }

  private static List<Object> splitLines(String text, Budget budget) {
    budget.items(text.length() / 8);
    List<Object> lines = new ArrayList<>(text.lines().toList());
    return lines;
  }

  private static boolean hasAffix(String text, Arguments arguments, boolean prefix) {
    Object wanted = arguments.bind("startswith", "affix").required(0);
    List<Object> candidates = wanted instanceof Tuple tuple ? tuple.items() : List.of(wanted);
    for (Object candidate : candidates) {
      if (!(candidate instanceof String s)) {
        throw new TemplateException("startswith() and endswith() need strings");
      }
      if (prefix ? text.startsWith(s) : text.endsWith(s)) {
        return true;
      }
    }
    return false;
  }

  private static String removeAffix(String text, Arguments arguments, boolean prefix) {
    String affix = arguments.bind("remove", "affix").string(0);
    if (prefix) {
      return text.startsWith(affix) ? text.substring(affix.length()) : text;
    }
    return text.endsWith(affix) ? text.substring(0, text.length() - affix.length()) : text;
  }

  /** Upper case after whatever is no letter, lower case after a letter. */
  static String title(String text) {
    StringBuilder result = new StringBuilder(text.length());
    boolean inWord = false;
    for (int c : text.codePoints().toArray()) {
      result.appendCodePoint(inWord ? Character.toLowerCase(c) : Character.toTitleCase(c));
      inWord = Character.isLetter(c);
    }
    return result.toString();
  }

  static String capitalize(String text) {
    if (text.isEmpty()) {
      return text;
    }
    int first = text.codePointAt(0);
    return Character.toString(Character.toTitleCase(first))
        + text.substring(Character.charCount(first)).toLowerCase(Locale.ROOT);
  }

  private static String replace(String text, Arguments arguments, Budget budget) {
    Bound bound = arguments.bind("replace", "old", "new", "count");
    return replace(text, bound.string(0), bound.string(1), bound.integer(2, -1), budget);
  }

  /** Replaces the first {@code limit} occurrences; all if it is negative. */
  static String replace(String text, String old, String fresh, int limit, Budget budget) {
    budget.scan(text.length());
    Output out = new Output(budget);
    int left = limit;
    int start = 0;
    int at = text.indexOf(old);
    while (at >= 0 && left-- != 0) {
      out.append(text.substring(start, at)).append(fresh);
      start = at + old.length();
      if (old.isEmpty()) {
        if (start == text.length()) {
          break;
        }
        int next = start + Character.charCount(text.codePointAt(start));
        out.append(text.substring(start, next));
        start = next;
      }
      at = text.indexOf(old, start);
    }
    return out.append(text.substring(start)).toString();
  }

  private static long position(String text, Arguments arguments, boolean last) {
    String wanted = arguments.bind("find", "sub").string(0);
    int at = last ? text.lastIndexOf(wanted) : text.indexOf(wanted);
    return at < 0 ? -1 : text.codePointCount(0, at);
  }

  private static long count(String text, String wanted) {
    if (wanted.isEmpty()) {
      return Chars.length(text) + 1L;
    }
    long count = 0;
    for (int at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + wanted.length())) {
      count++;
    }
    return count;
  }

  private static String join(String separator, Object items, Budget budget) {
    Output out = new Output(budget);
    boolean first = true;
    for (Object item : Values.iterate(items, budget)) {
      if (!(item instanceof String s)) {
        throw new TemplateException("join() needs strings, not " + Text.type(item));
      }
      out.append(first ? "" : separator).append(s);
      first = false;
    }
    return out.toString();
  }

  private static boolean all(String text, IntPredicate predicate) {
    return !text.isEmpty() && text.codePoints().allMatch(predicate);
  }

  /** Whether there is a letter with case and all such letters have this one. */
  static boolean isCase(String text, boolean upper) {
    return text.codePoints().anyMatch(upper ? Character::isUpperCase : Character::isLowerCase)
        && text.codePoints().noneMatch(upper ? Character::isLowerCase : Character::isUpperCase);
  }
}
