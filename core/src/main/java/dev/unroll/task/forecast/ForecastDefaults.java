package dev.unroll.task.forecast;

import dev.unroll.data.Series;
import dev.unroll.file.Numbers;
import dev.unroll.learn.TrainingPlan;
import dev.unroll.learn.TrainingPlan.Amount;
import dev.unroll.network.Relative;
import dev.unroll.train.Preset;
import dev.unroll.train.Training;
import dev.unroll.train.Training.Choice;
import dev.unroll.train.optimizer.Adam;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a forecaster takes where its user says nothing, found from the part that trains: context,
 * horizon, segment, season, and what targets are relative to. The same on the command line and from
 * Java. Simple forecasts are compared: the last number, the one a season before, the mean of the
 * context; the network begins where the best of them is and learns what it misses.
 */
public final class ForecastDefaults {

  /** The longest season that is looked for, and read: a week of hours. */
  private static final int LONGEST_SEASON = 168;

  /** Rows of a horizon, and of a context in the same unit, where there is no season. */
  private static final int USUAL_HORIZON = 12;

  /** A longer season must be better than a shorter one by this factor. */
  private static final double CLEARLY = 0.9;

  /** The times' season is none where the last number leaves less than this of its error. */
  private static final double UNSEASONAL = 0.75;

  /** Errors that are alike: what is estimated better decides. */
  private static final double NEARLY = 1.1;

  /** Means of all seasons leave less than this of what one season leaves, where nothing drifts. */
  private static final double STEADY = 0.85;

  /** Of lags whose numbers are about as alike, the shortest is the season. */
  private static final double ALIKE = 1.15;

  /** Where nothing says so, a season must leave no more than this of the error without one. */
  private static final double PLAINLY = 0.7;

  /** From so many rows of context on, a step reads several. */
  private static final int LONG = 96;

  /** Steps below which small data are read more often than usual. */
  private static final int LEAST_STEPS = 600;

  private static final int VALIDATIONS = 40;

  /** The usual rate leads beyond what few windows can say; this share of it does not. */
  private static final double CAREFUL = 0.25;

  /** Classes that rows may be of: hours, days of a week, months. */
  private static final int CLASSES = 31;

  private final List<double[]> columns;

  /** The columns without a straight line: a season shows beside a trend, too. */
  private final List<double[]> detrended;

  private final int targets;
  private final int rows;
  private final Asked asked;
  private final List<String> reasons = new ArrayList<>();

  /**
   * What a user chose; null for what is to be found.
   *
   * @param context rows that are read
   * @param horizon rows that are forecast
   * @param segment rows of a step
   * @param season rows of a season
   * @param relative what targets are relative to
   * @param known whether columns are named that are known ahead: they say what a season before does
   *     not
   */
  public record Asked(
      @Nullable Integer context,
      @Nullable Integer horizon,
      @Nullable Integer segment,
      @Nullable Integer season,
      @Nullable Relative relative,
      boolean known) {}

  /**
   * What was found.
   *
   * @param window context, horizon and segment
   * @param season rows of a season; 1 for none
   * @param relative what targets are relative to
   * @param reasons what was found and why, a line each; without what the user chose
   */
  public record Found(
      ForecastSpec.Window window, int season, Relative relative, List<String> reasons) {
    /** Copies the list. */
    public Found {
      reasons = List.copyOf(reasons);
    }
  }

  private ForecastDefaults(List<double[]> columns, int targets, Asked asked) {
    this.targets = targets;
    this.columns = columns;
    detrended = columns.stream().map(ForecastDefaults::detrended).toList();
    this.asked = asked;
    int[] lengths = columns.stream().mapToInt(each -> each.length).sorted().toArray();
    rows = lengths[lengths.length / 2];
  }

  /**
   * Finds what the user does not choose.
   *
   * @param training series to learn from, whose first columns are the targets
   * @param targets the number of targets
   * @param seasons rows of the seasons that times suggest, ascending; empty for none
   * @param aside rows of a series that choose the model
   */
  public static Found find(
      List<Series> training, int targets, List<Integer> seasons, int aside, Asked asked) {
    var columns = new ArrayList<double[]>();
    for (Series each : training) {
      for (int target = 0; target < targets; target++) {
        int column = target;
        columns.add(Arrays.stream(each.rows()).mapToDouble(row -> row[column]).toArray());
      }
    }
    return new ForecastDefaults(columns, targets, asked).find(seasons, aside);
  }

  private Found find(List<Integer> seasons, int aside) {
    int season = season(seasons);
    int horizon = horizon(season, seasons, aside);
    int context = context(season, horizon);
    int segment = segment(season, context, horizon);
    Relative relative = relative(season, context, horizon);
    return new Found(new ForecastSpec.Window(context, horizon, segment), season, relative, reasons);
  }

  private int season(List<Integer> seasons) {
    Integer own = asked.season;
    if (own != null) {
      return own;
    }
    if (seasons.isEmpty()) {
      return seasonWithoutTimes();
    }
    int best = 1;
    for (int each : seasons) {
      boolean longer = best > 1;
      if (each > 1 && each < rows && each <= LONGEST_SEASON) {
        best = !longer || (rows >= 4 * each && lag(each) < CLEARLY * lag(best)) ? each : best;
      }
    }
    if (best == 1) {
      reasons.add("season 1: the rows show none");
      return 1;
    }
    double with = lag(best);
    double without = lags(best);
    if (rows >= 2 * best && without < UNSEASONAL * with) {
      reasons.add(
          String.format(
              Locale.ROOT,
              "season 1: the last number is nearer (mean error %s) than the one %d rows before (%s)",
              Numbers.rounded(without),
              best,
              Numbers.rounded(with)));
      return 1;
    }
    reasons.add(String.format(Locale.ROOT, "season %d: from the times", best));
    return best;
  }

  /** The shortest lag at which numbers are about as alike as at any, if that is plainly more. */
  private int seasonWithoutTimes() {
    int most = Math.min(LONGEST_SEASON, rows / 3);
    double least = Double.POSITIVE_INFINITY;
    for (int lag = 2; lag <= most; lag++) {
      least = Math.min(least, lag(lag));
    }
    for (int lag = 2; lag <= most; lag++) {
      if (lag(lag) <= ALIKE * least && lag(lag) < PLAINLY * lags(lag) && lag(lag) < lag(1)) {
        reasons.add(
            String.format(
                Locale.ROOT, "season %d: numbers so many rows apart are most alike", lag));
        return lag;
      }
    }
    reasons.add("season 1: the rows show none");
    return 1;
  }

  private int horizon(int season, List<Integer> seasons, int aside) {
    Integer own = asked.horizon;
    if (own != null) {
      return own;
    }
    int usual = seasons.stream().filter(each -> each > 1).findFirst().orElse(season);
    int wanted = usual > 1 && usual <= LONGEST_SEASON ? usual : USUAL_HORIZON;
    int room = Math.max(1, Math.min(aside, rows / 4));
    int horizon = Math.min(wanted, room);
    reasons.add(
        String.format(
            Locale.ROOT,
            "horizon %d: %s",
            horizon,
            horizon < wanted
                ? "no more fits into the rows that choose the model"
                : usual == 1
                    ? "no season says another"
                    : seasons.isEmpty() ? "a season" : "a season of the times"));
    return horizon;
  }

  private int context(int season, int horizon) {
    Integer own = asked.context;
    if (own != null) {
      return own;
    }
    int unit = season > 1 ? season : Math.max(1, Math.min(USUAL_HORIZON, rows / 8));
    int wanted = season >= 48 ? 2 : season >= 24 ? 7 : season > 7 && rows < 40 * season ? 2 : 4;
    int room = Math.max(1, (rows - horizon) / 2);
    int count = Math.max(1, Math.min(wanted, room / unit));
    int context = Math.min(count * unit, Math.max(1, rows - horizon));
    Integer segment = asked.segment;
    if (segment != null && segment > 0) {
      context = Math.max(segment, context / segment * segment);
    }
    reasons.add(
        String.format(
            Locale.ROOT,
            "context %d: %s",
            context,
            season > 1 ? count + " × the season" : "of such rows"));
    return context;
  }

  private int segment(int season, int context, int horizon) {
    Integer own = asked.segment;
    if (own != null) {
      return own;
    }
    if (asked.context != null || context < LONG || season < 2) {
      return 1;
    }
    int segment = horizon % season == 0 ? season : horizon;
    if (context % segment != 0) {
      return 1;
    }
    reasons.add(
        String.format(
            Locale.ROOT,
            "segment %d: a long context is read in %d steps",
            segment,
            context / segment));
    return segment;
  }

  private Relative relative(int season, int context, int horizon) {
    Relative own = asked.relative;
    if (own != null || context == 0) {
      return own == null ? Relative.NOTHING : own;
    }
    double last = 0;
    double mean = 0;
    double all = 0;
    double before = 0;
    double phase = 0;
    for (double[] column : columns) {
      var errors = new SimpleErrors(column, context, horizon, season);
      last += errors.last;
      mean += errors.mean;
      all += errors.all;
      before += errors.seasonBefore;
      phase += errors.phase;
    }
    boolean seasonal = season > 1 && context >= season && !asked.known;
    if (seasonal && rows >= 4 * season && phase < STEADY * Math.min(before, Math.min(last, mean))) {
      boolean one = columns.size() == targets;
      reasons.add(
          one
              ? "relative nothing: neither the level nor the season drifts"
              : "relative window: several series, whose seasons do not drift");
      return one ? Relative.NOTHING : Relative.WINDOW;
    }
    if (seasonal && before <= NEARLY * Math.min(last, mean)) {
      reasons.add("relative season: what was a season before is near");
      return Relative.SEASON;
    }
    if (columns.size() > targets) {
      reasons.add("relative window: several series");
      return Relative.WINDOW;
    }
    if (last < mean) {
      reasons.add("relative last: the last number is nearer than the mean of the context");
      return Relative.LAST;
    }
    if (all < CLEARLY * mean) {
      reasons.add("relative nothing: the level does not drift");
      return Relative.NOTHING;
    }
    reasons.add("relative window: the level drifts");
    return Relative.WINDOW;
  }

  /** Returns the mean absolute difference of numbers so many rows apart, in units of deviation. */
  private double lag(int lag) {
    double sum = 0;
    long count = 0;
    for (double[] column : detrended) {
      double unit = spread(column);
      for (int row = lag; row < column.length; row++) {
        double difference = Math.abs(column[row] - column[row - lag]) / unit;
        sum += Double.isNaN(difference) ? 0 : difference;
        count += Double.isNaN(difference) ? 0 : 1;
      }
    }
    return count == 0 ? Double.POSITIVE_INFINITY : sum / count;
  }

  /** Returns the mean of the same of one row to so many: the error of the last number. */
  private double lags(int most) {
    double sum = 0;
    for (int lag = 1; lag <= most; lag++) {
      sum += lag(lag);
    }
    return sum / most;
  }

  private static double[] detrended(double[] column) {
    double mean = SimpleErrors.mean(column, 0, column.length);
    double middle = (column.length - 1) / 2.0;
    double product = 0;
    double squares = 0;
    for (int row = 0; row < column.length; row++) {
      if (!Double.isNaN(column[row])) {
        product += (row - middle) * (column[row] - mean);
        squares += (row - middle) * (row - middle);
      }
    }
    double slope = squares > 0 ? product / squares : 0;
    double[] left = new double[column.length];
    for (int row = 0; row < column.length; row++) {
      left[row] = column[row] - slope * (row - middle);
    }
    return left;
  }

  /** Returns the mean absolute deviation of the known numbers; 1 where they are all alike. */
  private static double spread(double[] column) {
    double mean = SimpleErrors.mean(column, 0, column.length);
    double sum = 0;
    int known = 0;
    for (double each : column) {
      sum += Double.isNaN(each) ? 0 : Math.abs(each - mean);
      known += Double.isNaN(each) ? 0 : 1;
    }
    return sum > 0 ? sum / known : 1;
  }

  /**
   * Returns which share of the variance that is left of a column the mean of each class of rows
   * explains, such as that of each hour: learned from the first two thirds, measured on the rest.
   *
   * @param classes of each row its class, from 0 to 30
   * @param found what the network reads, and what it is relative to
   */
  public static double explained(double[] column, int[] classes, Found found) {
    boolean seasonal = found.relative == Relative.SEASON;
    int context = Math.max(seasonal ? found.season : 1, found.window.context());
    double[] left = new double[column.length];
    for (int row = context; row < left.length; row++) {
      double base =
          seasonal ? column[row - found.season] : SimpleErrors.mean(column, row - context, row);
      left[row] = column[row] - base;
    }
    int border = context + (column.length - context) * 2 / 3;
    var learned = new double[CLASSES][2];
    for (int row = context; row < border; row++) {
      if (!Double.isNaN(left[row])) {
        learned[classes[row]][0] += left[row];
        learned[classes[row]][1]++;
      }
    }
    double mean = SimpleErrors.mean(left, context, border);
    double with = 0;
    double without = 0;
    for (int row = border; row < left.length; row++) {
      double[] own = learned[classes[row]];
      double guess = own[1] > 0 ? own[0] / own[1] : mean;
      if (!Double.isNaN(left[row])) {
        with += (left[row] - guess) * (left[row] - guess);
        without += (left[row] - mean) * (left[row] - mean);
      }
    }
    return without > 0 ? 1 - with / without : 0;
  }

  /**
   * Returns options by which few windows are read so often that a network learns from them, at a
   * lower rate and with fewer validations than one for each epoch; those of many windows as in
   * every task. What was chosen stays as it is.
   */
  public static Training course(Training options, Preset preset, long windows) {
    long steps = Math.max(1, Math.ceilDiv(windows, (long) options.batch()));
    if (steps * Training.defaults().epochs() >= LEAST_STEPS) {
      return TrainingPlan.of(options, preset, new Amount(windows, windows)).training();
    }
    Training careful =
        options.isOpen(Choice.OPTIMIZER)
            ? options.withOptimizer(new Adam(CAREFUL * ForecasterRun.DEFAULTS.rate()))
            : options;
    if (!options.isOpen(Choice.EPOCHS) || !options.isOpen(Choice.VALIDATION)) {
      return careful;
    }
    long least = (long) LEAST_STEPS * preset.leastSteps() / Preset.USUAL.leastSteps();
    int epochs = (int) Math.ceilDiv(least, steps);
    int every = (int) Math.max(steps, epochs * steps / VALIDATIONS);
    return careful.withEpochs(epochs).withValidation(every, 2 * options.patience());
  }
}
