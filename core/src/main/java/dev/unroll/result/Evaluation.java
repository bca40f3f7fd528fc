package dev.unroll.result;

import dev.unroll.file.Numbers;
import dev.unroll.file.Plural;

/**
 * How well a model predicts a text. Sums are additive, so the evaluation of several files is the
 * {@link #plus} of theirs.
 *
 * @param sentences number of sentences
 * @param tokens number of predicted tokens, each sentence's {@code <EOS>} included
 * @param unknown how many of them stand for words or characters outside the vocabulary
 * @param characters characters (code points) of the text that the tokens stand for, line ends
 *     included
 * @param words words between white space, or 0 where they were not counted
 * @param natsOfWords sum of the cross-entropies of all tokens except those below
 * @param natsOfEnds that of {@code <EOS>}
 * @param natsOfUnknown that of {@code <UNK>}, infinite where a model has none
 * @param impossible tokens that the model gives no probability; with one, perplexities are infinite
 */
public record Evaluation(
    long sentences,
    long tokens,
    long unknown,
    long characters,
    long words,
    double natsOfWords,
    double natsOfEnds,
    double natsOfUnknown,
    long impossible) {

  /** Nothing measured yet. */
  public static final Evaluation EMPTY = new Evaluation(0, 0, 0, 0, 0, 0, 0, 0, 0);

  /** Returns such as {@code perplexity 97.31 of 8,210 tokens}. */
  @Override
  public String toString() {
    return "perplexity " + Numbers.rounded(perplexity()) + " of " + Plural.of(tokens, "token");
  }

  /** Returns the evaluation of both texts. */
  public Evaluation plus(Evaluation other) {
    return new Evaluation(
        sentences + other.sentences,
        tokens + other.tokens,
        unknown + other.unknown,
        characters + other.characters,
        words + other.words,
        natsOfWords + other.natsOfWords,
        natsOfEnds + other.natsOfEnds,
        natsOfUnknown + other.natsOfUnknown,
        impossible + other.impossible);
  }

  /** Returns the sum of all cross-entropies. */
  public double nats() {
    return natsOfWords + natsOfEnds + natsOfUnknown;
  }

  /** Returns the mean cross-entropy per token, in nats. */
  public double crossEntropy() {
    return nats() / tokens;
  }

  /** Returns the perplexity per token. */
  public double perplexity() {
    return StrictMath.exp(crossEntropy());
  }

  /** Returns the perplexity per token, not counting {@code <EOS>}. */
  public double perplexityWithoutEnds() {
    return StrictMath.exp((natsOfWords + natsOfUnknown) / (tokens - sentences));
  }

  /** Returns the perplexity per token, not counting {@code <UNK>}. */
  public double perplexityWithoutUnknown() {
    return StrictMath.exp((natsOfWords + natsOfEnds) / (tokens - unknown));
  }

  /** Returns the perplexity per token, counting neither {@code <EOS>} nor {@code <UNK>}. */
  public double perplexityWithoutBoth() {
    return StrictMath.exp(natsOfWords / (tokens - sentences - unknown));
  }

  /**
   * Returns the perplexity per whitespace-separated word, where the end of a sentence counts as
   * one: it compares models with different tokens. NaN if words were not counted.
   */
  public double perplexityPerWord() {
    return words == 0 ? Double.NaN : StrictMath.exp(nats() / (words + sentences));
  }

  /** Returns the mean cross-entropy per character of the text, in bits. */
  public double bitsPerCharacter() {
    return nats() / characters / StrictMath.log(2);
  }

  /** Returns the share of tokens (not counting {@code <EOS>}) that are outside the vocabulary. */
  public double unknownRate() {
    return (double) unknown / Math.max(1, tokens - sentences);
  }
}
