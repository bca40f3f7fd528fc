package dev.unroll.batch;

import dev.unroll.base.InputException;
import dev.unroll.data.Series;
import dev.unroll.file.Json;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Numbers are read as (number - mean) / deviation, with the means and standard deviations of the
 * training part.
 *
 * @param means of each column
 * @param deviations of each column; 1 where all of its numbers are alike
 */
public record Standardization(List<Double> means, List<Double> deviations) {

  /** Beyond these exponents of two, squares of numbers may not be what they should. */
  private static final int SAFE_EXPONENT = 400;

  /** A mean that is off by more than this share of the deviation is corrected. */
  private static final double TOLERANCE = 1e-9;

  /** Floats in a deviation, below which they are too few. */
  private static final double FINE = 4096;

  /** Copies the lists. */
  public Standardization {
    means = List.copyOf(means);
    deviations = List.copyOf(deviations);
    if (means.size() != deviations.size()
        || !means.stream().allMatch(Double::isFinite)
        || !deviations.stream().allMatch(each -> each > 0 && Double.isFinite(each))) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "numbers cannot be standardized with the means %s and the deviations %s",
              means,
              deviations),
          "The model file is not valid.");
    }
  }

  /** Measures the rows of all series; numbers that are not known do not count. */
  public static Standardization of(List<Series> all) {
    var rows = all.stream().flatMap(each -> Arrays.stream(each.rows())).toList();
    return of(rows, all.getFirst().columns().size());
  }

  /** Measures rows of numbers, each of {@code columns}, or of several rows in turn. */
  public static Standardization of(List<double[]> rows, int columns) {
    var means = new ArrayList<Double>();
    var deviations = new ArrayList<Double>();
    for (int column = 0; column < columns; column++) {
      double[] own = column(rows, column, columns);
      double largest = Arrays.stream(own).map(Math::abs).max().orElse(0);
      int exponent = Math.getExponent(largest);
      boolean scaled = largest > 0 && Math.abs(exponent) > SAFE_EXPONENT;
      for (int i = 0; scaled && i < own.length; i++) {
        own[i] = Math.scalb(own[i], -exponent);
      }
      double mean = mean(own);
      double deviation = deviation(own, mean);
      means.add(scaled ? Math.scalb(mean, exponent) : mean);
      double restored = scaled ? Math.scalb(deviation, exponent) : deviation;
      deviations.add(restored >= Double.MIN_NORMAL ? restored : 1);
    }
    return new Standardization(means, deviations);
  }

  private static double[] column(List<double[]> rows, int column, int columns) {
    double[] own = new double[rows.stream().mapToInt(row -> row.length / columns).sum()];
    int at = 0;
    for (double[] row : rows) {
      for (int i = column; i < row.length; i += columns) {
        if (!Double.isNaN(row[i])) {
          own[at++] = row[i];
        }
      }
    }
    return at == own.length ? own : Arrays.copyOf(own, at);
  }

  /** Of many large numbers a plain sum is not exact: what it misses is then added. */
  private static double mean(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    double mean = sum / Math.max(1, values.length);
    double missing = 0;
    for (double value : values) {
      missing += value - mean;
    }
    missing /= Math.max(1, values.length);
    return Math.abs(missing) > TOLERANCE * deviation(values, mean) ? mean + missing : mean;
  }

  private static double deviation(double[] values, double mean) {
    double squares = 0;
    for (double value : values) {
      double difference = value - mean;
      squares += difference * difference;
    }
    return StrictMath.sqrt(squares / Math.max(1, values.length));
  }

  /**
   * Returns a series as it is read, row by row; NaN where a number is not known.
   *
   * @throws InputException if a number is too far from those of the training part
   */
  public double[] standardized(Series series) {
    int columns = means.size();
    double[] standardized = new double[Math.multiplyExact(series.size(), columns)];
    for (int i = 0; i < standardized.length; i++) {
      double value = series.rows()[i / columns][i % columns];
      standardized[i] = exact(value, i % columns);
      if (Math.abs(standardized[i]) > Float.MAX_VALUE) {
        throw new InputException(
            String.format(
                Locale.ROOT,
                "%s: row %,d has %s in column %s, which is too far from %s, the mean of the training part",
                series.name(),
                i / columns + 1,
                value,
                series.columns().get(i % columns),
                means.get(i % columns)),
            "Correct it, or train on numbers like it.");
      }
    }
    return standardized;
  }

  private double exact(double value, int column) {
    return (value - means.get(column)) / deviations.get(column);
  }

  /**
   * Returns a number as it is read.
   *
   * @throws InputException if it is too far from those of the training part
   */
  public float standardized(double value, int column) {
    float standardized = (float) exact(value, column);
    if (Float.isInfinite(standardized)) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "the number %s is too far from %s, the mean of the training part",
              value,
              means.get(column)),
          "Correct it, or train on numbers like it.");
    }
    return standardized;
  }

  /** Returns the number that is read as {@code value}. */
  public double restored(double value, int column) {
    return means.get(column) + value * deviations.get(column);
  }

  /**
   * Returns rows of numbers as they are read: rounded to floats first, as models of all versions
   * read them, unless these lie too far apart to show the differences of a column.
   */
  public float[] standardized(double[] values) {
    float[] standardized = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      int column = i % means.size();
      boolean coarse = FINE * Math.ulp((float) values[i]) > deviations.get(column);
      standardized[i] = standardized(coarse ? values[i] : (float) values[i], column);
    }
    return standardized;
  }

  public Map<String, Object> toJson() {
    return Json.object("means", means, "deviations", deviations);
  }

  /** Reads the means and deviations of so many columns. */
  public static Standardization fromJson(Json.Reader json, int columns) {
    double most = 2 * Series.LARGEST; // a mean is rounded
    List<Double> means = json.numbers("means", columns, -most, most);
    List<Double> deviations = json.numbers("deviations", columns, Double.MIN_NORMAL, most);
    for (int i = 0; i < columns; i++) {
      double ofZero = means.get(i) / deviations.get(i); // what is read is rounded to floats
      if (!(Math.abs(ofZero) <= Float.MAX_VALUE)) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "a mean of %s with a deviation of %s",
                means.get(i),
                deviations.get(i)));
      }
    }
    return new Standardization(means, deviations);
  }
}
