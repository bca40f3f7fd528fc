package dev.unroll.cli.report;

import dev.unroll.base.InputException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.commons.csv.CSVFormat;
import org.jspecify.annotations.Nullable;

/** Prints answers as a table between commas (RFC 4180); the first one names the columns. */
public final class CsvRows {

  private static final CSVFormat FORMAT =
      CSVFormat.RFC4180.builder().setRecordSeparator("\n").get();

  private @Nullable Set<String> header;

  /**
   * Prints a row: names with values within are {@code name.part}, lists stand between blanks.
   *
   * @throws InputException if it has a column that the first row does not have
   */
  public void print(PrintWriter out, Map<String, ?> fields) {
    var flat = flat(fields);
    Set<String> names = header;
    if (names == null) {
      names = Collections.unmodifiableSet(new LinkedHashSet<>(flat.keySet()));
      header = names;
      print(out, List.copyOf(names));
    }
    for (String name : flat.keySet()) {
      if (!names.contains(name)) {
        throw new InputException(
            "a row has the column «" + name + "», which the header of the table does not have",
            "Give files with other columns to a command of their own, or take --output json.");
      }
    }
    print(out, names.stream().map(name -> flat.getOrDefault(name, "")).toList());
  }

  /** Prints what was measured, a row for each measure. */
  public static void printMeasures(PrintWriter out, Object fields) {
    print(out, List.of("measure", "value"));
    flat(Map.of("", fields))
        .forEach((name, value) -> print(out, List.of(name.substring(1), value)));
  }

  private static void print(PrintWriter out, List<String> row) {
    try {
      FORMAT.printRecord(out, row.toArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e); // a print writer has none
    }
  }

  private static Map<String, String> flat(Map<?, ?> fields) {
    var flat = new LinkedHashMap<String, String>();
    fields.forEach((name, value) -> add(String.valueOf(name), value, flat));
    return flat;
  }

  private static void add(String name, @Nullable Object value, Map<String, String> flat) {
    if (value instanceof Map<?, ?> parts) {
      parts.forEach((own, part) -> add(name + "." + own, part, flat));
    } else if (value instanceof Collection<?> all) {
      if (all.stream().noneMatch(CsvRows::hasParts)) {
        flat.put(name, all.stream().map(CsvRows::text).collect(Collectors.joining(" ")));
        return;
      }
      var parts = new ArrayList<Object>(all);
      for (int i = 0; i < parts.size(); i++) {
        add(name + "." + (i + 1), parts.get(i), flat);
      }
    } else {
      flat.put(name, text(value));
    }
  }

  private static boolean hasParts(@Nullable Object value) {
    return value instanceof Map || value instanceof Collection;
  }

  /** As JSON has it, but without quotes: what is missing or not finite is empty. */
  private static String text(@Nullable Object value) {
    boolean missing =
        value == null
            || (value instanceof Double number && !Double.isFinite(number))
            || (value instanceof Float single && !Float.isFinite(single));
    return missing ? "" : String.valueOf(value);
  }
}
