package dev.unroll.task.transduce;

import dev.unroll.data.Pair;
import dev.unroll.data.Tokenizer;
import java.util.List;

/**
 * In what units errors of a run's targets are measured: in the tokens of the model or, where these
 * are parts of words and targets are sentences, in words. A sentence of which most characters are
 * right need not have one right word.
 */
public enum TargetUnit {
  /** Whole tokens of a model. */
  TOKENS("token error rate"),
  /** Characters, bytes or parts of the words of targets that are words or names. */
  CHARACTERS("character error rate"),
  /** What stands between blanks. */
  WORDS("word error rate");

  /** Words that a sentence has in the mean, at least. */
  private static final double SENTENCE = 3;

  private final String measure;

  TargetUnit(String measure) {
    this.measure = measure;
  }

  /** Returns the unit for some pairs. */
  public static TargetUnit of(Tokenizer source, Tokenizer target, List<Pair> pairs) {
    double words = pairs.stream().mapToInt(pair -> words(pair.target()).size()).sum();
    if (!target.hasWords() && words >= SENTENCE * pairs.size()) {
      return WORDS;
    }
    return target.hasWords() || source.hasWords() ? TOKENS : CHARACTERS;
  }

  /** Returns the name of the error rate. */
  public String measure() {
    return measure;
  }

  /** Cuts a target. */
  public List<String> cut(Tokenizer target, String text) {
    return this == WORDS ? words(text) : target.cut(text);
  }

  private static List<String> words(String text) {
    return text.isBlank() ? List.of() : List.of(text.strip().split("\\s+", -1));
  }
}
