package dev.unroll.text;

import dev.unroll.base.InputException;
import dev.unroll.data.Tokenizer;
import dev.unroll.file.Plural;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What each token adds to a text, by what stands before it: whether a blank comes before a word
 * depends on one of a few contexts. The units of texts are code points or, where tokens are bytes,
 * bytes.
 *
 * @param bytes whether units are bytes
 * @param contexts the tokens as they are written in each context; a text begins in the first
 */
public record TokenTexts(boolean bytes, List<Context> contexts) {

  /**
   * The tokens as they are written in one context, in the order of their texts.
   *
   * @param ids their ids
   * @param texts the units of each
   * @param shared how many units each has in common with the one before it
   * @param after the context after each
   */
  public record Context(int[] ids, int[][] texts, int[] shared, int[] after) {

    /** Returns such as {@code texts of 10,000 tokens}. */
    @Override
    public String toString() {
      return "texts of " + Plural.of(ids.length, "token");
    }
  }

  /** A token as it is written in a context. */
  private record Written(int id, int[] text, int after) {}

  /**
   * Returns the texts of a tokenizer's tokens.
   *
   * @param unknown whether {@code <UNK>} may be written
   * @param lineEnds whether {@code <EOS>} may be written, as a line end
   * @throws InputException if it is a tokenizer whose tokens have no text of their own
   */
  public static TokenTexts of(Tokenizer tokenizer, boolean unknown, boolean lineEnds) {
    Segmentation segmentation = segmentation(tokenizer);
    boolean bytes = segmentation.unit() == Segmentation.Unit.BYTES;
    List<String> befores = bytes ? List.of("") : segmentation.joiner("").contexts();
    var contexts = new ArrayList<Context>();
    for (String before : befores) {
      var all = new ArrayList<Written>();
      for (int id = 0; id < tokenizer.size(); id++) {
        if (id == tokenizer.endOfSentence()) {
          if (lineEnds) {
            all.add(new Written(id, new int[] {'\n'}, 0));
          }
        } else if (id == tokenizer.unknown()) {
          if (unknown && !bytes) {
            all.add(written(id, tokenizer, segmentation.joiner(before)));
          }
        } else {
          all.add(
              bytes
                  ? new Written(id, tokenizer.token(id).codePoints().toArray(), 0)
                  : written(id, tokenizer, segmentation.joiner(before)));
        }
      }
      contexts.add(sorted(all));
    }
    return new TokenTexts(bytes, List.copyOf(contexts));
  }

  private static Segmentation segmentation(Tokenizer tokenizer) {
    if (tokenizer instanceof VocabularyTokenizer own) {
      return own.segmentation();
    }
    if (tokenizer instanceof BytePairTokenizer own) {
      return own.segmentation();
    }
    throw new InputException(
        "what the tokens of " + tokenizer.getClass().getSimpleName() + " write is not known",
        "Texts are constrained for models with a tokenizer of this library.");
  }

  private static Written written(int id, Tokenizer tokenizer, Joiner joiner) {
    String text = joiner.add(tokenizer.token(id));
    return new Written(id, text.codePoints().toArray(), joiner.context());
  }

  private static Context sorted(List<Written> tokens) {
    tokens.sort((a, b) -> Arrays.compare(a.text, b.text));
    int[] shared = new int[tokens.size()];
    for (int i = 1; i < shared.length; i++) {
      int first = Arrays.mismatch(tokens.get(i - 1).text, tokens.get(i).text);
      shared[i] = first < 0 ? tokens.get(i).text.length : first;
    }
    return new Context(
        tokens.stream().mapToInt(Written::id).toArray(),
        tokens.stream().map(Written::text).toArray(int[][]::new),
        shared,
        tokens.stream().mapToInt(Written::after).toArray());
  }
}
