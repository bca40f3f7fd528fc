package dev.unroll.cli.report;

import java.io.PrintWriter;

/** What was measured, for people and for machines. */
public interface Report {

  /** Prints lines for people. */
  void print(PrintWriter out);

  /** Returns what machines read: maps, lists, numbers and texts. */
  Object fields();

  /** Prints it in a form: lines for people, a row for each measure, or a line of JSON. */
  default void print(PrintWriter out, Form form) {
    switch (form) {
      case TEXT -> print(Printable.over(out));
      case CSV -> CsvRows.printMeasures(out, fields());
      case JSON -> JsonLine.print(out, fields());
    }
  }
}
