package dev.unroll.cli.report;

import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Fields and their values, a line each. A name or a value stays in its line, whatever it says. */
public final class FieldList {

  private FieldList() {}

  /** Prints fields; a value may be a map or a list. */
  public static void print(PrintWriter out, Map<String, ?> fields) {
    fields.forEach((name, value) -> print(out, name, value));
  }

  /** Prints one field. */
  public static void print(PrintWriter out, String name, Object value) {
    if (value instanceof Map<?, ?> inner) {
      out.println(line(name));
      inner.forEach((each, of) -> out.println(line("  %-16s %s".formatted(each, listed(of)))));
    } else if (value instanceof List<?> all
        && !all.isEmpty()
        && all.stream().allMatch(FieldList::hasOwnLine)) {
      out.println(line(name));
      all.forEach(each -> out.println(line("  " + each)));
    } else {
      out.println(line("%-18s %s".formatted(name, listed(value))));
    }
  }

  private static boolean hasOwnLine(Object value) {
    return value instanceof Map || (value instanceof String text && text.contains(" "));
  }

  private static Object listed(Object value) {
    if (!(value instanceof List<?> all)) {
      return value;
    }
    return all.isEmpty()
        ? "none"
        : all.stream().map(String::valueOf).collect(Collectors.joining(", "));
  }

  private static String line(String text) {
    return Printable.line(text);
  }
}
