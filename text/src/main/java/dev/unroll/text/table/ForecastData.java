package dev.unroll.text.table;

import dev.unroll.base.InputException;
import dev.unroll.data.Provenance;
import dev.unroll.data.Series;
import dev.unroll.file.Numbers;
import dev.unroll.file.Plural;
import dev.unroll.model.Forecaster;
import dev.unroll.network.Regression;
import dev.unroll.network.Relative;
import dev.unroll.task.forecast.ForecastDefaults;
import dev.unroll.task.forecast.ForecastSpec;
import dev.unroll.task.forecast.ForecasterRun;
import dev.unroll.text.Calendar;
import dev.unroll.text.Gaps;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
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

  private static final String LEFT_OUT = "calendarLeftOut";

  /**
   * What the user chose.
   *
   * @param targets columns that are forecast; empty for the last of numbers that is not named
   *     elsewhere
   * @param allTargets whether all columns are that are not named elsewhere
   * @param observed columns whose past is read, too
   * @param known columns whose future is known, without the calendar
   * @param statics columns that say what a series is, with the same in all of its rows: numbers, or
   *     categories, each of which is read as a column of 0 and 1
   * @param calendar parts of the calendar; null for what is found, none where the context is chosen
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
      List<String> statics,
      @Nullable List<Calendar> calendar,
      @Nullable Gaps gaps,
      ForecastDefaults.Asked asked,
      boolean recursive,
      boolean perTarget,
      Regression head) {

    /** Returns the same with columns as a table's header writes them. */
    Choice of(SeriesTable table) {
      return new Choice(
          table.written(targets),
          allTargets,
          table.written(observed),
          table.written(known),
          table.written(statics),
          calendar,
          gaps,
          asked,
          recursive,
          perTarget,
          head);
    }

    /** Returns the columns that are forecast. */
    List<String> targets(SeriesTable table) {
      if (!targets.isEmpty()) {
        return targets;
      }
      List<String> left = left(table);
      return allTargets ? left : List.of(lastOfNumbers(table, left));
    }

    /** Returns whether one of several columns is forecast, and nobody said which. */
    boolean findsTarget(SeriesTable table) {
      return targets.isEmpty() && !allTargets && left(table).size() > 1;
    }

    private List<String> left(SeriesTable table) {
      var left = new ArrayList<>(table.columns());
      left.removeAll(observed);
      left.removeAll(known);
      left.removeAll(statics);
      if (left.isEmpty()) {
        throw new InputException(
            "no column is left to forecast", "Name fewer as observed or known.");
      }
      return left;
    }

    /** Returns the last column that has a number, or the last where none has. */
    private static String lastOfNumbers(SeriesTable table, List<String> columns) {
      return columns.reversed().stream()
          .filter(table::hasNumber)
          .findFirst()
          .orElse(columns.getLast());
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
   * @param warnings those of them that say what was made up or left out
   * @param alike parts of the calendar that were chosen and left out: they never change
   */
  public record Prepared(
      ForecastSpec forecasting,
      ForecasterRun.Parts data,
      SeriesReading reading,
      @Nullable TimeAxis axis,
      List<String> found,
      List<String> warnings,
      List<Calendar> alike) {

    /** Returns what a model remembers of how its series are read. */
    public Map<String, Object> kept() {
      var kept = reading.kept(axis);
      if (!alike.isEmpty()) {
        kept.put(LEFT_OUT, alike.stream().map(Calendar::label).collect(Collectors.joining(",")));
      }
      return kept;
    }
  }

  private final List<SeriesTable> tables;
  private final List<SeriesTable> validation;
  private final double share;
  private final List<String> found = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();
  private final List<Calendar> alike = new ArrayList<>();

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

  /** Returns parts of the calendar that were chosen for a model, but never changed. */
  public static List<Calendar> leftOut(Provenance model) {
    return Calendar.parts(model.text(LEFT_OUT), "provenance." + LEFT_OUT);
  }

  /** Returns what is trained on, where a model says what is forecast from what, and the season. */
  public Prepared of(Forecaster model, int season, SeriesReading reading) {
    alike.addAll(leftOut(model.provenance()));
    return parts(model.forecasting(), season, reading);
  }

  /**
   * Returns what is trained on.
   *
   * @param asked what the user chose; the case of columns' names makes no difference
   * @param usual how tables are read; calendar and gaps are the choice's
   * @throws InputException if nothing can be
   */
  public Prepared of(Choice asked, SeriesReading usual) {
    Choice choice = asked.of(tables.getFirst());
    var columns = new ArrayList<>(choice.targets(tables.getFirst()));
    int targets = columns.size();
    var observed = new ArrayList<>(choice.observed);
    var means = new HashMap<String, Double>();
    choice.statics.forEach(each -> observed.addAll(staticColumns(each, means, choice.gaps)));
    columns.addAll(observed);
    columns.addAll(choice.known);
    SeriesReading plain = usual.withCalendar(List.of()).withStatics(means);
    SeriesReading reading = plain.withGaps(gaps(choice, plain, List.copyOf(columns)));
    var read = tables.stream().map(table -> reading.series(table, columns)).toList();
    var training = read.stream().map(each -> training(each.series())).toList();
    TimeAxis axis = read.getFirst().axis();
    if (choice.findsTarget(tables.getFirst())) {
      found.add("target " + columns.getFirst() + ": the last column of numbers");
    }
    if (axis == null && reading.form().time() == null && tables.getFirst().isOneColumn()) {
      found.add("time none: the numbers are the only column");
    }
    if (axis != null && axis.hasPattern()) {
      found.add("rows come in steps of " + axis.step());
    }
    var window =
        ForecastDefaults.find(
            training, targets, axis == null ? List.of() : axis.seasons(), aside(), choice.asked);
    found.addAll(window.reasons());
    if (tables.size() > 1) {
      boolean own = window.relative() == Relative.WINDOW || window.relative() == Relative.SEASON;
      found.add(
          String.format(
              Locale.ROOT,
              "%,d series, standardized together%s",
              tables.size(),
              own ? "; targets in each window by its own mean and deviation, too" : ""));
    }
    List<Calendar> calendar = choice.calendar;
    if (calendar == null) {
      boolean finds = choice.asked.context() == null && !choice.recursive;
      calendar = finds ? calendar(read, training, window) : List.of();
    }
    boolean says = calendar.contains(Calendar.BUSINESS) || calendar.contains(Calendar.HOLIDAY);
    if (!reading.form().holidays().isEmpty() && !says) {
      calendar = new ArrayList<>(calendar);
      calendar.add(Calendar.HOLIDAY);
    }
    calendar = changing(calendar, read, training, reading.form().holidays());
    var known = new ArrayList<>(choice.known);
    known.addAll(Calendar.columns(calendar));
    var forecasting =
        new ForecastSpec(
            columns.subList(0, targets),
            observed,
            known,
            window.window(),
            window.relative(),
            choice.recursive,
            choice.perTarget,
            choice.head,
            reading.gaps() == Gaps.MASK);
    return parts(forecasting, window.season(), reading.withCalendar(calendar));
  }

  /** Returns the columns that are read of a static one, and keeps the mean of its numbers. */
  private List<String> staticColumns(String name, Map<String, Double> means, @Nullable Gaps gaps) {
    var column = SeriesReading.StaticColumn.of(name, tables);
    Double mean = column.mean();
    if (mean == null) {
      found.add(
          String.format(
              Locale.ROOT,
              "static %s: %d categories; one that is not among them is read as none",
              name,
              column.columns().size()));
    } else {
      means.put(name, mean);
    }
    if (column.empty() > 0) {
      String read = mean == null ? "none" : "the mean of the others, " + Numbers.rounded(mean);
      read = mean != null && gaps == Gaps.MASK ? "unknown" : read;
      warn(
          String.format(
              Locale.ROOT,
              "static %s: empty in %,d of %,d series, which is read as %s",
              name,
              column.empty(),
              tables.size(),
              read));
    }
    return column.columns();
  }

  private Prepared parts(ForecastSpec forecasting, int season, SeriesReading reading) {
    List<String> columns = forecasting.columns();
    var train = new ArrayList<Series>();
    var valid = new ArrayList<Series>();
    var few = new ArrayList<String>();
    for (SeriesTable table : validation) {
      Series own = reading.series(table, columns).series();
      if (validation.size() > 1 && own.size() < forecasting.window().rows()) {
        few.add(own.name());
      } else {
        valid.add(own);
      }
    }
    leaveOut(few, validation.size(), "series to validate on", forecasting);
    few.clear();
    var read = tables.stream().map(table -> reading.series(table, columns)).toList();
    int least = forecasting.window().rows() + season;
    for (SeriesTable.Read each : read) {
      int own = each.series().size();
      if (read.size() > 1
          && (own - (validation.isEmpty() ? put(own) : 0) < least
              || (validation.isEmpty() && put(own) < forecasting.window().horizon()))) {
        few.add(each.series().name());
        continue;
      }
      if (validation.isEmpty()) {
        var cut = ForecasterRun.cut(each.series(), share, forecasting);
        train.add(cut.get(0));
        valid.add(cut.get(1));
      } else {
        train.add(each.series());
      }
    }
    leaveOut(few, read.size(), "series", forecasting);
    var data = new ForecasterRun.Parts(train, valid, season);
    return new Prepared(
        forecasting,
        data,
        reading,
        read.getFirst().axis(),
        List.copyOf(found),
        List.copyOf(warnings),
        List.copyOf(alike));
  }

  /** Says which series are too short; at least one must be left. */
  private void leaveOut(List<String> few, int all, String what, ForecastSpec forecasting) {
    if (few.isEmpty()) {
      return;
    }
    String names = SeriesReading.named(few, "; ");
    if (few.size() == all) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "none of %,d %s has enough rows for a context of %,d and a horizon of %,d: %s",
              all,
              what,
              forecasting.window().context(),
              forecasting.window().horizon(),
              names),
          "Make {context} or {horizon} smaller, change {valid-share}, or give longer series.");
    }
    warn(
        String.format(
            Locale.ROOT,
            "%,d of %,d %s %s too short and left out: %s",
            few.size(),
            all,
            what,
            few.size() == 1 ? "is" : "are",
            names));
  }

  private void warn(String line) {
    found.add(line);
    warnings.add(line);
  }

  /** The part of a series that trains, whatever the window will be. */
  private Series training(Series series) {
    return series.rows(0, series.size() - (validation.isEmpty() ? put(series.size()) : 0));
  }

  private int put(int rows) {
    return (int) Math.round(rows * share);
  }

  /** Returns how many rows of a usual series choose the model. */
  private int aside() {
    return validation.isEmpty()
        ? tables.stream()
            .mapToInt(table -> put(table.size()))
            .sorted()
            .skip(tables.size() / 2)
            .findFirst()
            .orElse(0)
        : validation.stream().mapToInt(SeriesTable::size).min().orElse(0);
  }

  /** A few gaps are filled in where nobody says otherwise; many are refused. */
  private Gaps gaps(Choice choice, SeriesReading plain, List<String> columns) {
    if (choice.gaps != null) {
      return choice.gaps;
    }
    try {
      tables.forEach(table -> plain.withGaps(Gaps.REFUSE).series(table, columns));
      return Gaps.REFUSE;
    } catch (InputException refused) {
      long rows = 0;
      long all = 0;
      long numbers = 0;
      var changing = new ArrayList<>(columns);
      changing.removeAll(plain.statics().keySet());
      for (SeriesTable table : tables) {
        rows += filled(table, plain, columns, refused) - table.size();
        all += table.size();
        numbers += table.missing(changing);
      }
      if (rows > FEW * all || numbers > FEW * all * columns.size()) {
        throw refused;
      }
      var missing = new ArrayList<String>();
      if (rows > 0 || numbers == 0) {
        missing.add(Plural.of(rows, "missing row"));
      }
      if (numbers > 0) {
        missing.add(Plural.of(numbers, "missing number"));
      }
      warn(
          String.format(
              Locale.ROOT,
              "gaps fill: %s of %,d rows, put on straight lines",
              String.join(" and ", missing),
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
        explained += read.get(i).explained(part, training.get(i), window) / training.size();
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

  /** Returns the parts of the calendar that change in the part that trains; warns of the others. */
  private List<Calendar> changing(
      List<Calendar> calendar,
      List<SeriesTable.Read> read,
      List<Series> training,
      Set<LocalDate> holidays) {
    var changing = new ArrayList<Calendar>();
    for (Calendar part : calendar) {
      if (read.stream().anyMatch(each -> each.axis() == null)
          || SeriesTable.Read.changes(part, read, training, holidays)) {
        changing.add(part);
        continue;
      }
      alike.add(part);
      boolean free = part == Calendar.HOLIDAY && !holidays.isEmpty();
      warn(
          String.format(
              Locale.ROOT,
              free
                  ? "calendar %s is left out: no row of the part that trains is on a holiday"
                  : "calendar %s is left out: it is the same in all rows of the part that trains",
              part.label()));
    }
    return changing;
  }
}
