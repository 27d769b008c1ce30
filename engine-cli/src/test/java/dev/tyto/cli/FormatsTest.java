package dev.tyto.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FormatsTest {
  @Test
  void bytes() {
    assertEquals("0 B", Formats.bytes(0));
    assertEquals("1023 B", Formats.bytes(1023));
    assertEquals("1.00 KiB", Formats.bytes(1024));
    assertEquals("432.0 KiB", Formats.bytes(432 << 10));
    assertEquals("641.3 GiB", Formats.bytes(688_586_727_753L));
    assertEquals("8192.0 PiB", Formats.bytes(Long.MAX_VALUE));
  }

  @Test
  void counts() {
    assertEquals("9999", Formats.count(9999));
    assertEquals("12.35 K", Formats.count(12_345));
    assertEquals("12.37 M", Formats.count(12_370_768));
    assertEquals("671.03 B", Formats.count(671_026_419_200L));
    assertEquals("1 token", Formats.tokens(1));
    assertEquals("163,840 tokens", Formats.tokens(163_840));
  }

  @Test
  void json() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("a", 1.5);
    map.put("b", null);
    map.put("c", Double.NaN);
    map.put("d", List.of("x", true, 7L));
    map.put("e", Map.of("f", Map.of()));
    map.put("tab\t\"q\"\\", "\u0001\n\ud83e\udd89\ud83e");
    assertEquals(
        """
        {
          "a": 1.5,
          "b": null,
          "c": null,
          "d": ["x", true, 7],
          "e": {
            "f": {}
          },
          "tab\\t\\"q\\"\\\\": "\\u0001\\n\ud83e\udd89\\ud83e"
        }\
        """,
        Json.write(map));
  }

  @Test
  void markdownTableIsAligned() {
    assertEquals(
        """
        | a   |  bb |
        | --- | --: |
        | abc |   1 |
        | d   | 100 |\
        """,
        MarkdownTable.write(
            List.of(List.of("a", "bb"), List.of("abc", "1"), List.of("d", "100")), 1));
  }
}
