package dev.tyto.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class StopStringsTest {
  private record Result(String text, boolean found) {}

  private static Result feed(List<String> stops, List<String> pieces) {
    StopStrings matcher = new StopStrings(stops);
    StringBuilder text = new StringBuilder();
    for (String piece : pieces) {
      text.append(matcher.append(piece));
    }
    text.append(matcher.finish());
    return new Result(text.toString(), matcher.found());
  }

  /** Every way to cut the text into pieces. */
  private static List<List<String>> splits(String text) {
    List<List<String>> all = new ArrayList<>();
    for (int cuts = 0; cuts < 1 << (text.length() - 1); cuts++) {
      List<String> pieces = new ArrayList<>();
      int start = 0;
      for (int i = 1; i < text.length(); i++) {
        if ((cuts >> (i - 1) & 1) == 1) {
          pieces.add(text.substring(start, i));
          start = i;
        }
      }
      pieces.add(text.substring(start));
      all.add(pieces);
    }
    return all;
  }

  @Test
  void cutsAtAStopStringSplitInEveryWay() {
    for (List<String> pieces : splits("one<end>two")) {
      assertEquals(new Result("one", true), feed(List.of("<end>"), pieces), pieces::toString);
    }
  }

  @Test
  void givesBackWhatOnlyLookedLikeAStopString() {
    for (List<String> pieces : splits("a<en<endb<")) {
      assertEquals(
          new Result("a<en<endb<", false), feed(List.of("<end>", "<<<"), pieces), pieces::toString);
    }
  }

  @Test
  void overlappingStopStringsEndAtTheFirstThatIsWhole() {
    for (List<String> pieces : splits("xaabc")) {
      assertEquals(new Result("xaa", true), feed(List.of("abcd", "b"), pieces), pieces::toString);
      assertEquals(new Result("xa", true), feed(List.of("abc", "bc", "c"), pieces));
      assertEquals(new Result("x", true), feed(List.of("aab"), pieces), pieces::toString);
    }
  }

  @Test
  void holdsNothingBackWithoutNeed() {
    StopStrings matcher = new StopStrings(List.of("\n\n", "END"));
    assertEquals("abc", matcher.append("abc"));
    assertEquals("d", matcher.append("d\n"));
    assertEquals("\ne", matcher.append("e"));
    assertEquals("", matcher.append("EN"));
    assertEquals("ENd", matcher.append("d"));
    assertFalse(matcher.found());
    assertEquals("x", matcher.append("xEND and more"));
    assertTrue(matcher.found());
    assertEquals("", matcher.append("never"));
    assertEquals("", matcher.finish());
  }

  @Test
  void withoutStopStringsTextPasses() {
    StopStrings matcher = new StopStrings(List.of());
    assertEquals("abc", matcher.append("abc"));
    assertEquals("", matcher.finish());
  }

  @Property(tries = 2000)
  void theResultDoesNotDependOnThePieces(
      @ForAll("texts") String text,
      @ForAll("stops") List<String> stops,
      @ForAll("texts") String cuts) {
    Result expected = naive(text, stops);
    List<String> pieces = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < cuts.length() && start < text.length(); i++) {
      int end = Math.min(text.length(), start + cuts.charAt(i) - 'a');
      pieces.add(text.substring(start, end));
      start = end;
    }
    pieces.add(text.substring(start));
    assertEquals(expected, feed(stops, pieces));
  }

  private static Result naive(String text, List<String> stops) {
    for (int end = 1; end <= text.length(); end++) {
      int first = Integer.MAX_VALUE;
      for (String stop : stops) {
        if (text.substring(0, end).endsWith(stop)) {
          first = Math.min(first, end - stop.length());
        }
      }
      if (first != Integer.MAX_VALUE) {
        return new Result(text.substring(0, first), true);
      }
    }
    return new Result(text, false);
  }

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.strings().withChars('a', 'b', 'c').ofMaxLength(24);
  }

  @Provide
  Arbitrary<List<String>> stops() {
    return Arbitraries.strings()
        .withChars('a', 'b', 'c')
        .ofMinLength(1)
        .ofMaxLength(5)
        .list()
        .ofMaxSize(3);
  }
}
