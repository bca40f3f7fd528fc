package dev.unroll.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unroll.base.InputException;
import dev.unroll.file.Json;
import dev.unroll.text.Segmentation.Unit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.Example;

class CorpusTest {

  private static Corpus.Options options(Unit unit, int most, long least, boolean blank) {
    return new Corpus.Options(Segmentation.of(unit), most, least, blank);
  }

  private static final List<String> LINES =
      List.of("the cat sat", "", "the dog sat", "a cat and a dog and the cat");

  @Example
  void theVocabularyIsOrderedByFrequencyThenByCodePoint() {
    var counts = Map.of("b", 3L, "a", 3L, "\uFF5E", 1L, "😀", 1L, "c", 2L, "<unk>", 9L);
    var vocabulary = Vocabulary.choose(counts, 100, 1);
    assertThat(IntStream.range(0, vocabulary.size()).mapToObj(vocabulary::token))
        .containsExactly("<UNK>", "<EOS>", "a", "b", "c", "\uFF5E", "😀");
    assertThat(vocabulary.id("<unk>")).isEqualTo(Vocabulary.UNKNOWN_ID);
    assertThat(vocabulary.id("zzz")).isEqualTo(Vocabulary.UNKNOWN_ID);
    assertThat(Vocabulary.choose(counts, 4, 1).ordinary()).containsExactly("a", "b");
    assertThat(Vocabulary.choose(counts, 100, 3).ordinary()).containsExactly("a", "b");
  }

  @Example
  void theOrderOfLinesDoesNotChangeTheVocabulary() {
    var lines = new ArrayList<>(LINES);
    var options = options(Unit.WORDS, 100, 1, false);
    var expected = Corpus.of(lines, options).tokenizer().describe();
    for (int seed = 0; seed < 10; seed++) {
      Collections.shuffle(lines, new Random(seed));
      assertThat(Corpus.of(lines, options).tokenizer().describe()).isEqualTo(expected);
    }
  }

  @Example
  void sentencesEndAndBlankLinesFollowTheOption() {
    var words = Corpus.of(LINES, options(Unit.WORDS, 100, 1, false));
    assertThat(words.sentences()).isEqualTo(3);
    assertThat(words.size()).isEqualTo(3 + 3 + 8 + 3);
    assertThat(words.id(3)).isEqualTo(Vocabulary.END_ID);
    assertThat(words.charactersBefore(3)).isEqualTo(12 + 12 + 28);
    assertThat(words.words())
        .isEqualTo(
            LINES.stream().mapToLong(l -> l.isBlank() ? 0 : l.strip().split(" +").length).sum());
    var characters = Corpus.of(LINES, options(Unit.CHARACTERS, 100, 1, true));
    assertThat(characters.sentences()).isEqualTo(4);
    int[] ids = IntStream.range(0, (int) characters.size()).map(characters::id).toArray();
    assertThat(characters.tokenizer().decode(ids)).isEqualTo(String.join("\n", LINES) + "\n");
  }

  @Example
  void rareWordsAreUnknown() {
    var corpus = Corpus.of(LINES, options(Unit.WORDS, 100, 3, false));
    int[] ids = corpus.tokenizer().encode("the cat sat on a mat");
    assertThat(corpus.tokenizer().decode(ids)).isEqualTo("the cat <UNK> <UNK> <UNK> <UNK>");
  }

  @Example
  void theTokenizerIsRestoredFromItsDescription() {
    var corpus = Corpus.of(LINES, options(Unit.WORDS, 100, 1, false));
    var description = Json.parse(Json.write(corpus.tokenizer().describe()));
    var restored = new VocabularyTokenizer.Format().restore(description);
    assertThat(restored.describe()).isEqualTo(corpus.tokenizer().describe());
    assertThat(restored.encode("the dog")).isEqualTo(corpus.tokenizer().encode("the dog"));
  }

  @Example
  void textsWithNothingInThemAreRefused() {
    assertThatThrownBy(() -> Corpus.of(List.of("", " "), options(Unit.WORDS, 9, 1, false)))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("there is no text");
    assertThatThrownBy(() -> Corpus.of(LINES, options(Unit.WORDS, 9, 99, false)))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("no token occurs 99 times or more");
    assertThatThrownBy(() -> Corpus.of(LINES, options(Unit.WORDS, 1, 1, false)))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("a vocabulary of 1");
  }
}
