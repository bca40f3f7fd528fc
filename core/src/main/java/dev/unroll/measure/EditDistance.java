package dev.unroll.measure;

import java.util.List;

/** The smallest number of tokens to insert, delete or replace (Levenshtein 1966). */
public final class EditDistance {

  private EditDistance() {}

  /** Returns the distance of two sequences. */
  public static int of(List<?> found, List<?> wanted) {
    int[] before = new int[wanted.size() + 1];
    for (int j = 0; j < before.length; j++) {
      before[j] = j;
    }
    for (int i = 1; i <= found.size(); i++) {
      int[] now = new int[before.length];
      now[0] = i;
      for (int j = 1; j < now.length; j++) {
        int replaced = before[j - 1] + (found.get(i - 1).equals(wanted.get(j - 1)) ? 0 : 1);
        now[j] = Math.min(replaced, 1 + Math.min(before[j], now[j - 1]));
      }
      before = now;
    }
    return before[wanted.size()];
  }
}
