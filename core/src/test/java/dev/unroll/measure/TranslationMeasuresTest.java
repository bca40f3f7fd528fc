package dev.unroll.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.unroll.batch.WhiteSpace;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** BLEU and chrF against the values that sacreBLEU's own tests and README give. */
class TranslationMeasuresTest {

  private static final List<String> FOUND =
      List.of("The dog bit the man.", "It wasn't surprising.", "The man had just bitten him.");
  private static final List<List<String>> WANTED =
      List.of(
          List.of("The dog bit the man.", "The dog had bit the man."),
          List.of("It was not unexpected.", "No one was surprised."),
          List.of("The man bit him first.", "The man had bitten the dog."));

  @Test
  void bleuIsThatOfSacreBleusTests() {
    assertThat(Bleu.of(FOUND, WANTED)).isCloseTo(48.530827, within(1e-6));
    assertThat(Bleu.of(List.of("", "", ""), WANTED)).isZero();
    assertThat(Bleu.of(List.of("this is a test"), List.of(List.of("this is a test"))))
        .isCloseTo(100, within(1e-9));
  }

  @Test
  void tokensAreThoseOfMteval() {
    assertThat(Bleu.tokens("Hello, world! It's 3.5-4 &quot;x/y&quot;."))
        .containsExactly(
            "Hello", ",", "world", "!", "It's", "3.5", "-", "4", "\"", "x", "/", "y", "\"", ".");
  }

  @Test
  void chrfIsThatOfSacreBleusTests() {
    assertThat(Chrf.of(FOUND, WANTED)).isCloseTo(59.73, within(5e-3));
    assertThat(chrf3("a b c", "abc")).isCloseTo(100, within(1e-4));
    assertThat(chrf3("", "reference")).isZero();
    assertThat(chrf3("aa", "ab")).isCloseTo(25, within(1e-4));
    assertThat(Chrf.of(List.of("a", "b"), List.of(List.of("a"), List.of("c")), 3))
        .isCloseTo(50, within(1e-4));
  }

  private static double chrf3(String found, String wanted) {
    return Chrf.of(List.of(found), List.of(List.of(wanted)), 3);
  }

  /** Values of sacreBLEU 2.6.0: corpus_bleu and corpus_chrf of one line each. */
  @Test
  void whiteSpaceIsThatOfSacreBleu() {
    assertMeasures(
        "le prix est de 10 000 euros environ ce soir",
        "le prix est de 10\u00a0000\u202feuros environ ce soir",
        100,
        100);
    assertMeasures("a\u0085b c\u2007d e-\n", "a b c d e-", 100, 100);
    assertMeasures(
        "il coûte 3\u202f500\u00a0€\u3000!\u2028fin du\u001ctexte ici",
        "il coûte 3 500 € ! fin du texte là",
        88.01117367933934,
        90.25312736711476);
    assertMeasures("one two three-\n", "one two three- four", 0, 74.36178185509806);
    // a zero-width space is not white space
    assertMeasures("a\u200bb c d e f", "a b c d e f", 54.75182535069452, 58.91790473273089);
  }

  private static void assertMeasures(String found, String wanted, double bleu, double chrf) {
    assertThat(Bleu.of(List.of(found), List.of(List.of(wanted)))).isCloseTo(bleu, within(1e-9));
    assertThat(Chrf.of(List.of(found), List.of(List.of(wanted)))).isCloseTo(chrf, within(1e-9));
  }

  /** The list is what Python 3's str.isspace() says of all code points. */
  @Test
  void whiteSpaceIsThatOfPython() {
    int[] white = {
      0x9, 0xA, 0xB, 0xC, 0xD, 0x1C, 0x1D, 0x1E, 0x1F, 0x20, 0x85, 0xA0, 0x1680, 0x2000, 0x2001,
      0x2002, 0x2003, 0x2004, 0x2005, 0x2006, 0x2007, 0x2008, 0x2009, 0x200A, 0x2028, 0x2029,
      0x202F, 0x205F, 0x3000
    };
    assertThat(IntStream.rangeClosed(0, Character.MAX_CODE_POINT).filter(WhiteSpace::is))
        .containsExactly(Arrays.stream(white).boxed().toArray(Integer[]::new));
    assertThat(WhiteSpace.split(" a\u00a0b\u3000\n")).containsExactly("a", "b");
  }

  @Test
  void editsAreCounted() {
    assertThat(
            EditDistance.of(
                List.of("k", "i", "t", "t", "e", "n"), List.of("s", "i", "t", "t", "i", "n", "g")))
        .isEqualTo(3);
    assertThat(EditDistance.of(List.of(), List.of("a", "b"))).isEqualTo(2);
    assertThat(EditDistance.of(List.of("a", "b"), List.of())).isEqualTo(2);
  }

  /** By the definition, cell by cell. */
  private static int slowDistance(List<Integer> found, List<Integer> wanted) {
    int[][] least = new int[found.size() + 1][wanted.size() + 1];
    for (int i = 0; i <= found.size(); i++) {
      for (int j = 0; j <= wanted.size(); j++) {
        int replaced =
            i > 0 && j > 0
                ? least[i - 1][j - 1] + (found.get(i - 1).equals(wanted.get(j - 1)) ? 0 : 1)
                : Math.max(i, j);
        int deleted = i > 0 ? least[i - 1][j] + 1 : replaced;
        int inserted = j > 0 ? least[i][j - 1] + 1 : replaced;
        least[i][j] = Math.min(replaced, Math.min(deleted, inserted));
      }
    }
    return least[found.size()][wanted.size()];
  }

  @Test
  void editsAreThoseOfTheDefinitionAtAnyLength() {
    var random = new Random(3);
    for (int tries = 0; tries < 500; tries++) {
      int letters = 1 + random.nextInt(6);
      var found = random.ints(random.nextInt(200), 0, letters).boxed().toList();
      var wanted = random.ints(random.nextInt(200), 0, letters).boxed().toList();
      assertThat(EditDistance.of(found, wanted))
          .as("%s %s", found, wanted)
          .isEqualTo(slowDistance(found, wanted));
    }
  }

  @Test
  void longTextsAreComparedInAMoment() {
    var found = new Random(1).ints(100_000, 0, 30).boxed().toList();
    var wanted = new Random(2).ints(100_000, 0, 30).boxed().toList();
    int edits =
        assertTimeoutPreemptively(Duration.ofMinutes(1), () -> EditDistance.of(found, wanted));
    assertThat(edits).isBetween(50_000, 100_000);
  }
}
