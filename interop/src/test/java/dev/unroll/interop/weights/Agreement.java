package dev.unroll.interop.weights;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The table framework × cell × feature of the largest differences seen, which the tests fill and
 * write to {@code target/agreement}: a part of {@code docs/results.md}.
 *
 * <p>A difference is relative to the largest output of its case, or to 1 where that is less.
 */
public final class Agreement {

  /** The most in float. */
  public static final double FLOAT = 1e-5;

  /** The most in double. */
  public static final double DOUBLE = 1e-12;

  private final String framework;
  private final Map<String, String> rows = new TreeMap<>();

  /** An empty table of one framework. */
  public Agreement(String framework) {
    this.framework = framework;
  }

  /** Adds a row, and checks both differences. */
  public void add(String cell, String feature, double inFloat, double inDouble) {
    rows.put(
        cell + feature,
        String.format(
            Locale.ROOT,
            "| %s | %s | %s | %.1e | %.1e |",
            framework,
            cell,
            feature,
            inFloat,
            inDouble));
    assertThat(inFloat).as("%s %s in float", cell, feature).isLessThanOrEqualTo(FLOAT);
    assertThat(inDouble).as("%s %s in double", cell, feature).isLessThanOrEqualTo(DOUBLE);
  }

  /** Writes the table. */
  public void write() throws IOException {
    Path folder = Files.createDirectories(Path.of("target", "agreement"));
    String head =
        """
        | framework | cell | feature | engine, float | equations, double |
        | --- | --- | --- | --- | --- |
        """;
    Path file = folder.resolve(framework.toLowerCase(Locale.ROOT) + ".md");
    Files.writeString(file, head + String.join("\n", rows.values()) + "\n");
  }

  /** The largest difference of outputs [B][T][n]. */
  public static double difference(double[][][] actual, double[][][] expected) {
    double most = 0;
    double largest = 1;
    assertThat(actual).hasNumberOfRows(expected.length);
    for (int s = 0; s < expected.length; s++) {
      assertThat(actual[s]).hasNumberOfRows(expected[s].length);
      for (int t = 0; t < expected[s].length; t++) {
        assertThat(actual[s][t]).hasSameSizeAs(expected[s][t]);
        for (int i = 0; i < expected[s][t].length; i++) {
          double each = Math.abs(actual[s][t][i] - expected[s][t][i]);
          most = each <= most ? most : each; // NaN stays
          largest = Math.max(largest, Math.abs(expected[s][t][i]));
        }
      }
    }
    return most / largest;
  }
}
