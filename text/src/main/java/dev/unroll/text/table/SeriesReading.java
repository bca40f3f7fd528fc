package dev.unroll.text.table;

import dev.unroll.batch.SeriesFormat;
import dev.unroll.data.Measurements;
import dev.unroll.data.Provenance;
import dev.unroll.store.ModelSays;
import dev.unroll.text.Calendar;
import dev.unroll.text.Gaps;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How series are read, as a model remembers it of those that it was trained on.
 *
 * @param form how files are written
 * @param calendar columns that are computed from the time
 * @param gaps what becomes of what is missing
 * @param times how rows came, as {@link TimeAxis#kept} says it; null where nothing is known
 */
public record SeriesReading(
    SeriesForm form, List<Calendar> calendar, Gaps gaps, @Nullable String times) {

  /** The first column is the time, and nothing may be missing. */
  public static final SeriesReading USUAL =
      new SeriesReading(SeriesForm.FOUND, List.of(), Gaps.REFUSE, null);

  private static final String CALENDAR = "calendar";
  private static final String GAPS = "gaps";

  /** Copies the list. */
  public SeriesReading {
    calendar = List.copyOf(calendar);
  }

  /**
   * Returns how a model's series are read.
   *
   * @throws dev.unroll.base.InputException if the model says what cannot be
   */
  public static SeriesReading of(Provenance model) {
    String gaps = model.text(GAPS);
    return new SeriesReading(
        SeriesForm.of(model::text),
        Calendar.parts(model.text(CALENDAR), "provenance.calendar"),
        gaps.isEmpty() ? Gaps.REFUSE : ModelSays.read("provenance.gaps", () -> Gaps.of(gaps)),
        gaps.isEmpty()
            ? null
            : model.text(Provenance.TIMES)); // without gaps, not trained on a table
  }

  /** The same with files that are written in another way. */
  public SeriesReading withForm(SeriesForm other) {
    return new SeriesReading(other, calendar, gaps, times);
  }

  /** The same where rows have no time. */
  public SeriesReading withoutTime() {
    return withForm(form.withTime(SeriesRows.NONE));
  }

  /** The same where the rows of a file are one series. */
  public SeriesReading withoutSeries() {
    return withForm(form.withSeries(SeriesRows.NONE));
  }

  /** The same with other columns that are computed from the time. */
  public SeriesReading withCalendar(List<Calendar> parts) {
    return new SeriesReading(form, parts, gaps, times);
  }

  /** The same with what is missing treated otherwise. */
  public SeriesReading withGaps(Gaps how) {
    return new SeriesReading(form, calendar, how, times);
  }

  /** The same, but how rows come is found from them. */
  public SeriesReading withoutTimes() {
    return new SeriesReading(form, calendar, gaps, null);
  }

  /** Reads the rows of a file of one series. */
  public SeriesTable table(Path file) {
    return known(SeriesTable.of(file, form));
  }

  /**
   * Reads the series of a file, each as a table of its own.
   *
   * @param left receives the names of those that have one row only, and are left out
   */
  public List<SeriesTable> tables(Path file, Consumer<String> left) {
    return SeriesTable.all(file, form, left).stream().map(this::known).toList();
  }

  /**
   * Returns the rows of a table of one series, whose times stand in a column that is not read.
   *
   * @param name what messages call it
   * @param all the columns that are read, those of the calendar among them
   */
  public SeriesTable table(String name, String text, List<String> all) {
    return known(SeriesTable.of(Table.of(name, text), form, columns(all)));
  }

  /** Returns the rows of measurements. */
  public SeriesTable table(Measurements<?> rows) {
    return known(SeriesTable.of(rows));
  }

  private SeriesTable known(SeriesTable table) {
    SeriesTable own = table.withHolidays(form.holidays());
    return times == null ? own : own.withTimes(times);
  }

  /** Returns the columns of a table that are read, of all that a model reads. */
  public List<String> columns(List<String> all) {
    var columns = new ArrayList<>(all);
    columns.removeAll(Calendar.columns(calendar));
    return columns;
  }

  /** Returns the series of a table to learn from; gaps are treated as they were in training. */
  public SeriesTable.Read series(SeriesTable table, List<String> all) {
    return table.series(columns(all), calendar, gaps);
  }

  /** Returns the series of a table to forecast from: targets may be unknown at its end. */
  public SeriesTable.Read series(SeriesTable table, SeriesFormat.Wanted wanted) {
    return table.series(columns(wanted.columns()), calendar, gaps, wanted.open(), wanted.further());
  }

  /** Returns what a model remembers, to read a series in the same way. */
  public Map<String, Object> kept(@Nullable TimeAxis axis) {
    var kept = new LinkedHashMap<>(form.kept());
    if (!calendar.isEmpty()) {
      kept.put(CALENDAR, calendar.stream().map(Calendar::label).collect(Collectors.joining(",")));
    }
    kept.put(GAPS, gaps.label());
    if (axis != null) {
      kept.put(Provenance.TIMES, axis.kept());
    }
    return kept;
  }
}
