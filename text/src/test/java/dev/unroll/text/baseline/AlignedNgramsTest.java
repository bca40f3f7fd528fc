package dev.unroll.text.baseline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unroll.base.InputException;
import dev.unroll.text.Segmentation;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AlignedNgramsTest {

  private static final Map<String, List<String>> SOUNDS =
      Map.of(
          "a", List.of("AH"),
          "b", List.of("B"),
          "h", List.of(),
          "n", List.of("N"),
          "o", List.of("OW"),
          "t", List.of("T"),
          "x", List.of("K", "S"));

  private static List<String> spelled(String word) {
    return Segmentation.of(Segmentation.Unit.CHARACTERS).cut(word);
  }

  private static List<String> sounded(String word) {
    return spelled(word).stream().flatMap(each -> SOUNDS.get(each).stream()).toList();
  }

  @Test
  void writesWordsThatItHasNotSeen() {
    var words = List.of("hat", "bat", "box", "tax", "on", "not", "ax", "ho", "hot", "ban", "nab");
    var ngrams =
        AlignedNgrams.estimate(
            words.stream().map(AlignedNgramsTest::spelled).toList(),
            words.stream().map(AlignedNgramsTest::sounded).toList(),
            3);
    assertThat(ngrams.aligned()).isEqualTo(words.size());
    for (String unseen : List.of("hoax", "tox", "than", "bhxtno")) {
      assertThat(ngrams.write(spelled(unseen))).isEqualTo(sounded(unseen));
    }
    assertThat(ngrams.write(spelled("b?x"))).isEqualTo(sounded("bx"));
    assertThat(ngrams.write(List.of())).isEmpty();
  }

  @Test
  void targetsThatAreTooLongAreLeftOut() {
    List<String> source = List.of("a");
    List<String> target = List.of("A", "B", "C");
    assertThatThrownBy(() -> AlignedNgrams.estimate(List.of(source), List.of(target), 3))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("no target can be aligned with its source");
    assertThat(
            AlignedNgrams.estimate(List.of(source, source), List.of(target, List.of("A")), 3)
                .aligned())
        .isEqualTo(1);
  }

  @Test
  void orderThatCannotBeIsRefused() {
    for (int order : new int[] {1, 11}) {
      assertThatThrownBy(
              () -> AlignedNgrams.estimate(List.of(List.of("a")), List.of(List.of("A")), order))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("n-grams of " + order + " pieces");
    }
  }
}
