package dev.unroll.task.label;

import dev.unroll.base.InputException;
import dev.unroll.data.LabeledSequence;
import dev.unroll.file.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;

/**
 * What the numbers of a network that labels stand for.
 *
 * @param names the labels, in the order of their numbers
 * @param columns further columns of each token that are read
 * @param thresholds of each label, the probability from which on a text has it; empty unless a text
 *     may have several
 * @param source how files with such labels are read, by the names of the options that say so
 */
public record Labels(
    List<String> names, List<Column> columns, List<Double> thresholds, Map<String, String> source) {

  /**
   * A further column of each token.
   *
   * @param name its name or number
   * @param values those of its values that have a vector
   */
  public record Column(String name, List<String> values) {
    /** Copies the list. */
    public Column {
      values = List.copyOf(values);
    }

    private Map<String, Object> toJson() {
      return Json.object("name", name, "values", values);
    }

    private static Column fromJson(Json.Reader json) {
      return new Column(json.text("name"), json.distinctTexts("values"));
    }
  }

  /** Copies and checks. */
  public Labels {
    names = List.copyOf(names);
    columns = List.copyOf(columns);
    thresholds = List.copyOf(thresholds);
    source = Map.copyOf(source);
    if (names.isEmpty()) {
      throw new InputException("there is no label", "Give labeled data.");
    }
    if (!thresholds.isEmpty() && thresholds.size() != names.size()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "%d thresholds for %d labels", thresholds.size(), names.size()));
    }
  }

  /**
   * Collects the labels and columns of some sequences, each in the order of their letters, so that
   * the same data always gives the same numbers.
   *
   * @param columns names of the further columns
   * @param source how files with such labels are read
   */
  public static Labels of(
      List<LabeledSequence> sequences, List<String> columns, Map<String, String> source) {
    var names = new TreeSet<String>();
    sequences.forEach(each -> names.addAll(each.labels()));
    var further = new ArrayList<Column>();
    for (int i = 0; i < columns.size(); i++) {
      var values = new TreeSet<String>();
      for (LabeledSequence each : sequences) {
        values.addAll(each.features().get(i));
      }
      further.add(new Column(columns.get(i), List.copyOf(values)));
    }
    return new Labels(List.copyOf(names), further, List.of(), source);
  }

  /**
   * Returns labels with those of other data added: the labels and values of these keep their
   * numbers. Thresholds are left out, to be found anew; files are read as the others were.
   */
  public Labels extendedBy(Labels others) {
    var further = new ArrayList<Column>();
    for (int i = 0; i < columns.size(); i++) {
      Column own = columns.get(i);
      further.add(new Column(own.name, union(own.values, others.columns.get(i).values)));
    }
    var read = new LinkedHashMap<>(source);
    read.putAll(others.source);
    return new Labels(union(names, others.names), further, List.of(), read);
  }

  private static List<String> union(List<String> first, List<String> then) {
    var all = new LinkedHashSet<>(first);
    all.addAll(then);
    return List.copyOf(all);
  }

  /** The same labels with other thresholds. */
  public Labels withThresholds(List<Double> values) {
    return new Labels(names, columns, values, source);
  }

  /** Returns the number of each text in a list. */
  static Map<String, Integer> numbers(List<String> names) {
    var numbers = new LinkedHashMap<String, Integer>();
    names.forEach(name -> numbers.put(name, numbers.size()));
    return numbers;
  }

  Map<String, Object> toJson() {
    var sorted = new LinkedHashMap<String, Object>();
    source.keySet().stream()
        .sorted()
        .forEach(name -> sorted.put(name, source.getOrDefault(name, "")));
    return Json.object(
        "names", names,
        "columns", columns.stream().map(Column::toJson).toList(),
        "thresholds", thresholds,
        "source", sorted);
  }

  /** Reads the labels of a network, which must be as many as it has, and so the values. */
  static Labels fromJson(Json.Reader json, LabelSpec network) {
    List<String> names = json.distinctTexts("names");
    checkCount("names", names.size(), network.output().labels());
    boolean several = network.output() instanceof LabelSpec.PerSequence all && all.multiLabel();
    List<Column> columns = json.parts("columns", Column::fromJson);
    checkCount("columns", columns.size(), network.features().size());
    for (int i = 0; i < columns.size(); i++) {
      int wanted = network.features().get(i).values();
      checkCount("columns[" + i + "].values", columns.get(i).values.size(), wanted);
    }
    return new Labels(
        names,
        columns,
        json.numbers("thresholds", several ? names.size() : 0, 0, 1),
        json.member("source").asTexts());
  }

  private static void checkCount(String field, int count, int wanted) {
    if (count != wanted) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "%d %s, but the network has %d", count, field, wanted));
    }
  }
}
