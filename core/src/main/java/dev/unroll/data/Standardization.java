package dev.unroll.data;

import dev.unroll.file.InputException;
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

  /** Copies the lists. */
  public Standardization {
    means = List.copyOf(means);
    deviations = List.copyOf(deviations);
    if (means.size() != deviations.size() || deviations.stream().anyMatch(each -> !(each > 0))) {
      throw new InputException(
          "numbers cannot be standardized with the deviations " + deviations,
          "The model file is not valid.");
    }
  }

  /** Measures rows of numbers, each of {@code columns}. */
  public static Standardization of(List<float[]> rows, int columns) {
    return ofDoubles(rows.stream().map(Standardization::doubles).toList(), columns);
  }

  private static double[] doubles(float[] values) {
    double[] doubles = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      doubles[i] = values[i];
    }
    return doubles;
  }

  /** Measures the rows of all series. */
  public static Standardization of(List<Series> all) {
    var rows = all.stream().flatMap(each -> Arrays.stream(each.rows())).toList();
    return ofDoubles(rows, all.getFirst().columns().size());
  }

  private static Standardization ofDoubles(List<double[]> rows, int columns) {
    double[] sums = new double[columns];
    double[] squares = new double[columns];
    long count = 0;
    for (double[] values : rows) {
      for (int i = 0; i < values.length; i++) {
        sums[i % columns] += values[i];
      }
      count += values.length / columns;
    }
    var means = new ArrayList<Double>();
    var deviations = new ArrayList<Double>();
    for (int i = 0; i < columns; i++) {
      means.add(sums[i] / Math.max(1, count));
    }
    for (double[] values : rows) {
      for (int i = 0; i < values.length; i++) {
        double difference = values[i] - means.get(i % columns);
        squares[i % columns] += difference * difference;
      }
    }
    for (double square : squares) {
      double deviation = StrictMath.sqrt(square / Math.max(1, count));
      deviations.add(deviation > 0 ? deviation : 1);
    }
    return new Standardization(means, deviations);
  }

  /** Returns a series as it is read, row by row. */
  public float[] standardized(Series series) {
    int columns = means.size();
    float[] standardized = new float[Math.multiplyExact(series.size(), columns)];
    for (int i = 0; i < standardized.length; i++) {
      standardized[i] = standardized(series.rows()[i / columns][i % columns], i % columns);
    }
    return standardized;
  }

  /** Returns a number as it is read. */
  public float standardized(double value, int column) {
    return (float) ((value - means.get(column)) / deviations.get(column));
  }

  /** Returns the number that is read as {@code value}. */
  public double restored(double value, int column) {
    return means.get(column) + value * deviations.get(column);
  }

  /** Returns rows of numbers as they are read. */
  public float[] standardized(float[] values) {
    float[] standardized = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      standardized[i] = standardized(values[i], i % means.size());
    }
    return standardized;
  }

  public Map<String, Object> toJson() {
    return Json.object("means", means, "deviations", deviations);
  }

  /** Reads the means and deviations of so many columns. */
  public static Standardization fromJson(Json.Reader json, int columns) {
    double most = Float.MAX_VALUE; // what is read is rounded to floats
    List<Double> means = json.numbers("means", columns, -most, most);
    List<Double> deviations = json.numbers("deviations", columns, Double.MIN_NORMAL, most);
    for (int i = 0; i < columns; i++) {
      if (!(Math.abs(means.get(i)) / deviations.get(i) <= most)) {
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
