package dev.unroll.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Example;

class PairwiseDetokenizerTest {

  /** A tokenizer as somebody else would write it: blanks between words, none before a stop. */
  private record Words(List<String> words) implements Tokenizer {

    @Override
    public int size() {
      return words.size();
    }

    @Override
    public int[] encode(String line) {
      return Arrays.stream(line.strip().split("\\s+"))
          .filter(word -> !word.isEmpty())
          .mapToInt(word -> Math.max(0, words.indexOf(word)))
          .toArray();
    }

    @Override
    public String decode(int[] ids) {
      var text = new StringBuilder();
      for (int id : ids) {
        boolean begins = text.isEmpty() || text.charAt(text.length() - 1) == '\n' || id == 1;
        text.append(begins || token(id).equals(".") ? "" : " ").append(token(id));
      }
      return text.toString();
    }

    @Override
    public String token(int id) {
      return words.get(id);
    }

    @Override
    public int endOfSentence() {
      return 1;
    }

    @Override
    public int unknown() {
      return 0;
    }

    @Override
    public Map<String, Object> describe() {
      return Map.of("kind", "words");
    }
  }

  private static final Tokenizer WORDS = new Words(List.of("?", "\n", "the", "cat", "."));

  private static String after(String text, int... ids) {
    var detokenizer = WORDS.detokenizer(text);
    var written = new StringBuilder();
    for (int id : ids) {
      written.append(detokenizer.add(id));
    }
    return written.append(detokenizer.end()).toString();
  }

  @Example
  void aTokenIsWrittenAsAfterTheOneBefore() {
    assertThat(after("", 2, 3, 4, 1, 2, 3)).isEqualTo("the cat.\nthe cat");
    assertThat(after("the", 3, 4)).isEqualTo(" cat.");
    assertThat(after("The cat\n", 2, 3)).isEqualTo("the cat");
    assertThat(after("Unknown", 3)).isEqualTo(" cat");
  }

  @Example
  void aBlankThatIsThereIsNotWrittenTwice() {
    assertThat(after("the ", 3, 3)).isEqualTo("cat cat");
    assertThat(after("  ", 3)).isEqualTo("cat");
  }

  @Example
  void whatIsUnknownIsNamed() {
    assertThat(WORDS.unread("the dog ran")).containsExactly("?", "?");
  }
}
