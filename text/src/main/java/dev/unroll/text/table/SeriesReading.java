package dev.unroll.text.table;

import dev.unroll.base.InputException;
import dev.unroll.batch.SeriesFormat;
import dev.unroll.data.Measurements;
import dev.unroll.data.Provenance;
import dev.unroll.file.Numbers;
import dev.unroll.store.ModelSays;
import dev.unroll.text.Calendar;
import dev.unroll.text.Gaps;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How series are read, as a model remembers it of those that it was trained on.
 *
 * @param form how files are written
 * @param calendar columns that are computed from the time
 * @param gaps what becomes of what is missing
 * @param times how rows came, as {@link TimeAxis#kept} says it; null where nothing is known
 * @param statics columns of numbers that describe a series, each with the mean that stands for what
 *     a series does not say
 */
public record SeriesReading(
    SeriesForm form,
    List<Calendar> calendar,
    Gaps gaps,
    @Nullable String times,
    Map<String, Double> statics) {

  /** The first column is the time, and nothing may be missing. */
  public static final SeriesReading USUAL =
      new SeriesReading(SeriesForm.FOUND, List.of(), Gaps.REFUSE, null, Map.of());

  /** So many series are named in one message. */
  private static final int MOST_NAMES = 5;

  private static final String CALENDAR = "calendar";
  private static final String GAPS = "gaps";
  private static final String STATICS = "statics";
  private static final int MOST_CATEGORIES = 200;

  /** Copies the list and the map. */
  public SeriesReading {
    calendar = List.copyOf(calendar);
    statics = Collections.unmodifiableSortedMap(new TreeMap<>(statics));
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
            : model.text(Provenance.TIMES), // without gaps, not trained on a table
        statics(model));
  }

  private static Map<String, Double> statics(Provenance model) {
    var means = new TreeMap<String, Double>();
    model
        .part(STATICS)
        .forEach(
            (name, mean) -> {
              if (mean instanceof Number number) {
                means.put(String.valueOf(name), number.doubleValue());
              }
            });
    return means;
  }

  /** The same with files that are written in another way. */
  public SeriesReading withForm(SeriesForm other) {
    return new SeriesReading(other, calendar, gaps, times, statics);
  }

  /** The same where rows have no time. */
  public SeriesReading withoutTime() {
    return withForm(form.withTime(TimedRows.NONE));
  }

  /** The same where the rows of a file are one series. */
  public SeriesReading withoutSeries() {
    return withForm(form.withSeries(TimedRows.NONE));
  }

  /** The same with other columns that are computed from the time. */
  public SeriesReading withCalendar(List<Calendar> parts) {
    return new SeriesReading(form, parts, gaps, times, statics);
  }

  /** The same with what is missing treated otherwise. */
  public SeriesReading withGaps(Gaps how) {
    return new SeriesReading(form, calendar, how, times, statics);
  }

  /** The same with columns of numbers that describe a series. */
  SeriesReading withStatics(Map<String, Double> means) {
    return new SeriesReading(form, calendar, gaps, times, means);
  }

  /** The same, but how rows come is found from them. */
  public SeriesReading withoutTimes() {
    return new SeriesReading(form, calendar, gaps, null, statics);
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
    return known(SeriesTable.of(rows, form));
  }

  /**
   * Returns a part of each series. Of several, those that have none are left out.
   *
   * @param part throws where a series has none
   * @param left receives a line for each that is left out
   * @throws InputException if no series has one
   */
  public static <T> List<T> ofEach(
      List<SeriesTable> all, Function<SeriesTable, T> part, Consumer<String> left) {
    if (all.size() == 1) {
      return List.of(part.apply(all.getFirst()));
    }
    var parts = new ArrayList<T>();
    var why = new LinkedHashMap<String, String>();
    for (SeriesTable table : all) {
      try {
        parts.add(part.apply(table));
      } catch (InputException e) {
        why.put(e.problem(), e.fix());
      }
    }
    if (parts.isEmpty()) {
      String first = why.keySet().iterator().next();
      throw new InputException(named(why.keySet(), "; "), String.valueOf(why.get(first)));
    }
    why.keySet().forEach(each -> left.accept("left out: " + each));
    return parts;
  }

  /** Returns the first of some names, and how many more there are. */
  static String named(Collection<String> names, String between) {
    String first = names.stream().limit(MOST_NAMES).collect(Collectors.joining(between));
    return names.size() <= MOST_NAMES
        ? first
        : String.format(Locale.ROOT, "%s and %,d more", first, names.size() - MOST_NAMES);
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
    return table.withStatics(statics).series(columns(all), calendar, gaps);
  }

  /** Returns the series of a table to forecast from: targets may be unknown at its end. */
  public SeriesTable.Read series(SeriesTable table, SeriesFormat.Wanted wanted) {
    return table
        .withStatics(statics)
        .series(columns(wanted.columns()), calendar, gaps, wanted.open(), wanted.further());
  }

  /** Returns what a model remembers, to read a series in the same way. */
  public Map<String, Object> kept(@Nullable TimeAxis axis) {
    var kept = new LinkedHashMap<>(form.kept());
    if (!calendar.isEmpty()) {
      kept.put(CALENDAR, calendar.stream().map(Calendar::label).collect(Collectors.joining(",")));
    }
    kept.put(GAPS, gaps.label());
    if (!statics.isEmpty()) {
      kept.put(STATICS, statics);
    }
    if (axis != null) {
      kept.put(Provenance.TIMES, axis.kept());
    }
    return kept;
  }

  /**
   * A column that describes a series, the same in all of its rows.
   *
   * @param columns the columns that the network reads: this one, or one for each category
   * @param mean of a column of numbers; null of categories
   * @param empty of how many series it says nothing
   */
  record StaticColumn(List<String> columns, @Nullable Double mean, int empty) {

    /**
     * Finds what series say.
     *
     * @throws InputException if it tells no series from another
     */
    static StaticColumn of(String name, List<SeriesTable> tables) {
      List<String> said =
          tables.stream().map(table -> table.only(name)).filter(each -> !each.isEmpty()).toList();
      var categories = new TreeSet<>(said);
      boolean numbers = said.stream().allMatch(Numbers::isNumber);
      int empty = tables.size() - said.size();
      if (categories.isEmpty() || (categories.size() == 1 && (numbers || empty == 0))) {
        throw new InputException(
            String.format(
                Locale.ROOT,
                "the static column %s is %s%s in all series",
                name,
                said.isEmpty() ? "empty" : "«" + categories.first() + "»",
                said.isEmpty() || empty == 0 ? "" : " or empty"),
            "Nothing can be learned from it: leave it out.");
      }
      if (numbers) {
        double mean =
            said.stream().mapToDouble(Double::parseDouble).sorted().average().orElseThrow();
        return new StaticColumn(List.of(name), mean, empty);
      }
      if (categories.size() > MOST_CATEGORIES) {
        throw new InputException(
            String.format(
                Locale.ROOT, "the static column %s has %,d categories", name, categories.size()),
            "Up to " + MOST_CATEGORIES + " are read: group them, or give numbers.");
      }
      return new StaticColumn(
          categories.stream().map(each -> name + GapFilling.CATEGORY + each).toList(), null, empty);
    }
  }
}
