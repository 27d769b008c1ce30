package dev.tyto.cli;

import java.util.Locale;

/** Numbers as people read them, the same in every locale. */
final class Formats {
  private static final String[] BINARY = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};

  private Formats() {}

  /** {@link String#format} without a locale. */
  @SuppressWarnings("AnnotateFormatMethod") // would need a library for one annotation
  static String format(String format, Object... arguments) {
    return String.format(Locale.ROOT, format, arguments);
  }

  /** Bytes in the largest binary unit that leaves at least 1: "11.9 MiB". */
  static String bytes(long bytes) {
    double value = bytes;
    int unit = 0;
    while (value >= 1024 && unit < BINARY.length - 1) {
      value /= 1024;
      unit++;
    }
    return unit == 0
        ? bytes + " B"
        : format(value < 100 ? "%.2f %s" : "%.1f %s", value, BINARY[unit]);
  }

  /** A count, rounded: "12.37 M". */
  static String count(long count) {
    if (count < 10_000) {
      return Long.toString(count);
    }
    if (count < 1_000_000) {
      return format("%.2f K", count / 1e3);
    }
    return count < 1_000_000_000 ? format("%.2f M", count / 1e6) : format("%.2f B", count / 1e9);
  }

  /** A speed: two decimals below 1000, none above. */
  static String rate(double perSecond) {
    return format(perSecond < 1000 ? "%.2f" : "%.0f", perSecond);
  }

  /** "1 token", "2 tokens". */
  static String tokens(long count) {
    return format(count == 1 ? "%,d token" : "%,d tokens", count);
  }
}
