package dev.unroll.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroll.batch.TokenizerFormat;
import dev.unroll.data.Lexicon;
import dev.unroll.file.Json;
import java.util.List;
import org.junit.jupiter.api.Test;

class WordLexiconTest {

  private static final List<List<String>> SENTENCES =
      List.of(List.of("The", "cat", "saw", "the", "cat"), List.of("Paris", "the", "😀"));

  private static WordLexicon lexicon(boolean lowerCase, boolean spelled, List<String> further) {
    var segmentation = new Segmentation(Segmentation.Unit.TOKENS, lowerCase, true);
    return WordLexicon.of(SENTENCES, further, new WordLexicon.Options(segmentation, 6, 2, spelled));
  }

  private static Lexicon again(Lexicon lexicon) {
    return (Lexicon) TokenizerFormat.find(Json.parse(Json.write(lexicon.describe())));
  }

  @Test
  void rareWordsAreUnknownButSeen() {
    var lexicon = lexicon(false, false, List.of());
    assertThat(lexicon.id("cat")).isGreaterThan(1).isNotEqualTo(lexicon.id("the"));
    assertThat(lexicon.id("The")).isEqualTo(lexicon.unknown());
    assertThat(lexicon.hasSeen("The")).isTrue();
    assertThat(lexicon.hasSeen("dog")).isFalse();
    assertThat(lexicon.characters()).isZero();
    assertThat(lexicon.describe()).isEqualTo(again(lexicon).describe());
  }

  @Test
  void lowerCaseIsForIdsAndNotForSpelling() {
    Lexicon lexicon = again(lexicon(true, true, List.of()));
    assertThat(lexicon.id("THE")).isEqualTo(lexicon.id("the")).isGreaterThan(1);
    assertThat(lexicon.cut("The  CAT")).containsExactly("The", "CAT");
    assertThat(lexicon.spelling("The")).hasSize(3).isNotEqualTo(lexicon.spelling("the"));
    assertThat(lexicon.spelling("😀")).hasSize(1).doesNotContain(lexicon.unknown());
    assertThat(lexicon.spelling("Z")).containsExactly(lexicon.unknown());
    assertThat(lexicon.spelling("")).hasSize(1);
    assertThat(lexicon.spelling("a".repeat(1000))).hasSize(60);
  }

  @Test
  void wordsOfVectorsFillTheRestOfTheVocabularyAndCountAsUnseen() {
    Lexicon lexicon = again(lexicon(false, false, List.of("the", "dog", "Paris", "bird")));
    assertThat(lexicon.size()).isEqualTo(6);
    assertThat(lexicon.id("dog")).isEqualTo(4);
    assertThat(lexicon.hasSeen("dog")).isFalse();
    assertThat(lexicon.id("Paris")).isEqualTo(5);
    assertThat(lexicon.hasSeen("Paris")).isTrue();
    assertThat(lexicon.id("bird")).isEqualTo(lexicon.unknown());
  }
}
