package dev.unroll.task.regress;

import dev.unroll.batch.SourceReader;
import dev.unroll.data.Tokenizer;
import dev.unroll.task.regress.RegressorRun.Example;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The baseline of regression: ridge regression on which n-grams a text has (Hoerl and Kennard
 * 1970), or on what a sequence of numbers comes to in each column: mean, first and last, least and
 * largest.
 *
 * <pre>{@code
 * argmin over b, w of  Σ (y - b - w·x)² + λ‖w‖²      by coordinate descent; λ by every tenth text
 * }</pre>
 */
public final class LinearBaseline {

  /** What may be λ. */
  private static final double[] PENALTIES = {0.3, 1, 3, 10, 30, 100};

  /** Rounds over all weights. */
  private static final int ROUNDS = 20;

  /** Each so many texts choose λ. */
  private static final int EVERY = 10;

  private final SourceReader source;
  private final Map<List<Integer>, Integer> numbers = new HashMap<>();
  private double[] weights = new double[0];
  private double intercept;

  /** Numbers of features and their values. */
  private record Row(int[] features, double[] values, double right) {}

  /**
   * Learns from texts with their numbers.
   *
   * @param source how they are read
   */
  public LinearBaseline(List<Example> training, SourceReader source) {
    this.source = source;
    var rows = new ArrayList<Row>();
    training.forEach(each -> rows.add(row(each, true)));
    double penalty = PENALTIES[0];
    if (rows.size() >= 2 * EVERY) {
      var learned = new ArrayList<Row>();
      var asked = new ArrayList<Row>();
      for (int i = 0; i < rows.size(); i++) {
        (i % EVERY == 0 ? asked : learned).add(rows.get(i));
      }
      penalty = best(learned, asked);
    }
    fit(rows, penalty);
  }

  private double best(List<Row> learned, List<Row> asked) {
    double best = PENALTIES[0];
    double least = Double.POSITIVE_INFINITY;
    for (double penalty : PENALTIES) {
      fit(learned, penalty);
      double error = 0;
      for (Row row : asked) {
        double own = row.right - predict(row);
        error += own * own;
      }
      if (error < least) {
        least = error;
        best = penalty;
      }
    }
    return best;
  }

  /** Coordinate descent over the columns, each of which has the rows where it is not 0. */
  private void fit(List<Row> rows, double penalty) {
    weights = new double[numbers.size()];
    intercept = rows.stream().mapToDouble(Row::right).average().orElse(0);
    double[] left = rows.stream().mapToDouble(row -> row.right - intercept).toArray();
    int[] counts = new int[weights.length];
    rows.forEach(row -> Arrays.stream(row.features).forEach(each -> counts[each]++));
    int[][] places = new int[weights.length][];
    double[][] values = new double[weights.length][];
    Arrays.setAll(places, each -> new int[counts[each]]);
    Arrays.setAll(values, each -> new double[counts[each]]);
    for (int r = 0; r < left.length; r++) {
      Row row = rows.get(r);
      for (int i = 0; i < row.features.length; i++) {
        int feature = row.features[i];
        counts[feature]--;
        places[feature][counts[feature]] = r;
        values[feature][counts[feature]] = row.values[i];
      }
    }
    for (int round = 0; round < ROUNDS; round++) {
      for (int feature = 0; feature < weights.length; feature++) {
        descend(feature, places[feature], values[feature], left, penalty);
      }
      double mean = Arrays.stream(left).average().orElse(0);
      intercept += mean;
      Arrays.setAll(left, r -> left[r] - mean);
    }
  }

  private void descend(int feature, int[] places, double[] own, double[] left, double penalty) {
    double product = 0;
    double squares = penalty;
    for (int i = 0; i < places.length; i++) {
      product += own[i] * left[places[i]];
      squares += own[i] * own[i];
    }
    double step = (product - penalty * weights[feature]) / squares;
    weights[feature] += step;
    for (int i = 0; i < places.length; i++) {
      left[places[i]] -= step * own[i];
    }
  }

  private double predict(Row row) {
    double sum = intercept;
    for (int i = 0; i < row.features.length; i++) {
      sum += weights[row.features[i]] * row.values[i];
    }
    return sum;
  }

  /** Returns the number of a text. */
  public double predict(Example example) {
    return predict(row(example, false));
  }

  private Row row(Example example, boolean learns) {
    Tokenizer tokens = source.tokens();
    var found = new LinkedHashMap<List<Integer>, Double>();
    if (tokens == null) {
      summarize(source.sequence(example.source()).values(), found);
    } else {
      int[] ids = tokens.encode(example.source());
      int longest = tokens.hasWords() ? 2 : 4;
      for (int from = 0; from < ids.length; from++) {
        for (int to = from + 1; to <= Math.min(ids.length, from + longest); to++) {
          found.put(Arrays.stream(ids, from, to).boxed().toList(), 1.0);
        }
      }
    }
    var features = new ArrayList<Integer>();
    var values = new ArrayList<Double>();
    found.forEach(
        (key, value) -> {
          Integer number =
              learns ? numbers.computeIfAbsent(key, unseen -> numbers.size()) : numbers.get(key);
          if (number != null) {
            features.add(number);
            values.add(value);
          }
        });
    return new Row(
        features.stream().mapToInt(Integer::intValue).toArray(),
        values.stream().mapToDouble(Double::doubleValue).toArray(),
        example.value());
  }

  private void summarize(float[] steps, Map<List<Integer>, Double> found) {
    int columns = source.inputs();
    int length = steps.length / columns;
    for (int column = 0; column < columns; column++) {
      double sum = 0;
      double least = Double.POSITIVE_INFINITY;
      double most = Double.NEGATIVE_INFINITY;
      for (int t = 0; t < length; t++) {
        double value = steps[t * columns + column];
        sum += value;
        least = Math.min(least, value);
        most = Math.max(most, value);
      }
      if (length > 0) {
        found.put(List.of(column, 0), sum / length);
        found.put(List.of(column, 1), (double) steps[column]);
        found.put(List.of(column, 2), (double) steps[(length - 1) * columns + column]);
        found.put(List.of(column, 3), least);
        found.put(List.of(column, 4), most);
      }
    }
  }
}
