package dev.unroll.task.transduce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unroll.file.Json;
import dev.unroll.file.JsonException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

  @Test
  void whatItSaysIsReadAsItWasWritten() {
    var dictionary =
        new WordDictionary(
            List.of(List.of("das", "Haus"), List.of("das", "Buch"), List.of("ein", "Buch")),
            List.of(List.of("the", "house"), List.of("the", "book"), List.of("a", "book")));
    String json = Json.write(dictionary.toJson());
    WordDictionary read = WordDictionary.fromJson(Json.parse(json));
    assertThat(Json.write(read.toJson())).isEqualTo(json);
    var source = List.of("das", "Haus", "Auto");
    assertThat(read.score(source, List.of("the", "house", "Auto"))).isZero();
    for (var other :
        List.of(
            List.of("a", "house", "Auto"),
            List.of("the", "house", "car"),
            List.of("the", "house"),
            List.<String>of())) {
      assertThat(read.score(source, other))
          .isBetween(-100.0, -0.1)
          .isEqualTo(dictionary.score(source, other));
    }
  }

  /** What a model file says is translated, and must not make much of little. */
  @Test
  void wordsInFilesAreNoLongerThanWordsAre() {
    for (int letters : new int[] {WordDictionary.LONGEST, WordDictionary.LONGEST + 1}) {
      String json = "{\"words\":{\"x\":[\"" + "y".repeat(letters) + "\",1]}}";
      if (letters == WordDictionary.LONGEST) {
        assertThat(WordDictionary.fromJson(Json.parse(json)).translate("x")).hasSize(letters);
      } else {
        assertThatThrownBy(() -> WordDictionary.fromJson(Json.parse(json)))
            .hasMessageContaining("letters");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[]",
        "[\"a\"]",
        "[\"a\",2]",
        "[1,1]",
        "[\"a\",\"b\"]",
        "[\"a\",0.5,\"b\",0.6]",
        "1"
      })
  void damagedWordsAreRefused(String entries) {
    String json = "{\"words\":{\"x\":" + entries + "}}";
    assertThatThrownBy(() -> WordDictionary.fromJson(Json.parse(json)))
        .isInstanceOfAny(JsonException.class, IllegalArgumentException.class);
  }
}
