package dev.unroll.text;

import dev.unroll.base.InputException;
import dev.unroll.data.Reading;
import dev.unroll.data.Tokenizer;
import dev.unroll.text.Segmentation.Unit;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a token is, and which tokens have an id.
 *
 * @param segmentation how a text is cut
 * @param vocabulary maximum number of tokens with an id, including {@code <UNK>} and {@code <EOS>};
 *     0 for the default: no limit, 8,000 for byte pairs
 * @param minCount minimum count of a token with an id; 0 for the default: 2 for words and tokens,
 *     else 1
 * @param open whether the unit is not chosen: a trainer finds it from the texts
 */
public record TokenOptions(Segmentation segmentation, int vocabulary, long minCount, boolean open) {

  private static final int BYTE_PAIRS = 8000;

  /** Checks the numbers. */
  public TokenOptions {
    if (segmentation.punctuation() != Segmentation.Punctuation.KEPT
        && segmentation.unit() != Unit.WORDS) {
      throw new InputException(
          "punctuation cannot be dropped where a token is one of the "
              + segmentation.unit().label(),
          "It needs {unit words}.");
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

  /** Tokens of the unit of a segmentation. */
  public TokenOptions(Segmentation segmentation, int vocabulary, long minCount) {
    this(segmentation, vocabulary, minCount, false);
  }

  /** Unchanged tokens with the default vocabulary, of a unit that is derived from the texts. */
  public static TokenOptions open(Unit untilFound) {
    return of(untilFound).asOpen(true);
  }

  /** Unchanged tokens with the default vocabulary. */
  public static TokenOptions of(Unit unit) {
    return new TokenOptions(Segmentation.of(unit), 0, 0);
  }

  /** Returns what a token is. */
  public Unit unit() {
    return segmentation.unit();
  }

  /** Returns the same with texts cut in another way. */
  public TokenOptions withSegmentation(Segmentation value) {
    return new TokenOptions(value, vocabulary, minCount);
  }

  /** Returns the same with texts cut as a tokenizer does, where that has a vocabulary of words. */
  public TokenOptions like(@Nullable Tokenizer tokenizer) {
    return tokenizer instanceof VocabularyTokenizer own
        ? withSegmentation(own.segmentation())
        : this;
  }

  /** Returns the same, whose unit is found from the texts, or not. */
  public TokenOptions asOpen(boolean value) {
    return new TokenOptions(segmentation, vocabulary, minCount, value);
  }

  /** Returns the same with another unit. */
  public TokenOptions withUnit(Unit value) {
    return withSegmentation(
        new Segmentation(value, segmentation.lowerCase(), segmentation.punctuation()));
  }

  /** Returns the same with text put into lower case first, or not. */
  public TokenOptions withLowerCase(boolean value) {
    return withSegmentation(segmentation.withLowerCase(value)).asOpen(open);
  }

  /** Returns the same with punctuation kept, or all but emoji and symbols of it dropped. */
  public TokenOptions withPunctuation(boolean value) {
    return withSegmentation(new Segmentation(segmentation.unit(), segmentation.lowerCase(), value));
  }

  /** Returns the same with another largest vocabulary. */
  public TokenOptions withVocabulary(int value) {
    return new TokenOptions(segmentation, value, minCount, open);
  }

  /** Returns the same with another least count. */
  public TokenOptions withMinCount(long value) {
    return new TokenOptions(segmentation, vocabulary, value, open);
  }

  /** Returns the same with another least count, where none was chosen. */
  public TokenOptions orMinCount(long value) {
    return minCount == 0 ? withMinCount(value) : this;
  }

  /** Returns the maximum number of tokens with an id. */
  public int most() {
    return vocabulary > 0 ? vocabulary : unit() == Unit.BYTE_PAIRS ? BYTE_PAIRS : Integer.MAX_VALUE;
  }

  /** Returns the minimum count of a token with an id. */
  public long least() {
    return minCount > 0 ? minCount : unit() == Unit.WORDS || unit() == Unit.TOKENS ? 2 : 1;
  }

  /** Returns how a text of such tokens is read by default. */
  public Reading reading() {
    return unit().isSmall() ? Reading.STREAM : Reading.SENTENCES;
  }

  /** Returns how a corpus is created that is read in a way. */
  public Corpus.Options corpus(Reading reading) {
    return new Corpus.Options(segmentation, most(), least(), unit().keepsBlankLines(reading));
  }

  /**
   * Returns how a text is read whose tokens are added to those of a model that is trained further.
   *
   * @throws InputException if the model reads another unit of text
   */
  public Corpus.Options corpus(Reading reading, Tokenizer known) {
    if (known instanceof VocabularyTokenizer own) {
      checkUnit(own.segmentation().unit());
    }
    return corpus(reading).extending(known);
  }

  /**
   * Checks the unit of text of a model that is trained further.
   *
   * @throws InputException if it is another
   */
  public void checkUnit(Unit known) {
    if (unit() != known) {
      throw new InputException(
          "the model that is trained further reads "
              + known.label()
              + ", and "
              + unit().label()
              + " were chosen",
          "Leave that out, or train another model.");
    }
  }

  /** Returns how texts become ids, which know the tokens of these. */
  public Tokenizer tokenizer(List<String> texts) {
    return Corpus.of(texts, new Corpus.Options(segmentation, most(), least(), true)).tokenizer();
  }

  /**
   * Returns how texts become ids, which know the tokens of texts that were counted elsewhere.
   *
   * @param counts how often each token occurs; for byte pairs each word, as the segmentation cuts
   *     it
   */
  public Tokenizer tokenizer(Map<String, Long> counts) {
    return unit() == Unit.BYTE_PAIRS
        ? BytePairTokenizer.learn(counts, segmentation.lowerCase(), most(), least())
        : new VocabularyTokenizer(segmentation, Vocabulary.choose(counts, most(), least()));
  }

  /**
   * Returns how texts become ids, after a tokenizer whose tokens keep their ids, if there is one;
   * what has no vocabulary of words stays as it is.
   */
  public Tokenizer tokenizer(@Nullable Tokenizer known, List<String> texts) {
    if (known == null) {
      return tokenizer(texts);
    }
    if (known instanceof VocabularyTokenizer own) {
      var options = new Corpus.Options(segmentation, most(), least(), true);
      return Corpus.of(texts, options.extending(own)).tokenizer();
    }
    return known;
  }
}
