package dev.unroll.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Spans and their score by conlleval's rules. */
class SpanTest {

  private static List<String> tags(String text) {
    return List.of(text.split(" "));
  }

  private static String spans(String text) {
    return Span.of(tags(text)).stream()
        .map(span -> span.type() + span.from() + "-" + span.to())
        .collect(Collectors.joining(" "));
  }

  @ParameterizedTest
  @CsvSource({
    "O O, ''",
    "B-A I-A O B-A, A0-2 A3-4", // IOB2
    "I-A I-A B-A I-B, A0-2 A2-3 B3-4", // IOB1
    "S-A B-A I-A E-A S-B, A0-1 A1-4 B4-5", // IOBES
    "O I-A I-B O, A1-2 B2-3", // no scheme allows that
    "E-A E-A I-A, A0-1 A1-2 A2-3",
    "S-A I-A, A0-1 A1-2",
    "B-A-B I-A-B, A-B0-2", // a dash in the type
    "B I O, 0-2" // without types
  })
  void spansOfTags(String tags, String expected) {
    assertThat(spans(tags)).isEqualTo(expected);
  }

  @Test
  void aSpanIsRightIfTypeAndBothEndsAre() {
    var wanted = List.of(tags("B-A I-A O B-B"), tags("B-A O"), tags("O"));
    var found = List.of(tags("B-A I-A O B-A"), tags("B-A I-A"), tags("B-B"));
    SpanScore score = SpanScore.of(found, wanted);
    assertThat(List.of(score.found(), score.wanted(), score.right()))
        .isEqualTo(List.of(4L, 3L, 1L));
    assertThat(score.precision()).isEqualTo(0.25);
    assertThat(score.recall()).isCloseTo(1 / 3.0, within(1e-12));
    assertThat(score.f1()).isCloseTo(2 / 7.0, within(1e-12));
    assertThat(score.types().get("B").recall()).isZero();
    assertThat(score.types().get("A").found()).isEqualTo(3);
  }

  @Test
  void nothingFoundIsZeroAndNoDivisionByIt() {
    SpanScore score = SpanScore.of(List.of(tags("O O")), List.of(tags("O O")));
    assertThat(score.precision() + score.recall() + score.f1()).isZero();
  }
}
