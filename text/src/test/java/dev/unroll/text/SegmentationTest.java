package dev.unroll.text;

import static org.assertj.core.api.Assertions.assertThat;

import com.ibm.icu.text.BreakIterator;
import com.ibm.icu.util.ULocale;
import dev.unroll.file.Json;
import dev.unroll.text.Segmentation.Unit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

class SegmentationTest {

  @Example
  void wordsOfAnyLanguage() {
    var words = Segmentation.of(Unit.WORDS);
    assertThat(words.cut("The cats, which didn't eat 3.14 pies, were full."))
        .containsExactly(
            "The", "cats", ",", "which", "didn't", "eat", "3.14", "pies", ",", "were", "full", ".");
    assertThat(words.cut("我喜欢学习中文")).contains("喜欢", "学习", "中文");
    assertThat(words.cut("Straße öffnen")).containsExactly("Straße", "öffnen");
    assertThat(words.cut(" \t ")).isEmpty();
  }

  @Example
  void tokenizersSayHowTheyReadLetters() {
    var words = Segmentation.of(Unit.WORDS);
    var tokens = List.of(Vocabulary.UNKNOWN, Vocabulary.END, "the");
    assertThat(new VocabularyTokenizer(words, tokens).spelled("The Cat")).isEqualTo("The Cat");
    assertThat(new VocabularyTokenizer(words.withLowerCase(true), tokens).spelled("The Cat"))
        .isEqualTo("the cat");
    assertThat(BytePairTokenizer.learn(Map.of("▁the", 2L), true, 20, 1).spelled("The Cat"))
        .isEqualTo("the cat");
  }

  /** All that ICU finds between two boundaries, but white space. */
  private static List<String> byIcu(String text) {
    var iterator = BreakIterator.getWordInstance(ULocale.ROOT);
    iterator.setText(text);
    var tokens = new ArrayList<String>();
    int start = iterator.first();
    for (int end = iterator.next(); end != BreakIterator.DONE; end = iterator.next()) {
      String token = text.substring(start, end);
      if (!token.isBlank()) {
        tokens.add(token);
      }
      start = end;
    }
    return tokens;
  }

  @Provide
  Arbitrary<String> ascii() {
    return Arbitraries.frequencyOf(
            Tuple.of(4, Arbitraries.of('a', 'b', 'Z', '1', '0', ' ')),
            Tuple.of(2, Arbitraries.of('.', ',', '\'', '"', '-', '_', ':', ';', '$', '%', '\t')),
            Tuple.of(1, Arbitraries.chars().range((char) 0, (char) 127)))
        .list()
        .ofMaxSize(24)
        .map(each -> each.stream().map(String::valueOf).collect(Collectors.joining()));
  }

  /** The shorter way for ASCII finds what ICU does. */
  @Property(tries = 20_000)
  void wordsOfAsciiAreThoseOfIcu(@ForAll("ascii") String text) {
    assertThat(Segmentation.of(Unit.WORDS).cut(text)).isEqualTo(byIcu(text));
  }

  @Example
  void punctuationAndCaseByOption() {
    var bare = new Segmentation(Unit.WORDS, true, false);
    assertThat(bare.cut("Hello, World! (Yes)")).containsExactly("hello", "world", "yes");
  }

  private static List<String> bare(String text) {
    return new Segmentation(Unit.WORDS, false, false).cut(text);
  }

  @Example
  void emojiAndSymbolsAreNotPunctuation() {
    for (String each :
        List.of(
            "👍",
            "❤️",
            "❤",
            "☺️",
            "👍🏽",
            "👨‍👩‍👧‍👦",
            "❤️‍🔥",
            "🇩🇪",
            "🏴󠁧󠁢󠁥󠁮󠁧󠁿",
            "1️⃣",
            "#️⃣",
            "*️⃣",
            "‼️",
            "⁉️",
            "〰️",
            "🏳️‍🌈",
            "€",
            "$",
            "+",
            "=",
            "<",
            "§",
            "¶",
            "°",
            "%",
            "‰",
            "&",
            "©",
            "№",
            "→",
            "−",
            "×",
            "∑",
            "♥",
            "^",
            "|",
            "🫩")) {
      assertThat(bare("so " + each + " !")).containsExactly("so", each);
      assertThat(Segmentation.of(Unit.WORDS).cut(each + "!")).containsExactly(each, "!");
    }
    assertThat(bare("👍😍😍 (🤮)…")).containsExactly("👍", "😍", "😍", "🤮");
    assertThat(bare("2+2=4, 20 °C, 5€ & 50%"))
        .containsExactly("2", "+", "2", "=", "4", "20", "°", "C", "5", "€", "&", "50", "%");
  }

  @Example
  void punctuationOfAnyLanguageIsDropped() {
    assertThat(bare("¿Qué? «oui» “x” ‘y’ — – - _ * / \\ @ # • … ‼ 。、！？ ؟ ، । ჻ {a} [b] ; : ' \" ."))
        .containsExactly("Qué", "oui", "x", "y", "a", "b");
    assertThat(bare("\u200b \ufeff\u0007 \u00a0\u3000")).isEmpty();
    assertThat(bare("don't re-do @ann #win")).containsExactly("don't", "re", "do", "ann", "win");
  }

  @Example
  void marksArePartsOfWords() {
    assertThat(bare("हिन्दी में, कृपया।")).containsExactly("हिन्दी", "में", "कृपया");
    assertThat(bare("مُحَمَّد، قال؟")).containsExactly("مُحَمَّد", "قال");
    assertThat(String.join("", bare("ภาษาไทยนั้น!"))).isEqualTo("ภาษาไทยนั้น");
    assertThat(bare("cafe\u0301 n\u0303.")).containsExactly("cafe\u0301", "n\u0303");
  }

  /** Models of 0.2.0 have not seen symbols, and go on without them. */
  @Example
  void oldModelsDropSymbolsToo() {
    var old =
        Segmentation.restore(
            new Json.Reader(
                "tokenizer",
                Json.object("unit", "words", "lowerCase", false, "punctuation", false)));
    assertThat(old.cut("5 € !")).containsExactly("5");
    for (var each : Segmentation.Punctuation.values()) {
      var segmentation = new Segmentation(Unit.WORDS, true, each);
      assertThat(Segmentation.restore(new Json.Reader("tokenizer", segmentation.describe())))
          .isEqualTo(segmentation);
    }
  }

  @Example
  void lowerCaseDoesNotFollowTheLocale() {
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.of("tr", "TR"));
      assertThat(new Segmentation(Unit.TOKENS, true, true).cut("TITLE")).containsExactly("title");
    } finally {
      Locale.setDefault(before);
    }
  }

  @Example
  void wordsAreJoinedAsTheyAreWritten() {
    var words = Segmentation.of(Unit.WORDS);
    assertThat(words.join(List.of("he", "said", ":", "yes", ",", "(", "no", ")", "!")))
        .isEqualTo("he said: yes, (no)!");
    assertThat(words.join(List.of("我", "喜欢", "中文", "。"))).isEqualTo("我喜欢中文。");
  }

  @Example
  void whiteSpaceTokens() {
    assertThat(Segmentation.of(Unit.TOKENS).cut("  no it was n't  black\tmonday "))
        .containsExactly("no", "it", "was", "n't", "black", "monday");
  }

  @Property
  void charactersAndBytesJoinToWhatWasCut(@ForAll String any) {
    String text = any.replaceAll("\\p{Cs}", "x"); // lone surrogates are no text
    for (Unit unit : List.of(Unit.CHARACTERS, Unit.BYTES)) {
      var segmentation = Segmentation.of(unit);
      assertThat(segmentation.join(segmentation.cut(text))).isEqualTo(text);
    }
    assertThat(Segmentation.of(Unit.CHARACTERS).cut(text))
        .hasSize(text.codePointCount(0, text.length()));
  }
}
