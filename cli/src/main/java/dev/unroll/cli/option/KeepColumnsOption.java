package dev.unroll.cli.option;

import dev.unroll.base.InputException;
import dev.unroll.cli.report.Form;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Option;

/** Whether the columns of the input are printed with the answers. */
public final class KeepColumnsOption {

  @Option(
      names = "--keep-columns",
      description = "Print all columns of the input before the answer, with --output csv or json.")
  boolean keep;

  /** Returns whether columns are kept. */
  public boolean asked() {
    return keep;
  }

  /** Refuses columns where answers are printed alone. */
  public void check(JsonOption form) {
    if (keep && form.form() == Form.TEXT) {
      throw new InputException(
          "--keep-columns does nothing where answers are text", "Add --output csv or json.");
    }
  }

  /**
   * Returns the columns of an input and its answer.
   *
   * @param columns the columns; none where the input is a text alone
   * @param text the text
   * @param answer the answer, by name; a name that a column has is {@code predicted_} and it, with
   *     a number after it where a column has that name, too
   */
  public Map<String, Object> fields(
      Map<String, String> columns, String text, Map<String, ?> answer) {
    var fields = new LinkedHashMap<String, Object>(columns);
    if (columns.isEmpty()) {
      fields.put("text", text);
    }
    answer.forEach((name, value) -> fields.put(free(name, fields.keySet()), value));
    return fields;
  }

  private static String free(String name, Set<String> taken) {
    String own = taken.contains(name) ? "predicted_" + name : name;
    String free = own;
    for (int number = 2; taken.contains(free); number++) {
      free = own + "_" + number;
    }
    return free;
  }
}
