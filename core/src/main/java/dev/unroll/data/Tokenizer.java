package dev.unroll.data;

import dev.unroll.base.InputException;
import dev.unroll.batch.TokenizerFormat;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Turns text into ids and back. Together with {@link IdStream}, this is how {@code core} sees text.
 * A tokenizer is immutable, and threads may share it.
 */
public interface Tokenizer {

  /** Returns the number of ids; they run from 0 up. */
  int size();

  /** Returns the ids of a line of text, without {@link #endOfSentence}. */
  int[] encode(String line);

  /**
   * Returns the tokens of a line of text, one for each id of {@link #encode}. Tokens outside the
   * vocabulary keep their text if the tokenizer supports that.
   */
  default List<String> cut(String line) {
    return Arrays.stream(encode(line)).mapToObj(this::token).toList();
  }

  /**
   * Returns a line as this tokenizer reads its letters: in lower case if it makes no difference.
   */
  default String spelled(String line) {
    return line;
  }

  /** Returns the text of ids; each {@link #endOfSentence} ends a line. */
  String decode(int[] ids);

  /**
   * Returns what writes tokens after a text, one after another, as {@link #decode} would write all
   * of them at once.
   *
   * @param before the text: what was given, with all its letters and blanks
   */
  default Detokenizer detokenizer(String before) {
    return PairwiseDetokenizer.of(this::encode, this::decode, endOfSentence(), before);
  }

  /**
   * Returns the parts of a line that {@link #encode} does not tell apart: what is outside the
   * vocabulary, and what is left out.
   */
  default List<String> unread(String line) {
    int[] ids = encode(line);
    List<String> tokens = cut(line);
    return IntStream.range(0, ids.length)
        .filter(i -> ids[i] == unknown())
        .mapToObj(tokens::get)
        .toList();
  }

  /** Returns the text of one id for display: {@code cats}, {@code <EOS>}. */
  String token(int id);

  /** Returns the id that ends each sentence. */
  int endOfSentence();

  /** Returns the id that stands for everything outside the vocabulary. */
  int unknown();

  /** Returns whether each token is a whole word and not a character, a byte or a part of a word. */
  default boolean hasWords() {
    return true;
  }

  /** Returns what a {@link TokenizerFormat} needs to create the same tokenizer again. */
  Map<String, Object> describe();

  /**
   * Refuses ids of another tokenizer, because ids are meaningful only with their own.
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
