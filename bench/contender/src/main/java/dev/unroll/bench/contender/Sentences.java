package dev.unroll.bench.contender;

import dev.unroll.bench.contender.Numbers.Kind;
import java.util.Arrays;

/**
 * The sentences of tasks: {@value #OF_EACH_LENGTH} of each length from 1 to {@value #LONGEST}
 * words, in ascending order, and what they are to become. Batches of {@value #BATCH} are of
 * neighbors in this order, which is how training cuts them: those of similar length together. No
 * length is in two batches, so that no contender can cut them otherwise.
 */
public final class Sentences {

  /** Words of the longest. */
  public static final int LONGEST = 60;

  /** Sentences of a batch. */
  public static final int BATCH = 32;

  private static final int OF_EACH_LENGTH = 8;

  private Sentences() {}

  /** Returns the number of sentences. */
  public static int count() {
    return LONGEST * OF_EACH_LENGTH;
  }

  /** Returns the number of batches. */
  public static int batches() {
    return count() / BATCH;
  }

  /** Returns the number of words of a sentence, and of what is written for it. */
  public static int length(int sentence) {
    return 1 + sentence / OF_EACH_LENGTH;
  }

  /** Returns the number of words of all. */
  public static int allWords() {
    return first(count());
  }

  /** Returns the number of words of all sentences before one. */
  public static int first(int sentence) {
    int whole = sentence / OF_EACH_LENGTH;
    return OF_EACH_LENGTH * whole * (whole + 1) / 2 + sentence % OF_EACH_LENGTH * (whole + 1);
  }

  /** Returns the words of a sentence, numbers below {@code vocabulary}. */
  public static int[] words(int sentence, int vocabulary) {
    return part(Kind.INPUT_TOKEN, sentence, vocabulary);
  }

  /** Returns a tag or a word for each word of a sentence: what is to be found, or to be written. */
  public static int[] targets(int sentence, int outputs) {
    return part(Kind.TARGET_TOKEN, sentence, outputs);
  }

  /** Returns the label of a sentence. */
  public static int label(int sentence, int labels) {
    return Numbers.tokens(Kind.TARGET_TOKEN, count(), labels)[sentence];
  }

  private static int[] part(Kind kind, int sentence, int bound) {
    int[] all = Numbers.tokens(kind, allWords(), bound);
    return Arrays.copyOfRange(all, first(sentence), first(sentence + 1));
  }
}
