package dev.unroll.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroll.data.Tokenizer;
import dev.unroll.text.Segmentation.Unit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class DetokenizerTest {

  private static final List<String> LINES =
      List.of("the cat (it was full) sat, then ran.", "«naïve» 猫は 好き 👍 !", "the mat — the hat");

  private static Tokenizer tokenizer(Segmentation segmentation) {
    return Corpus.of(LINES, new Corpus.Options(segmentation, 70, 1, false)).tokenizer();
  }

  private static Tokenizer tokenizer(Unit unit) {
    return tokenizer(Segmentation.of(unit));
  }

  /** Also of ids that no text has: half characters, marks, line ends. */
  @ParameterizedTest
  @EnumSource
  void tokensOneByOneAreWhatAllOfThemAre(Unit unit) {
    Tokenizer tokenizer = tokenizer(unit);
    var random = new Random(3);
    for (int trial = 0; trial < 200; trial++) {
      int[] ids = random.ints(random.nextInt(30), 0, tokenizer.size()).toArray();
      var detokenizer = tokenizer.detokenizer("");
      var text = new StringBuilder();
      for (int id : ids) {
        text.append(detokenizer.add(id));
      }
      text.append(detokenizer.end());
      assertThat(text.toString()).isEqualTo(tokenizer.decode(ids));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aTextIsPutTogetherAgainAfterEachOfItsWords(Unit unit) {
    Tokenizer tokenizer = tokenizer(unit);
    String line = LINES.getFirst();
    for (int at = line.indexOf(' '); at > 0; at = line.indexOf(' ', at + 1)) {
      for (int cut : List.of(at, at + 1)) { // before the blank, and after it
        String before = line.substring(0, cut);
        int[] all = tokenizer.encode(line);
        int[] after = Arrays.copyOfRange(all, tokenizer.encode(before).length, all.length);
        var detokenizer = tokenizer.detokenizer(before);
        var text = new StringBuilder(before);
        for (int id : after) {
          text.append(detokenizer.add(id));
        }
        assertThat(text.append(detokenizer.end()).toString()).isEqualTo(line);
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "WORDS,the,' cat'",
        "WORDS,'the ',cat",
        "WORDS,'the\t',cat",
        "WORDS,'the\u00a0',cat",
        "WORDS,'the\n',cat",
        "WORDS,'the (',cat",
        "WORDS,'',cat",
        "TOKENS,the,' cat'",
        "TOKENS,'the ',cat",
        "TOKENS,'the\u00a0',' cat'", // a no-break space is part of a token
        "TOKENS,(,' cat'",
        "CHARACTERS,the,cat",
        "BYTES,the,cat",
        "BYTE_PAIRS,the,' cat'",
        "BYTE_PAIRS,'the ',cat",
        "BYTE_PAIRS,'the\n',cat",
      })
  void aBlankStandsBetweenAPromptAndAWordWhereOneBelongs(Unit unit, String before, String written) {
    Tokenizer tokenizer = tokenizer(unit);
    var detokenizer = tokenizer.detokenizer(before);
    var text = new StringBuilder();
    for (int id : tokenizer.encode("cat")) {
      text.append(detokenizer.add(id));
    }
    assertThat(text.append(detokenizer.end()).toString()).isEqualTo(written);
  }

  @Test
  void aCharacterOfSeveralBytesIsWrittenWhenItIsComplete() {
    Tokenizer tokenizer = tokenizer(Unit.BYTES);
    var detokenizer = tokenizer.detokenizer("");
    var parts = new ArrayList<String>();
    for (int id : tokenizer.encode("👍ï")) {
      parts.add(detokenizer.add(id));
    }
    assertThat(parts).containsExactly("", "", "", "👍", "", "ï");
    detokenizer.add(tokenizer.encode("ï")[0]);
    assertThat(detokenizer.end()).isEqualTo("\ufffd");
  }

  @ParameterizedTest
  @EnumSource
  void whatIsNotKnownIsNamedAsItWasGiven(Unit unit) {
    var lower = tokenizer(new Segmentation(unit, true, true));
    assertThat(lower.unread("The CAT (it was")).isEmpty();
    assertThat(lower.unread("The Ümlaut"))
        .containsExactlyElementsOf(
            unit == Unit.WORDS || unit == Unit.TOKENS ? List.of("Ümlaut") : List.of("Ü"));
  }

  @Test
  void punctuationThatIsLeftOutIsNotKnown() {
    var bare = tokenizer(new Segmentation(Unit.WORDS, false, false));
    assertThat(bare.unread("the cat, (the mat)")).containsExactly(",", "(", ")");
  }
}
