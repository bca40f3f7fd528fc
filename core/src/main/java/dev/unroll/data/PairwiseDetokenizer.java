package dev.unroll.data;

import java.util.Arrays;
import java.util.function.Function;

/**
 * Writes tokens by any tokenizer that decides what stands between two tokens by these two: each
 * token adds what its text with the token before has more than the text of that.
 */
final class PairwiseDetokenizer implements Detokenizer {

  private final Function<int[], String> decode;
  private final int end;

  /** The token before on the same line; none at the beginning of a line. */
  private int[] before;

  /** Whether a blank is there that the tokenizer does not see. */
  private boolean blank;

  private PairwiseDetokenizer(
      Function<int[], String> decode, int end, int[] before, boolean blank) {
    this.decode = decode;
    this.end = end;
    this.before = before;
    this.blank = blank;
  }

  /**
   * Creates one that continues after a text.
   *
   * @param encode gives the ids of a line
   * @param decode gives the text of ids
   * @param end the id that ends a line
   */
  static Detokenizer of(
      Function<String, int[]> encode, Function<int[], String> decode, int end, String text) {
    String line = text.substring(text.lastIndexOf('\n') + 1);
    int[] ids = encode.apply(line);
    int[] last = ids.length == 0 ? ids : Arrays.copyOfRange(ids, ids.length - 1, ids.length);
    boolean blank = endsWithBlank(line) && !endsWithBlank(decode.apply(ids));
    return new PairwiseDetokenizer(decode, end, last, blank);
  }

  private static boolean endsWithBlank(String text) {
    return !text.isEmpty() && Character.isWhitespace(text.charAt(text.length() - 1));
  }

  @Override
  public String add(int id) {
    if (id == end) {
      before = new int[0];
      blank = false;
      return "\n";
    }
    String known = decode.apply(before);
    int[] both = Arrays.copyOf(before, before.length + 1);
    both[before.length] = id;
    String text = decode.apply(both);
    String added =
        text.startsWith(known) ? text.substring(known.length()) : decode.apply(new int[] {id});
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
