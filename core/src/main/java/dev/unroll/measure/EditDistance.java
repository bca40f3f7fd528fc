package dev.unroll.measure;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The smallest number of tokens to insert, delete or replace (Levenshtein 1966), by the bits of
 * Myers 1999 and Hyyrö 2003: 64 rows of the table of distances at a time, of which only the
 * differences of neighbors, +1, 0 or -1, are held.
 */
public final class EditDistance {

  private EditDistance() {}

  /** Returns the distance of two sequences. */
  public static int of(List<?> found, List<?> wanted) {
    var numbers = new HashMap<Object, Integer>();
    int[] columns = numbered(found, numbers);
    int[] rows = numbered(wanted, numbers);
    if (rows.length == 0) {
      return columns.length;
    }
    long[] equal = new long[numbers.size()];
    byte[] steps = new byte[columns.length]; // along the row above: 0, 1, 2 …
    Arrays.fill(steps, (byte) 1);
    for (int from = 0; from < rows.length; from += Long.SIZE) {
      int to = Math.min(rows.length, from + Long.SIZE);
      for (int row = from; row < to; row++) {
        equal[rows[row]] |= 1L << row; // the shift is modulo 64
      }
      advance(equal, columns, steps, to - from);
      for (int row = from; row < to; row++) {
        equal[rows[row]] = 0;
      }
    }
    int distance = rows.length;
    for (byte step : steps) {
      distance += step;
    }
    return distance;
  }

  private static int[] numbered(List<?> tokens, Map<Object, Integer> numbers) {
    int[] own = new int[tokens.size()];
    int i = 0;
    for (Object token : tokens) {
      own[i++] = numbers.computeIfAbsent(token, unseen -> numbers.size());
    }
    return own;
  }

  /**
   * Goes down some rows.
   *
   * @param equal of each token the rows that have it
   * @param columns the token of each column
   * @param steps differences along the row above, then along the last of the rows
   * @param count the number of rows, 64 at most
   */
  private static void advance(long[] equal, int[] columns, byte[] steps, int count) {
    long up = -1; // rows whose distance is one more than that of the row above
    long down = 0; // and one less
    for (int j = 0; j < columns.length; j++) {
      int step = steps[j];
      long same = equal[columns[j]];
      long diagonal = same | down;
      same |= step < 0 ? 1 : 0;
      long across = (((same & up) + up) ^ up) | same;
      long right = down | ~(across | up);
      long left = up & across;
      steps[j] = (byte) ((right >>> (count - 1) & 1) - (left >>> (count - 1) & 1));
      right = right << 1 | (step > 0 ? 1 : 0);
      left = left << 1 | (step < 0 ? 1 : 0);
      up = left | ~(diagonal | right);
      down = right & diagonal;
    }
  }
}
