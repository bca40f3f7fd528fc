package dev.unroll.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroll.text.Segmentation.Unit;
import java.util.List;
import java.util.Locale;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

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
  void punctuationAndCaseByOption() {
    var bare = new Segmentation(Unit.WORDS, true, false);
    assertThat(bare.cut("Hello, World! (Yes)")).containsExactly("hello", "world", "yes");
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
