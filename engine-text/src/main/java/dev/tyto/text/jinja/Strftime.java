package dev.tyto.text.jinja;

import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** C's strftime in its own locale, which is what prompts are trained with. */
final class Strftime {
  private Strftime() {}

  static String format(ZonedDateTime time, String format, Budget budget) {
    Output out = new Output(budget);
    int i = 0;
    while (i < format.length()) {
      char c = format.charAt(i++);
      if (c != '%' || i == format.length()) {
        out.append(String.valueOf(c));
        continue;
      }
      boolean unpadded = format.charAt(i) == '-' && i + 1 < format.length();
      i += unpadded ? 1 : 0;
      String field = field(time, format.charAt(i++));
      boolean strip = unpadded && field.length() > 1 && field.startsWith("0");
      out.append(strip ? field.replaceFirst("^0+(?=.)", "") : field);
    }
    return out.toString();
  }

  private static String field(ZonedDateTime time, char directive) {
    return switch (directive) {
      case 'a' -> pattern(time, "EEE");
      case 'A' -> pattern(time, "EEEE");
      case 'b', 'h' -> pattern(time, "MMM");
      case 'B' -> pattern(time, "MMMM");
      case 'c' -> pattern(time, "EEE MMM ppd HH:mm:ss yyyy");
      case 'd' -> pattern(time, "dd");
      case 'D', 'x' -> pattern(time, "MM/dd/yy");
      case 'e' -> pattern(time, "ppd");
      case 'f' -> pattern(time, "SSSSSS");
      case 'F' -> pattern(time, "yyyy-MM-dd");
      case 'H' -> pattern(time, "HH");
      case 'I' -> pattern(time, "hh");
      case 'j' -> pattern(time, "DDD");
      case 'm' -> pattern(time, "MM");
      case 'M' -> pattern(time, "mm");
      case 'p' -> pattern(time, "a");
      case 'S' -> pattern(time, "ss");
      case 'T', 'X' -> pattern(time, "HH:mm:ss");
      case 'u' -> String.valueOf(time.getDayOfWeek().getValue());
      case 'w' -> String.valueOf(time.getDayOfWeek().getValue() % 7);
      case 'y' -> pattern(time, "yy");
      case 'Y' -> pattern(time, "yyyy");
      case 'z' -> pattern(time, "xx");
      case 'Z' -> pattern(time, "zzz");
      case '%' -> "%";
      default -> throw new TemplateException("strftime_now() does not know '%" + directive + "'");
    };
  }

  private static String pattern(ZonedDateTime time, String pattern) {
    return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH).format(time);
  }
}
