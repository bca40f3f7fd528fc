package dev.unroll.measure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroll.result.ErrorRates;
import java.util.List;
import org.junit.jupiter.api.Test;

class TextErrorsTest {

  private static List<String> words(String text) {
    return text.isEmpty() ? List.of() : List.of(text.split(" ", -1));
  }

  @Test
  void editsAreSummedOverAllTexts() {
    var errors =
        TextErrors.of(
            List.of("a b c", "x y", ""),
            List.of(List.of("a b c"), List.of("x z"), List.of("p q")),
            TextErrorsTest::words);
    assertThat(errors).isEqualTo(new ErrorRates(3, 1, 3, 7, 4, 11));
    assertThat(errors.exactMatch()).isEqualTo(1 / 3.0);
    assertThat(errors.tokenRate()).isEqualTo(3 / 7.0);
    assertThat(errors.characterRate()).isEqualTo(4 / 11.0);
    assertThat(errors).hasToString("exact match 33.3%, token error rate 42.9% of 3 texts");
  }

  @Test
  void theNearestOfSeveralCountsAndOfEquallyNearOnesTheFirst() {
    var errors =
        TextErrors.nearest("a b", List.of("q r s", "a long", "a xy"), TextErrorsTest::words);
    assertThat(errors).isEqualTo(new ErrorRates(1, 0, 1, 2, 4, 6));
  }

  @Test
  void whereNothingIsWantedNothingIsRight() {
    assertThat(TextErrors.nearest("a", List.of(), TextErrorsTest::words))
        .isEqualTo(new ErrorRates(1, 0, 0, 0, 0, 0));
  }

  @Test
  void aCharacterIsACodePoint() {
    var errors = TextErrors.nearest("😀", List.of("😁"), TextErrorsTest::words);
    assertThat(errors.characters()).isEqualTo(1);
    assertThat(errors.wantedCharacters()).isEqualTo(1);
  }
}
