package dev.unroll.data;

import java.util.Arrays;

/**
 * Writes tokens by any tokenizer that decides what stands between two tokens by these two: each
 * token adds what its text with the token before has more than the text of that.
 */
final class PairwiseDetokenizer implements Detokenizer {

  private final Tokenizer tokenizer;

  /** The token before on the same line; none at the beginning of a line. */
  private int[] before;

  /** Whether a blank is there that the tokenizer does not see. */
  private boolean blank;

  PairwiseDetokenizer(Tokenizer tokenizer, String text) {
    this.tokenizer = tokenizer;
    String line = text.substring(text.lastIndexOf('\n') + 1);
    int[] ids = tokenizer.encode(line);
    before = ids.length == 0 ? ids : Arrays.copyOfRange(ids, ids.length - 1, ids.length);
    blank = endsWithBlank(line) && !endsWithBlank(tokenizer.decode(ids));
  }

  private static boolean endsWithBlank(String text) {
    return !text.isEmpty() && Character.isWhitespace(text.charAt(text.length() - 1));
  }

  @Override
  public String add(int id) {
    if (id == tokenizer.endOfSentence()) {
      before = new int[0];
      blank = false;
      return "\n";
    }
    String known = tokenizer.decode(before);
    int[] both = Arrays.copyOf(before, before.length + 1);
    both[before.length] = id;
    String text = tokenizer.decode(both);
    String added =
        text.startsWith(known) ? text.substring(known.length()) : tokenizer.decode(new int[] {id});
    String written = blank ? added.stripLeading() : added;
    before = new int[] {id};
    blank = false;
    return written;
  }

  @Override
  public String end() {
    return "";
  }
}
