package dev.unroll.text.pattern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unroll.base.InputException;
import dev.unroll.result.Constraint;
import dev.unroll.text.Segmentation;
import dev.unroll.text.VocabularyTokenizer;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TextRuleTest {

  private static final String LETTERS = "ab1_ -.ÄÉé\n😀\"@";

  private static final VocabularyTokenizer CHARACTERS =
      new VocabularyTokenizer(
          Segmentation.of(Segmentation.Unit.CHARACTERS),
          LETTERS.codePoints().mapToObj(Character::toString).toList());

  /** Whether a rule allows a text, read character by character. */
  private static boolean allows(TextRule rule, String text) {
    Constraint.TokenAutomaton automaton = rule.over(CHARACTERS, false, true);
    int state = automaton.least(automaton.start()) < 0 ? -1 : automaton.start();
    for (int id : CHARACTERS.encode(text)) {
      state = state < 0 ? state : automaton.next(state, id);
    }
    return state >= 0 && automaton.least(state) == 0;
  }

  private static String random(Random random) {
    int[] letters = LETTERS.codePoints().toArray();
    var text = new StringBuilder();
    for (int n = random.nextInt(7); n > 0; n--) {
      text.appendCodePoint(letters[random.nextInt(random.nextBoolean() ? 3 : letters.length)]);
    }
    return text.toString();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a",
        "a*",
        "(a|b)+",
        "a?b{2}",
        "a{1,}b",
        "a{0,2}b?",
        "(?:ab)*",
        "(?<x>a|b)\\d",
        ".*",
        ".+a",
        "[ab]+",
        "[^ab]*",
        "[a-b1]*",
        "\\w*",
        "\\W+",
        "[\\w-]*",
        "[]a]+",
        "[a\\-b]*",
        "\\p{L}*",
        "\\P{L}+",
        "\\p{Lu}.*",
        "[\\p{L}1]{2,3}",
        "^a.*b$",
        "a|",
        "(a|b)*a(a|b)",
        "\\x61+",
        "\\u0061*b",
        "\\x{1F600}+",
        ".{2}",
        "\\S\\s\\S",
        "\\.|-",
        "\"a\"|@",
        "a*?b",
        "(|a)b",
        "[é-é]|Ä",
        "(a*)*b"
      })
  void aPatternAllowsWhatJavasPatternsMatch(String regex) {
    var rule = TextRule.matching(regex);
    Pattern java = Pattern.compile(regex.equals("[]a]+") ? "[\\]a]+" : regex);
    var random = new Random(5);
    for (int i = 0; i < 500; i++) {
      String text = random(random);
      assertThat(allows(rule, text)).as(text).isEqualTo(java.matcher(text).matches());
    }
  }

  @Test
  void caseIsIgnoredInAllScripts() {
    var rule = TextRule.matching("(?i)É[A]+");
    assertThat(allows(rule, "éaa")).isTrue();
    assertThat(allows(TextRule.matching("É"), "é")).isFalse();
  }

  @Test
  void textsAreLookedForEverywhereOrAsWords() {
    var random = new Random(6);
    Pattern word = Pattern.compile("(?<![\\p{L}\\p{N}])ab(?![\\p{L}\\p{N}])");
    var with = TextRule.containing("ab");
    var without = TextRule.without(List.of("ab", "1"));
    var withWord = TextRule.containingWord("ab");
    var withoutWord = TextRule.withoutWords(List.of("ab"));
    var both = TextRule.containing("a").and(TextRule.matching("[^1]*"));
    for (int i = 0; i < 500; i++) {
      String text = random(random);
      assertThat(allows(with, text)).isEqualTo(text.contains("ab"));
      assertThat(allows(without, text)).isEqualTo(!text.contains("ab") && !text.contains("1"));
      assertThat(allows(withWord, text)).isEqualTo(word.matcher(text).find());
      assertThat(allows(withoutWord, text)).isEqualTo(!word.matcher(text).find());
      assertThat(allows(both, text)).isEqualTo(text.contains("a") && !text.contains("1"));
    }
  }

  @Test
  void theFewestTokensToTheEndAreKnown() {
    Constraint.TokenAutomaton automaton =
        TextRule.matching("a{3}b*1").over(CHARACTERS, false, true);
    assertThat(automaton.least(automaton.start())).isEqualTo(4);
    Constraint.TokenAutomaton none = TextRule.matching("zebra").over(CHARACTERS, false, true);
    assertThat(none.least(none.start())).isEqualTo(Constraint.TokenAutomaton.NONE);
  }

  @Test
  void onlyTextsWithoutSomethingHoldForBeginnings() {
    assertThat(TextRule.without(List.of("ab")).holdsForBeginnings()).isTrue();
    assertThat(TextRule.withoutWords(List.of("ab")).holdsForBeginnings()).isFalse();
    assertThat(TextRule.containing("ab").holdsForBeginnings()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "(a, without its )",
    "a), without its (",
    "[a, ends too early",
    "*a, repeats nothing",
    "a**, repeats a repetition",
    "a{2, no numbers follow",
    "a{b}, has no number",
    "(?=a), of a kind",
    "\\1, no automaton can match",
    "a\\b, no automaton can match",
    "a^b, inside",
    "[b-a], comes before its start",
    "[a[b]], set within a set",
    "\\p{Nonsense}, not a property",
    "\\x{110000}, number of a character",
    "(a{9999}){9999}, too large",
    ".*a.{90}b.*, too complex",
    "\\, ends too early",
  })
  void whatIsNoPatternIsRefused(String regex, String why) {
    assertThatThrownBy(() -> TextRule.matching(regex))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(why);
  }

  @Test
  void aPatternOfManyGroupsInOneAnotherIsRefused() {
    assertThatThrownBy(() -> TextRule.matching("(".repeat(100_000)))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("more than 200 groups");
  }
}
