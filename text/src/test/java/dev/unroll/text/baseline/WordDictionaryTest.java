package dev.unroll.text.baseline;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class WordDictionaryTest {

  /** The example that model 1 is usually told with (Koehn 2010, section 4.2). */
  @Test
  void findsTheTranslationOfEachWord() {
    var dictionary =
        new WordDictionary(
            List.of(List.of("das", "Haus"), List.of("das", "Buch"), List.of("ein", "Buch")),
            List.of(List.of("the", "house"), List.of("the", "book"), List.of("a", "book")));
    assertThat(dictionary.translate(List.of("ein", "Haus", "Buch", "das")))
        .containsExactly("a", "house", "book", "the");
    assertThat(dictionary.translate(List.of("das", "Auto"))).containsExactly("the", "Auto");
  }

  @Test
  void theEmptyWordExplainsWhatNoneDoes() {
    var dictionary =
        new WordDictionary(
            List.of(List.of("x"), List.of("y"), List.of("z"), List.of("x", "y")),
            List.of(
                List.of("and", "1"),
                List.of("and", "2"),
                List.of("and", "3"),
                List.of("and", "1", "2")));
    assertThat(dictionary.translate(List.of("x", "y", "z"))).containsExactly("1", "2", "3");
  }
}
