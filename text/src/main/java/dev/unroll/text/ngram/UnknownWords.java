package dev.unroll.text.ngram;

import dev.unroll.base.InputException;
import dev.unroll.base.Workers;
import dev.unroll.data.Tokenizer;
import dev.unroll.text.Corpus;
import dev.unroll.text.Segmentation;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How probable it is that an unknown word is this one, by its letters. A model with a vocabulary
 * gives all words outside of it one probability together, that of {@code <UNK>}; an n-gram model of
 * the letters of the vocabulary divides it among them, so that texts with unknown words compare:
 *
 * <pre>{@code
 * P(word | before) = P(<UNK> | before) · P(letters of the word)
 * }</pre>
 */
public final class UnknownWords {

  /** Length of the longest n-grams of letters. */
  private static final int ORDER = 5;

  private final Tokenizer words;
  private final NgramModel letters;

  private UnknownWords(Tokenizer words, NgramModel letters) {
    this.words = words;
    this.letters = letters;
  }

  /**
   * Learns from the words of a vocabulary, each once.
   *
   * @throws InputException if its tokens are no words
   */
  public static UnknownWords of(Tokenizer words) {
    if (!words.hasWords()) {
      throw new InputException(
          "what the model does not know are letters or parts of words, which have no spelling",
          "Leave such texts out, or take a model of words.");
    }
    var all =
        IntStream.range(0, words.size())
            .filter(id -> id != words.unknown() && id != words.endOfSentence())
            .mapToObj(words::token)
            .toList();
    var characters = Segmentation.of(Segmentation.Unit.CHARACTERS);
    var corpus = Corpus.of(all, new Corpus.Options(characters, Integer.MAX_VALUE, 1, false));
    return new UnknownWords(words, KneserNey.estimate(corpus, ORDER));
  }

  /**
   * Returns the natural logarithm of the probability of a line's unknown words, if they are any.
   */
  public double logProbability(String line) {
    int[] ids = words.encode(line);
    List<String> tokens = words.cut(line);
    List<String> unknown =
        IntStream.range(0, ids.length)
            .filter(i -> ids[i] == words.unknown())
            .mapToObj(tokens::get)
            .toList();
    return letters.score(unknown, Workers.single()).stream()
        .mapToDouble(score -> score.total())
        .sum();
  }
}
