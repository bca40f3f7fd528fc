package dev.unroll.text.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroll.data.Reading;
import dev.unroll.text.Segmentation.Unit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class TextFormTest {

  private static final List<String> NAMES =
      List.of("Aachenosaurus", "Aardonyx", "San Francisco", "Abelisaurus", "Rio de Janeiro");

  private static final List<String> POEMS =
      List.of("巖廊罷機務，崇文聊駐輦。玉匣啓龍圖，金繩披鳳篆。", "移步出詞林，停輿欣武宴。琱弓寫明月，駿馬疑流電。");

  private static List<String> repeated(int times, String... lines) {
    var all = new ArrayList<String>();
    Collections.nCopies(times, List.of(lines)).forEach(all::addAll);
    return all;
  }

  private static TextForm.Found model(List<String> lines) {
    return TextForm.of(lines).toModel();
  }

  @Test
  void namesAreReadByCharactersOneByOne() {
    assertThat(model(NAMES).unit()).isEqualTo(Unit.CHARACTERS);
    assertThat(model(NAMES).reading()).isEqualTo(Reading.SENTENCES);
    assertThat(TextForm.of(NAMES).toRead().unit()).isEqualTo(Unit.CHARACTERS);
    assertThat(TextForm.of(NAMES).reading(Unit.CHARACTERS)).isEqualTo(Reading.SENTENCES);
  }

  @Test
  void shortTextsOfWordsThatComeAgainAreReadByWords() {
    assertThat(TextForm.of(repeated(20, "größe gut", "preis schlecht", "gut")).toRead().unit())
        .isEqualTo(Unit.WORDS);
  }

  @Test
  void textWithoutBlanksIsReadByCharacters() {
    assertThat(model(POEMS).unit()).isEqualTo(Unit.CHARACTERS);
    assertThat(model(POEMS).reading()).isEqualTo(Reading.SENTENCES);
    assertThat(TextForm.of(POEMS).toRead().unit()).isEqualTo(Unit.WORDS); // ICU knows such words
  }

  @Test
  void littleTextIsModeledByCharactersAndMoreByWords() {
    String[] lines = {
      "The cats sat on the mat, and were full.", "A dog barked at the moon all night."
    };
    assertThat(model(List.of(lines)).unit()).isEqualTo(Unit.CHARACTERS);
    assertThat(model(List.of(lines)).reason()).contains("% of the words occur only once");
    assertThat(model(List.of(lines)).reading()).isEqualTo(Reading.STREAM);
    assertThat(model(repeated(30, lines)).unit()).isEqualTo(Unit.WORDS);
    assertThat(model(repeated(30, lines)).reading()).isEqualTo(Reading.SENTENCES);
  }

  @Test
  void textThatWasTokenizedKeepsItsTokens() {
    assertThat(model(repeated(30, "the cats , which sat on the mat , were full .")).unit())
        .isEqualTo(Unit.TOKENS);
    assertThat(model(repeated(30, "mr. <unk> is chairman of the <unk> group")).unit())
        .isEqualTo(Unit.TOKENS);
  }

  @Test
  void blankTextsAreNoHindrance() {
    assertThat(model(List.of("", "  ")).unit()).isEqualTo(Unit.WORDS);
    assertThat(TextForm.of(List.of()).toRead().unit()).isEqualTo(Unit.WORDS);
    assertThat(TextForm.of(List.of()).toTransduce().unit()).isEqualTo(Unit.CHARACTERS);
  }

  @Test
  void sidesOfPairsAreSymbolsLettersOrSentences() {
    List<String> sounds = repeated(30, "B AW T", "K AH Z", "K Y UW Z");
    assertThat(TextForm.of(sounds).toTransduce().unit()).isEqualTo(Unit.TOKENS);
    List<String> commands = repeated(30, "turn left and walk twice", "jump and turn right");
    assertThat(TextForm.of(commands).toTransduce().unit()).isEqualTo(Unit.TOKENS);
    assertThat(TextForm.of(repeated(30, "cause", "about")).toTransduce().unit())
        .isEqualTo(Unit.CHARACTERS);
    var sentences = new ArrayList<String>();
    for (int i = 0; i < 6_000; i++) {
      sentences.add("Two young males are outside near house%d of %d".formatted(i % 700, i % 900));
    }
    assertThat(TextForm.of(sentences).toTransduce().unit()).isEqualTo(Unit.BYTE_PAIRS);
    assertThat(TextForm.of(sentences.subList(0, 200)).toTransduce().unit())
        .isEqualTo(Unit.CHARACTERS);
  }
}
