package dev.unroll.task.forecast;

/** Mean absolute errors of simple forecasts of a column, in units of its deviation. */
final class SimpleErrors {
  double last;
  double mean;
  double all;
  double seasonBefore;

  /** Of the mean of all other seasons, at the same place. */
  double phase;

  SimpleErrors(double[] column, int context, int horizon, int season) {
    double whole = mean(column, 0, column.length);
    double[] means = means(column, season);
    double others = 1 - 1.0 / Math.max(2, column.length / season);
    double scale = 0;
    long count = 0;
    int stride = Math.max(1, column.length / 2000);
    for (int origin = context; origin + horizon <= column.length; origin += stride) {
      double own = mean(column, origin - context, origin);
      for (int row = 0; row < horizon; row++) {
        double y = column[origin + row];
        int place = origin + row - (row / season + 1) * season;
        double naive = place < 0 ? whole : column[place];
        double end = column[origin - 1];
        if (Double.isNaN(y + naive + end)) {
          continue;
        }
        count++;
        scale += Math.abs(y - whole);
        last += Math.abs(y - end);
        mean += Math.abs(y - own);
        all += Math.abs(y - whole);
        seasonBefore += Math.abs(y - naive);
        phase += Math.abs(y - means[(origin + row) % season]) / others;
      }
    }
    double unit = count > 0 && scale > 0 ? scale : 1;
    last /= unit;
    mean /= unit;
    all /= unit;
    seasonBefore /= unit;
    phase /= unit;
  }

  /** Returns the mean of each place of a season. */
  private static double[] means(double[] column, int season) {
    double[] means = new double[season];
    int[] counts = new int[season];
    for (int row = 0; row < column.length; row++) {
      if (!Double.isNaN(column[row])) {
        means[row % season] += column[row];
        counts[row % season]++;
      }
    }
    for (int place = 0; place < season; place++) {
      means[place] /= Math.max(1, counts[place]);
    }
    return means;
  }

  /** Returns the mean of the known numbers of some rows; NaN where there is none. */
  static double mean(double[] column, int from, int to) {
    double sum = 0;
    int count = 0;
    for (int i = from; i < to; i++) {
      sum += Double.isNaN(column[i]) ? 0 : column[i];
      count += Double.isNaN(column[i]) ? 0 : 1;
    }
    return sum / count;
  }
}
