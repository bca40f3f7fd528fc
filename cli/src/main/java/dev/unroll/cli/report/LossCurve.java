package dev.unroll.cli.report;

import java.util.List;
import java.util.Locale;

/** The losses of a run in a line, from one block for the lowest to eight for the highest. */
final class LossCurve {

  private static final String BLOCKS = "▁▂▃▄▅▆▇█";
  private static final int COLUMNS = 60;

  private LossCurve() {}

  /** Returns a line such as {@code validation loss 2.1034 █▅▃▂▁▁ 1.4312}; finite losses only. */
  static String of(List<Double> losses) {
    List<Double> finite = losses.stream().filter(Double::isFinite).toList();
    double least = finite.stream().mapToDouble(Double::doubleValue).min().orElse(0);
    double most = finite.stream().mapToDouble(Double::doubleValue).max().orElse(0);
    int columns = Math.min(COLUMNS, finite.size());
    var curve = new StringBuilder();
    for (int i = 0; i < columns; i++) {
      double loss = finite.get((int) ((long) i * (finite.size() - 1) / Math.max(1, columns - 1)));
      int height = most > least ? (int) Math.round((loss - least) / (most - least) * 7) : 0;
      curve.append(BLOCKS.charAt(height));
    }
    return String.format(
        Locale.ROOT, "validation loss %.4f %s %.4f", finite.getFirst(), curve, finite.getLast());
  }
}
