package dev.tyto.text.jinja;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Python's two ways of formatting: {@code '%s' % x} and {@code '{}'.format(x)}. */
final class Printf {
  private static final Pattern DIRECTIVE =
      Pattern.compile("%([-+ 0]*+)(\\d{0,4})(?:\\.(\\d{1,3}))?([a-zA-Z%])");
  private static final Pattern FIELD = Pattern.compile("\\{\\{|\\}\\}|\\{(\\w*+)\\}|\\{|\\}");

  private Printf() {}

  static String format(String format, List<Object> values, Budget budget) {
    Output out = new Output(budget);
    Matcher matcher = DIRECTIVE.matcher(format);
    int position = 0;
    int next = 0;
    for (int at = format.indexOf('%'); at >= 0; at = format.indexOf('%', position)) {
      out.append(format.substring(position, at));
      if (!matcher.region(at, format.length()).lookingAt()) {
        throw new TemplateException("a format has a directive that is not supported");
      }
      position = matcher.end();
      if (matcher.group(4).equals("%")) {
        out.append("%");
        continue;
      }
      if (next == values.size()) {
        throw new TemplateException("a format needs more values than the " + next + " given");
      }
      out.append(padded(matcher, values.get(next++), budget));
    }
    if (next < values.size()) {
      throw new TemplateException("a format uses " + next + " of " + values.size() + " values");
    }
    return out.append(format.substring(position)).toString();
  }

  private static String padded(Matcher directive, Object value, Budget budget) {
    String flags = directive.group(1);
    String shown = shown(directive.group(4).charAt(0), directive.group(3), value, budget);
    boolean number = Operators.isNumber(value) && !"sr".contains(directive.group(4));
    if (number && !shown.startsWith("-")) {
      shown = (flags.contains("+") ? "+" : flags.contains(" ") ? " " : "") + shown;
    }
    int width = directive.group(2).isEmpty() ? 0 : Integer.parseInt(directive.group(2));
    int missing = width - Chars.length(shown);
    if (missing <= 0) {
      return shown;
    }
    if (flags.contains("-")) {
      return shown + " ".repeat(missing);
    }
    if (flags.contains("0") && number) {
      int sign = "+- ".indexOf(shown.charAt(0)) >= 0 ? 1 : 0;
      return shown.substring(0, sign) + "0".repeat(missing) + shown.substring(sign);
    }
    return " ".repeat(missing) + shown;
  }

  private static String shown(char kind, String precision, Object value, Budget budget) {
    switch (kind) {
      case 's' -> {
        String text = Text.str(value, budget);
        int limit = precision == null ? Integer.MAX_VALUE : Integer.parseInt(precision);
        return Chars.length(text) <= limit
            ? text
            : text.substring(0, text.offsetByCodePoints(0, limit));
      }
      case 'r' -> {
        return Text.repr(value, budget);
      }
      default -> {}
    }
    if (!Operators.isNumber(value)) {
      throw new TemplateException("'%" + kind + "' needs a number, not " + Text.type(value));
    }
    long whole =
        switch (value) {
          case Long l -> l;
          case Boolean b -> b ? 1 : 0;
          default -> (long) (double) (Double) value;
        };
    return switch (kind) {
      case 'd', 'i', 'u' -> Long.toString(whole);
      case 'x' -> (whole < 0 ? "-" : "") + Long.toHexString(Math.abs(whole));
      case 'X' ->
          (whole < 0 ? "-" : "") + Long.toHexString(Math.abs(whole)).toUpperCase(Locale.ROOT);
      case 'f', 'F' -> {
        double exact = value instanceof Double d ? d : (double) whole;
        int digits = precision == null ? 6 : Integer.parseInt(precision);
        yield Double.isFinite(exact)
            ? new BigDecimal(exact).setScale(digits, RoundingMode.HALF_EVEN).toPlainString()
            : Text.number(exact);
      }
      default -> throw new TemplateException("the directive '%" + kind + "' is not supported");
    };
  }

  /** {@code '{} {0} {name}'.format(…)}, without format specifications. */
  static String braces(String format, Arguments arguments, Budget budget) {
    Output out = new Output(budget);
    Matcher matcher = FIELD.matcher(format);
    int position = 0;
    int next = 0;
    while (matcher.find()) {
      out.append(format.substring(position, matcher.start()));
      position = matcher.end();
      String found = matcher.group();
      String field = matcher.group(1);
      if (found.equals("{{") || found.equals("}}")) {
        out.append(found.substring(1));
      } else if (field == null) {
        throw new TemplateException("format() supports {}, {0} and {name} only");
      } else {
        String key = field.isEmpty() ? Integer.toString(next++) : field;
        out.append(Text.str(argument(arguments, key), budget));
      }
    }
    return out.append(format.substring(position)).toString();
  }

  private static Object argument(Arguments arguments, String key) {
    Object value = arguments.named().get(key);
    if (value != null) {
      return value;
    }
    boolean index = key.length() < 9 && key.chars().allMatch(c -> c >= '0' && c <= '9');
    if (index && Integer.parseInt(key) < arguments.positional().size()) {
      return arguments.positional().get(Integer.parseInt(key));
    }
    throw new TemplateException("format() was not given '" + key + "'");
  }
}
