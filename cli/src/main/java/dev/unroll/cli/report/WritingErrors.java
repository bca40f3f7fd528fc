package dev.unroll.cli.report;

import dev.unroll.measure.EditDistance;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** How far texts are from what was wanted. */
public record WritingErrors(
    long exact, long tokens, long wantedTokens, long characters, long wantedCharacters) {

  public double tokenRate() {
    return tokens / (double) Math.max(1, wantedTokens);
  }

  public double characterRate() {
    return characters / (double) Math.max(1, wantedCharacters);
  }

  /** Measures texts that {@code cutter} cuts into tokens. */
  public static WritingErrors of(
      List<String> found, List<List<String>> wanted, Function<String, List<String>> cutter) {
    long[] sums = new long[5];
    for (int i = 0; i < found.size(); i++) {
      WritingErrors own = nearest(found.get(i), wanted.get(i), cutter);
      sums[0] += own.exact;
      sums[1] += own.tokens;
      sums[2] += own.wantedTokens;
      sums[3] += own.characters;
      sums[4] += own.wantedCharacters;
    }
    return new WritingErrors(sums[0], sums[1], sums[2], sums[3], sums[4]);
  }

  /** The distance to the nearest of several, the first of equally near ones. */
  public static WritingErrors nearest(
      String found, List<String> wanted, Function<String, List<String>> cutter) {
    List<String> own = cutter.apply(found);
    @Nullable WritingErrors best = null;
    for (String each : wanted) {
      List<String> other = cutter.apply(each);
      int edits = EditDistance.of(own, other);
      if (best == null || edits < best.tokens) {
        int letters = EditDistance.of(letters(found), letters(each));
        best =
            new WritingErrors(
                edits == 0 ? 1 : 0, edits, other.size(), letters, letters(each).size());
      }
    }
    return best == null ? new WritingErrors(0, 0, 0, 0, 0) : best;
  }

  private static List<Integer> letters(String text) {
    return text.codePoints().boxed().toList();
  }
}
