package dev.unroll.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class InputExceptionTest {

  @Test
  void optionsInTheFixAreWordedByWhoeverPrintsIt() {
    var problem = new InputException("too few rows", "Make {context} or {valid-share} smaller.");
    assertThat(problem).hasMessage("too few rows\n  Make context or validation smaller.");
    assertThat(problem.message(key -> "--" + key))
        .isEqualTo("too few rows\n  Make --context or --valid-share smaller.");
  }

  @Test
  void aValueIsGivenAsTheLanguageOfTheReaderGivesIt() {
    var problem = new InputException("a gap", "Take {gaps skip}, {time none} or {head quantiles}.");
    assertThat(problem)
        .hasMessage(
            "a gap\n  Take gaps(Gaps.SKIP), time(\"none\") or head(new Regression.Quantiles(…)).");
    assertThat(problem.message(key -> "--" + key))
        .isEqualTo("a gap\n  Take --gaps skip, --time none or --head quantiles.");
  }

  @Test
  void whatTheUserWroteIsLeftAsItIs() {
    var problem = new InputException("no column «{context}» of $1", "Among {A}, {}, {a b} and $1.");
    assertThat(problem.message(key -> "--" + key))
        .isEqualTo("no column «{context}» of $1\n  Among {A}, {}, {a b} and $1.");
  }

  @Test
  void aPlaceIsAddedInFront() {
    var problem = new InputException("is wrong", "Add {batch}.").at("a.tsv", 7);
    assertThat(problem.message(key -> "--" + key)).isEqualTo("a.tsv:7: is wrong\n  Add --batch.");
  }

  /** The middle of a long text is left out, and the end of a long quote; no character is halved. */
  @Test
  void whatIsVeryLongIsShortenedBetweenCharacters() {
    for (int shift = 0; shift < 2; shift++) {
      String text = "x".repeat(shift) + "\ud83d\ude00".repeat(3000) + "x".repeat(shift);
      String problem = new InputException(text, "Send less.").problem();
      assertThat(problem).startsWith("x".repeat(shift) + "\ud83d\ude00").contains(" … ");
      assertThat(problem.length()).isLessThan(2010);
      assertThat(StandardCharsets.UTF_8.newEncoder().canEncode(problem)).isTrue();
      String quote = InputException.quoted(text, 40);
      assertThat(quote).hasSizeBetween(40, 41).endsWith("…");
      assertThat(StandardCharsets.UTF_8.newEncoder().canEncode(quote)).isTrue();
    }
    assertThat(InputException.quoted("\ud83d\ude00", 2)).isEqualTo("\ud83d\ude00");
  }
}
