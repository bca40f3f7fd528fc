package dev.unroll.text;

import dev.unroll.data.Reading;
import dev.unroll.data.Tokenizer;
import dev.unroll.file.InputException;
import dev.unroll.text.Segmentation.Unit;
import java.util.List;

/**
 * What a token is, and which tokens have an id.
 *
 * @param unit what a token is
 * @param lowerCase whether text is put into lower case first
 * @param punctuation whether punctuation is kept as tokens (words only)
 * @param vocabulary most tokens that have an id, {@code <UNK>} and {@code <EOS>} included; 0 for
 *     the usual number: no limit, 8,000 of byte pairs
 * @param minCount least occurrences of a token that has an id; 0 for the usual number: 2 of words
 *     and tokens, else 1
 */
public record TokenOptions(
    Unit unit, boolean lowerCase, boolean punctuation, int vocabulary, long minCount) {

  private static final int BYTE_PAIRS = 8000;

  /** Checks the numbers. */
  public TokenOptions {
    if (!punctuation && unit != Unit.WORDS) {
      throw new InputException(
          "punctuation cannot be dropped where a token is one of the " + unit.label(),
          "It needs {unit} words.");
    }
    if (vocabulary < 0 || (vocabulary > 0 && vocabulary < 3)) {
      throw new InputException(
          "a vocabulary of " + vocabulary,
          "It needs at least 3 tokens: <UNK>, <EOS> and one more.");
    }
    if (minCount < 0) {
      throw new InputException("the least count is " + minCount, "It must be at least 1.");
    }
  }

  /** Tokens as they are, with the usual vocabulary. */
  public static TokenOptions of(Unit unit) {
    return new TokenOptions(unit, false, true, 0, 0);
  }

  /** Returns the same with another unit. */
  public TokenOptions withUnit(Unit value) {
    return new TokenOptions(value, lowerCase, punctuation, vocabulary, minCount);
  }

  /** Returns the same with text put into lower case first, or not. */
  public TokenOptions withLowerCase(boolean value) {
    return new TokenOptions(unit, value, punctuation, vocabulary, minCount);
  }

  /** Returns the same with punctuation kept, or dropped. */
  public TokenOptions withPunctuation(boolean value) {
    return new TokenOptions(unit, lowerCase, value, vocabulary, minCount);
  }

  /** Returns the same with another largest vocabulary. */
  public TokenOptions withVocabulary(int value) {
    return new TokenOptions(unit, lowerCase, punctuation, value, minCount);
  }

  /** Returns the same with another least count. */
  public TokenOptions withMinCount(long value) {
    return new TokenOptions(unit, lowerCase, punctuation, vocabulary, value);
  }

  /** Returns the same with another least count, where none was chosen. */
  public TokenOptions orMinCount(long value) {
    return minCount == 0 ? withMinCount(value) : this;
  }

  /** Returns how a text is cut. */
  public Segmentation segmentation() {
    return new Segmentation(unit, lowerCase, punctuation);
  }

  /** Returns the most tokens that have an id. */
  public int most() {
    return vocabulary > 0 ? vocabulary : unit == Unit.BYTE_PAIRS ? BYTE_PAIRS : Integer.MAX_VALUE;
  }

  /** Returns the least occurrences of a token that has an id. */
  public long least() {
    return minCount > 0 ? minCount : unit == Unit.WORDS || unit == Unit.TOKENS ? 2 : 1;
  }

  /** Returns how a text of such tokens is read where nothing is said. */
  public Reading reading() {
    return unit.isSmall() ? Reading.STREAM : Reading.SENTENCES;
  }

  /** Returns how a corpus is created that is read in a way. */
  public Corpus.Options corpus(Reading reading) {
    return new Corpus.Options(segmentation(), most(), least(), unit.keepsBlankLines(reading));
  }

  /** Returns how texts become ids, which know the tokens of these. */
  public Tokenizer tokenizer(List<String> texts) {
    return Corpus.of(texts, new Corpus.Options(segmentation(), most(), least(), true)).tokenizer();
  }

  /**
   * Returns how texts become ids, after a tokenizer whose tokens keep their ids; what has no
   * vocabulary of words stays as it is.
   */
  public Tokenizer extended(Tokenizer known, List<String> texts) {
    if (known instanceof VocabularyTokenizer own) {
      var options = new Corpus.Options(segmentation(), most(), least(), true);
      return Corpus.of(texts, options.extending(own)).tokenizer();
    }
    return known;
  }
}
