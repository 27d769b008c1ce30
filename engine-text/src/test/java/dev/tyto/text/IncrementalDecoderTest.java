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

/** Pieces of real tokenizers' tokens, byte fragments foremost, add up to the whole. */
class IncrementalDecoderTest {
  private static List<String> pieces(Tokenizer tokenizer, int[] ids, boolean skipSpecial) {
    TokenDecoder decoder = tokenizer.newDecoder(skipSpecial);
    List<String> pieces = new ArrayList<>();
    for (int id : ids) {
      pieces.add(decoder.append(id));
    }
    pieces.add(decoder.finish());
    return pieces;
  }

  private static void assertAddsUp(Tokenizer tokenizer, int[] ids) {
    for (boolean skipSpecial : new boolean[] {true, false}) {
      List<String> pieces = pieces(tokenizer, ids, skipSpecial);
      assertEquals(tokenizer.decode(ids, skipSpecial), String.join("", pieces));
      for (String piece : pieces) {
        assertTrue(piece.isEmpty() || !Character.isHighSurrogate(piece.charAt(piece.length() - 1)));
        assertTrue(piece.isEmpty() || !Character.isLowSurrogate(piece.charAt(0)));
      }
    }
  }

  @Property(tries = 400)
  void demoTokensAddUp(@ForAll("demoTokens") int[] ids) {
    assertAddsUp(Fixtures.DEMO, ids);
  }

  @Property(tries = 400)
  void deepSeekTokensAddUp(@ForAll("deepSeekTokens") int[] ids) {
    assertAddsUp(Fixtures.DEEPSEEK_V3, ids);
  }

  @Provide
  Arbitrary<int[]> demoTokens() {
    return tokens(Fixtures.DEMO, 4200);
  }

  @Provide
  Arbitrary<int[]> deepSeekTokens() {
    return tokens(Fixtures.DEEPSEEK_V3, 129_280);
  }

  /** Any ids, single bytes, tokens of broken characters, whole texts cut up, special ones. */
  private static Arbitrary<int[]> tokens(Tokenizer tokenizer, int ids) {
    List<Integer> broken = new ArrayList<>();
    for (int id = 0; id < ids; id++) {
      if (tokenizer.decode(new int[] {id}, false).contains("\ufffd")) {
        broken.add(id);
      }
    }
    assertTrue(broken.size() > 100);
    Arbitrary<Integer> any = Arbitraries.integers().between(0, ids - 1);
    Arbitrary<Integer> special = Arbitraries.of(0, 1, 2, 3, 4);
    Arbitrary<Integer> mixed =
        Arbitraries.frequencyOf(
            net.jqwik.api.Tuple.of(3, any),
            net.jqwik.api.Tuple.of(5, Arbitraries.of(broken)),
            net.jqwik.api.Tuple.of(1, special));
    Arbitrary<int[]> random =
        mixed.list().ofMaxSize(24).map(l -> l.stream().mapToInt(Integer::intValue).toArray());
    Arbitrary<int[]> texts =
        Arbitraries.of("😀", "é", "日本", "👩‍👧", "a", " ", "𝔘", "\ufffd", "א")
            .list()
            .ofMaxSize(12)
            .map(parts -> tokenizer.encode(String.join("", parts), false));
    return Arbitraries.oneOf(random, texts);
  }

  @Test
  void anEmojiComesWhole() {
    int[] ids = Fixtures.DEMO.encode("a😀b", false);
    assertTrue(ids.length > 3, "the emoji is several tokens");
    List<String> pieces = pieces(Fixtures.DEMO, ids, true);
    assertEquals("a", pieces.getFirst());
    assertTrue(pieces.contains("😀"));
    assertFalse(String.join("", pieces).contains("\ufffd"));
  }

  @Test
  void anUnfinishedCharacterComesOutAsOneReplacementAtTheEnd() {
    int[] ids = Fixtures.DEMO.encode("a😀", false);
    int[] cut = java.util.Arrays.copyOf(ids, ids.length - 1);
    List<String> pieces = pieces(Fixtures.DEMO, cut, true);
    assertEquals("a\ufffd", String.join("", pieces));
    assertEquals("\ufffd", pieces.getLast());
  }

  @Test
  void tokensThatShowNothingCostNothing() {
    List<Integer> decoded = new ArrayList<>();
    IncrementalDecoder decoder =
        new IncrementalDecoder(
            ids -> {
              decoded.add(ids.length);
              return "x".repeat(ids.length);
            },
            id -> id == 7);
    for (int i = 0; i < 1000; i++) {
      assertEquals("", decoder.append(7));
    }
    assertEquals("x", decoder.append(1));
    assertEquals("x", decoder.append(1));
    assertTrue(decoded.stream().allMatch(n -> n <= 2), decoded::toString);
  }

  /** A decoder that strips the first space, as those of SentencePiece vocabularies do. */
  @Test
  void decodersThatLookAtTheBeginningWork() {
    String[] words = {"\u2581Once", "\u2581upon", "\u2581", "\u2581a", "!"};
    IncrementalDecoder decoder =
        new IncrementalDecoder(
            ids -> {
              StringBuilder text = new StringBuilder();
              for (int id : ids) {
                text.append(words[id].replace('\u2581', ' '));
              }
              return text.toString().startsWith(" ") ? text.substring(1) : text.toString();
            },
            id -> false);
    assertEquals("Once", decoder.append(0));
    assertEquals(" upon", decoder.append(1));
    assertEquals(" ", decoder.append(2));
    assertEquals(" a", decoder.append(3));
    assertEquals("!", decoder.append(4));
    assertEquals("", decoder.finish());
  }
}
