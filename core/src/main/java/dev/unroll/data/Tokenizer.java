package dev.unroll.data;

import dev.unroll.file.InputException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How text becomes ids and ids text: one of the two interfaces through which {@code core} sees
 * text. A tokenizer never changes; it may be used by many threads.
 */
public interface Tokenizer {

  /** Returns the number of ids; they run from 0 up. */
  int size();

  /** Returns the ids of a line of text, without {@link #endOfSentence}. */
  int[] encode(String line);

  /**
   * Returns the tokens of a line of text, one for each id of {@link #encode}. Those outside the
   * vocabulary are told apart by their text where a tokenizer can do so.
   */
  default List<String> cut(String line) {
    return Arrays.stream(encode(line)).mapToObj(this::token).toList();
  }

  /** Returns the text of ids; each {@link #endOfSentence} ends a line. */
  String decode(int[] ids);

  /** Returns the text of one id, as people know it: {@code cats}, {@code <EOS>}. */
  String token(int id);

  /** Returns the id that ends each sentence. */
  int endOfSentence();

  /** Returns the id that stands for everything outside the vocabulary. */
  int unknown();

  /** Returns what a {@link TokenizerFormat} needs to create the same tokenizer again. */
  Map<String, Object> describe();

  /**
   * Refuses ids of another tokenizer: they mean something only under the one that made them.
   *
   * @param found the tokenizer that a text was read with
   * @throws InputException if it is another
   */
  default void checkSame(Tokenizer found) {
    if (!found.equals(this) && !found.describe().equals(describe())) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "a text was read with another vocabulary (%,d tokens) than the model's (%,d)",
              found.size(),
              size()),
          "Read it with the model's tokenizer: Corpus.read(files, model.tokenizer(), …).");
    }
  }
}
