package dev.unroll.server.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unroll.base.Cancellation;
import dev.unroll.data.Tokenizer;
import dev.unroll.file.Json;
import dev.unroll.text.BytePairTokenizer;
import dev.unroll.text.Segmentation;
import dev.unroll.text.Segmentation.Unit;
import dev.unroll.text.VocabularyTokenizer;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Where tokens of prompts begin. */
class OffsetsTest {

  private static Tokenizer of(Unit unit) {
    return new VocabularyTokenizer(new Segmentation(unit, true, false), List.of("a", "the"));
  }

  private static Tokenizer pairs() {
    String description =
        "{\"kind\":\"byte-pairs\",\"lowerCase\":false,"
            + "\"tokens\":[\"▁\",\"t\",\"h\",\"e\",\"▁t\"],\"merges\":[\"▁\",\"t\"]}";
    return new BytePairTokenizer.Format().restore(Json.parse(description));
  }

  /** Its second byte is no Ã, though both are written as one. */
  @Test
  void bytesOfACharacterBeginWhereItDoes() {
    assertThat(Offsets.ofText("éÃa😀b", of(Unit.BYTES)))
        .containsExactly(0, 0, 1, 1, 2, 3, 3, 3, 3, 5);
    assertThat(Offsets.ofText("\ud83da", of(Unit.BYTES))).containsExactly(0, 1);
  }

  /** In lower case İ is two characters. */
  @Test
  void lettersThatGrowInLowerCaseBeginWhereTheyStand() {
    assertThat(Offsets.ofText("xİa", of(Unit.CHARACTERS))).containsExactly(0, 1, 1, 2);
    assertThat(Offsets.ofText("İİ  Bo", of(Unit.WORDS))).containsExactly(0, 4);
  }

  @Test
  void whatIsLeftOutIsSkipped() {
    assertThat(Offsets.ofText("The, (cat)\r\nA", of(Unit.WORDS))).containsExactly(0, 6, 10, 12);
    String dots = ". ".repeat(1000);
    assertThat(Offsets.ofText(dots + "a", of(Unit.WORDS))).containsExactly(2000);
  }

  /** A blank belongs to the piece that begins a word. */
  @Test
  void bytePairsFollowOneAnother() {
    assertThat(pairs().cut("tat the")).containsExactly("▁t", "a", "t", "▁t", "h", "e");
    assertThat(Offsets.ofText("tat the", pairs())).containsExactly(0, 1, 2, 3, 5, 6);
    assertThat(Offsets.ofText("at  het", pairs())).containsExactly(0, 0, 1, 2, 4, 5, 6);
  }

  /** It took hours to search the line to its end for each byte. */
  @ParameterizedTest
  @EnumSource(Unit.class)
  @Timeout(60)
  void aLongLineTakesNoLongerThanItsLength(Unit unit) {
    Tokenizer tokenizer = unit == Unit.BYTE_PAIRS ? pairs() : of(unit);
    for (String part : List.of("😀", "İ ", "x ", "the")) {
      String line = part.repeat(100_000);
      assertThat(Offsets.ofText(line, tokenizer)).hasSameSizeAs(tokenizer.cut(line));
    }
  }

  @Test
  void nobodyWaitsForever() {
    for (Unit unit : List.of(Unit.BYTES, Unit.WORDS)) {
      assertThatThrownBy(
              () -> Cancellation.until(() -> true, () -> Offsets.ofText("the cat", of(unit))))
          .isInstanceOf(CancellationException.class);
    }
  }
}
