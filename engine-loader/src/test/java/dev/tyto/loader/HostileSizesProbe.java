package dev.tyto.loader;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Parses headers and indexes that are as large as they may be and made to exhaust memory. Run by
 * {@link HostileSizesTest} with a small heap.
 */
final class HostileSizesProbe {
  private static final Path FILE = Path.of("f");
  private static final long LARGE = 99_000_000;
  private static final int[] POWERS = {1, 10, 100, 1_000, 10_000, 100_000, 1_000_000};

  private HostileSizesProbe() {}

  public static void main(String[] arguments) {
    Map<String, ByteSource> headers = new LinkedHashMap<>();
    headers.put("spaces", text("{", " ", "}"));
    headers.put("long name", text("{\"", "n", "\":{}}"));
    headers.put("long metadata", text("{\"__metadata__\":{\"a\":\"", "v", "\"}}"));
    headers.put("many metadata", counted("{\"__metadata__\":{", "\"#######\":\"\","));
    headers.put(
        "many tensors",
        counted("{", "\"#######\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]},"));
    headers.put("deep", text("{\"a\":{\"x\":", "[", "}}"));
    headers.put("many dimensions", text("{\"a\":{\"shape\":[", "1,", "1]}}"));
    headers.put("long number", text("{\"a\":{\"shape\":[", "9", "]}}"));
    headers.put("long unknown field", text("{\"a\":{\"x\":[", "0,", "0]}}"));
    headers.put("long unknown string", text("{\"a\":{\"x\":\"", "s", "\"}}"));
    headers.put("many unknown fields", counted("{\"a\":{", "\"#######\":0,"));
    headers.forEach((what, json) -> report(what, () -> HeaderReader.read(FILE, new Framed(json))));

    Map<String, ByteSource> indexes = new LinkedHashMap<>();
    indexes.put("index of spaces", text("{", " ", "}"));
    indexes.put("index of many tensors", counted("{\"weight_map\":{", "\"#######\":\"b\","));
    indexes.put("index of many fields", counted("{", "\"#######\":0,"));
    indexes.put("index with long metadata", counted("{\"metadata\":{", "\"#######\":0,"));
    indexes.forEach((what, json) -> report(what, () -> CheckpointIndex.parse(FILE, json)));
  }

  @FunctionalInterface
  private interface Parse {
    Object run() throws LoadException;
  }

  private static void report(String what, Parse parse) {
    String result;
    try {
      result = "read, " + parse.run().getClass().getSimpleName();
    } catch (SafetensorsException e) {
      result = e.reason().toString();
    } catch (Throwable e) {
      result = e.toString();
    }
    System.out.println(what + ": " + result);
  }

  /** A text whose middle is repeated until it is large. */
  private static ByteSource text(String begin, String repeated, String end) {
    return new Repeated(begin, repeated, end);
  }

  /** The same, with seven digits in place of the hash signs that count up. */
  private static ByteSource counted(String begin, String repeated) {
    return new Repeated(begin, repeated, "");
  }

  private record Repeated(byte[] begin, byte[] middle, byte[] end, int digits, long middles)
      implements ByteSource {
    Repeated(String begin, String middle, String end) {
      this(ascii(begin), ascii(middle), ascii(end), middle.indexOf('#'), LARGE / middle.length());
    }

    private static byte[] ascii(String text) {
      return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public long size() {
      return begin.length + middles * middle.length + end.length;
    }

    @Override
    public int read(ByteBuffer target, long position) {
      int count = (int) Math.min(target.remaining(), size() - position);
      long inMiddle = position - begin.length;
      // Counted up and not divided anew for each of so many bytes.
      long number = Math.floorDiv(inMiddle, middle.length);
      int index = Math.floorMod(inMiddle, middle.length);
      for (int i = 0; i < count; i++) {
        if (inMiddle + i < 0) {
          target.put(begin[(int) (position + i)]);
        } else if (number >= middles) {
          target.put(end[(int) (inMiddle + i - middles * middle.length)]);
        } else {
          target.put(middle[index] == '#' ? digit(number, index) : middle[index]);
        }
        if (++index == middle.length) {
          index = 0;
          number++;
        }
      }
      return count == 0 ? -1 : count;
    }

    private byte digit(long number, int index) {
      return (byte) ('0' + number / POWERS[digits + POWERS.length - 1 - index] % 10);
    }
  }

  /** A header with its length before it. */
  private record Framed(ByteSource header) implements ByteSource {
    @Override
    public long size() {
      return 8 + header.size();
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
      if (position >= 8) {
        return header.read(target, position - 8);
      }
      target.put(RawFile.withLength(header.size(), new byte[0], 0)[(int) position]);
      return 1;
    }
  }
}
