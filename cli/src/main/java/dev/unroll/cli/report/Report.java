package dev.unroll.cli.report;

import java.io.PrintWriter;

/** What was measured, for people and for machines. */
public interface Report {

  /** Prints lines for people. */
  void print(PrintWriter out);

  /** Returns what machines read: maps, lists, numbers and texts. */
  Object fields();

  /** Prints lines for people, or one of JSON. */
  default void print(PrintWriter out, Form form) {
    if (form == Form.CSV) {
      CsvRows.printMeasures(out, fields());
    } else {
      print(out, form == Form.JSON);
    }
  }

  /** Prints lines for people, or one of JSON. */
  default void print(PrintWriter out, boolean json) {
    if (json) {
      JsonLine.print(out, fields());
    } else {
      print(Printable.over(out));
    }
  }
}
