package dev.unroll.text.table;

import dev.unroll.data.Series;
import dev.unroll.file.InputException;
import dev.unroll.head.Regression;
import dev.unroll.task.forecast.ForecastDefaults;
import dev.unroll.task.forecast.ForecastSpec;
import dev.unroll.task.forecast.ForecasterRun;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a forecaster is trained on, from tables: what the user chose, and the rest found from the
 * data. The same on the command line and from Java.
 */
public final class ForecastData {

  /** The share of rows and numbers that are filled in where nobody says what becomes of gaps. */
  private static final double FEW = 0.05;

  /** The share of what is left of the variance that a part of the calendar must explain. */
  private static final double WORTHWHILE = 0.1;

  /**
   * What the user chose.
   *
   * @param targets columns that are forecast; empty for the last one that is not named elsewhere
   * @param allTargets whether all columns are that are not named elsewhere
   * @param observed columns whose past is read, too
   * @param known columns whose future is known, without the calendar
   * @param calendar parts of the calendar; null for what is found
   * @param gaps what becomes of what is missing; null for what is found
   * @param asked window, season and level
   * @param recursive whether a segment is forecast at a time
   * @param perTarget whether each target is read alone
   * @param head how outputs say numbers
   */
  public record Choice(
      List<String> targets,
      boolean allTargets,
      List<String> observed,
      List<String> known,
      @Nullable List<Calendar> calendar,
      @Nullable Gaps gaps,
      ForecastDefaults.Asked asked,
      boolean recursive,
      boolean perTarget,
      Regression head) {

    /** Returns the columns that are forecast. */
    List<String> targets(SeriesTable table) {
      if (!targets.isEmpty()) {
        return targets;
      }
      var left = new ArrayList<>(table.columns());
      left.removeAll(observed);
      left.removeAll(known);
      if (left.isEmpty()) {
        throw new InputException(
            "no column is left to forecast", "Name fewer as observed or known.");
      }
      return allTargets ? left : List.of(left.getLast());
    }
  }

  /**
   * What was prepared.
   *
   * @param forecasting what is forecast from what
   * @param data the series of the run
   * @param reading how series are read
   * @param axis the times of the first series; null where rows have none
   * @param found what was found and why, a line each
   */
  public record Prepared(
      ForecastSpec forecasting,
      ForecasterRun.Parts data,
      SeriesReading reading,
      @Nullable TimeAxis axis,
      List<String> found) {

    /** Returns what a model remembers of how its series are read, and of what was found. */
    public Map<String, Object> kept() {
      var kept = reading.kept(axis);
      if (!found.isEmpty()) {
        kept.put("found", String.join("; ", found));
      }
      return kept;
    }
  }

  private final List<SeriesTable> tables;
  private final List<SeriesTable> validation;
  private final double share;
  private final List<String> found = new ArrayList<>();

  /**
   * Prepares tables.
   *
   * @param tables of series to learn from
   * @param validation of those that choose the model; empty where a share of the others does
   * @param share that share, the last rows of each
   */
  public ForecastData(List<SeriesTable> tables, List<SeriesTable> validation, double share) {
    this.tables = List.copyOf(tables);
    this.validation = List.copyOf(validation);
    this.share = share;
  }

  /** Returns what is trained on, where a model says what is forecast from what, and the season. */
  public Prepared of(ForecastSpec forecasting, int season, SeriesReading reading) {
    return parts(forecasting, season, reading);
  }

  /**
   * Returns what is trained on.
   *
   * @param usual how tables are read; calendar and gaps are the choice's
   * @throws InputException if nothing can be
   */
  public Prepared of(Choice choice, SeriesReading usual) {
    var columns = new ArrayList<>(choice.targets(tables.getFirst()));
    int targets = columns.size();
    columns.addAll(choice.observed);
    columns.addAll(choice.known);
    SeriesReading reading =
        usual.withCalendar(List.of()).withGaps(gaps(choice, usual, List.copyOf(columns)));
    var read = tables.stream().map(table -> reading.series(table, columns)).toList();
    var training = read.stream().map(each -> training(each.series())).toList();
    TimeAxis axis = read.getFirst().axis();
    if (axis != null && axis.hasPattern()) {
      found.add("rows come in steps of " + axis.step());
    }
    var window =
        ForecastDefaults.find(
            training, targets, axis == null ? List.of() : axis.seasons(), aside(), choice.asked);
    found.addAll(window.reasons());
    List<Calendar> calendar = choice.calendar;
    if (calendar == null) {
      calendar = choice.recursive ? List.of() : calendar(read, training, window);
    }
    var known = new ArrayList<>(choice.known);
    known.addAll(Calendar.columns(calendar));
    var forecasting =
        new ForecastSpec(
            columns.subList(0, targets),
            choice.observed,
            known,
            window.window(),
            window.relative(),
            choice.recursive,
            choice.perTarget,
            choice.head);
    return parts(forecasting, window.season(), reading.withCalendar(calendar));
  }

  private Prepared parts(ForecastSpec forecasting, int season, SeriesReading reading) {
    List<String> columns = forecasting.columns();
    var train = new ArrayList<Series>();
    var valid = new ArrayList<Series>();
    validation.forEach(table -> valid.add(reading.series(table, columns).series()));
    var read = tables.stream().map(table -> reading.series(table, columns)).toList();
    for (SeriesTable.Read each : read) {
      if (validation.isEmpty()) {
        var cut = ForecasterRun.cut(each.series(), share, forecasting);
        train.add(cut.get(0));
        valid.add(cut.get(1));
      } else {
        train.add(each.series());
      }
    }
    var data = new ForecasterRun.Parts(train, valid, season);
    return new Prepared(forecasting, data, reading, read.getFirst().axis(), List.copyOf(found));
  }

  /** The part of a series that trains, whatever the window will be. */
  private Series training(Series series) {
    return series.rows(0, series.size() - (validation.isEmpty() ? put(series.size()) : 0));
  }

  private int put(int rows) {
    return (int) Math.round(rows * share);
  }

  /** Returns the fewest rows of a series that choose the model. */
  private int aside() {
    return validation.isEmpty()
        ? tables.stream().mapToInt(table -> put(table.size())).min().orElse(0)
        : validation.stream().mapToInt(SeriesTable::size).min().orElse(0);
  }

  /** A few gaps are filled in where nobody says otherwise; many are refused. */
  private Gaps gaps(Choice choice, SeriesReading usual, List<String> columns) {
    if (choice.gaps != null) {
      return choice.gaps;
    }
    SeriesReading plain = usual.withCalendar(List.of());
    try {
      tables.forEach(table -> plain.withGaps(Gaps.REFUSE).series(table, columns));
      return Gaps.REFUSE;
    } catch (InputException refused) {
      long rows = 0;
      long all = 0;
      long numbers = 0;
      for (SeriesTable table : tables) {
        rows += filled(table, plain, columns, refused) - table.size();
        all += table.size();
        numbers += table.missing(columns);
      }
      if (rows > FEW * all || numbers > FEW * all * columns.size()) {
        throw refused;
      }
      found.add(
          String.format(
              Locale.ROOT,
              "gaps fill: %,d missing rows and %,d missing numbers of %,d rows lie on straight lines",
              rows,
              numbers,
              all));
      return Gaps.FILL;
    }
  }

  private static int filled(
      SeriesTable table, SeriesReading plain, List<String> columns, InputException refused) {
    try {
      return plain.withGaps(Gaps.FILL).series(table, columns).series().size();
    } catch (InputException e) {
      throw refused;
    }
  }

  /** Returns the parts of the calendar that explain what simple forecasts leave. */
  private List<Calendar> calendar(
      List<SeriesTable.Read> read, List<Series> training, ForecastDefaults.Found window) {
    TimeAxis axis = read.getFirst().axis();
    boolean fits = window.window().horizon() % window.window().segment() == 0;
    if (axis == null || !fits || read.stream().anyMatch(each -> each.axis() == null)) {
      return List.of();
    }
    var worthwhile = new ArrayList<Calendar>();
    for (Calendar part : axis.calendar()) {
      double explained = 0;
      for (int i = 0; i < training.size(); i++) {
        explained += explained(part, read.get(i), training.get(i), window) / training.size();
      }
      if (explained >= WORTHWHILE) {
        found.add(
            String.format(
                Locale.ROOT,
                "calendar %s: explains %.0f%% of what is left",
                part.label(),
                100 * explained));
        worthwhile.add(part);
      }
    }
    return worthwhile;
  }

  private static double explained(
      Calendar part, SeriesTable.Read read, Series training, ForecastDefaults.Found window) {
    int rows = training.size();
    var first = read.time(0).orElseThrow();
    var last = read.time(rows - 1).orElseThrow();
    if (ChronoUnit.DAYS.between(first, last) < 2L * part.days()
        || rows < 3L * window.window().context() + 31) {
      return 0;
    }
    double[] column = new double[rows];
    int[] classes = new int[rows];
    for (int row = 0; row < rows; row++) {
      column[row] = training.rows()[row][0];
      classes[row] = part.classOf(read.time(row).orElseThrow());
    }
    return ForecastDefaults.explained(column, classes, window);
  }
}
