package dev.unroll.cli.report;

import java.io.PrintWriter;
import java.util.List;
import java.util.Map;

/** Prints answers for machines: rows of one table, or a line of JSON each. */
public final class Answers {

  private final Form form;
  private final CsvRows table = new CsvRows();

  /** Prints answers in a form; none is printed in that for people. */
  public Answers(Form form) {
    this.form = form;
  }

  /** Returns whether answers are for machines. */
  public boolean areAsked() {
    return form != Form.TEXT;
  }

  /** Prints an answer that is one row of the table. */
  public void print(PrintWriter out, Map<String, Object> answer) {
    print(out, answer, List.of(answer));
  }

  /**
   * Prints an answer.
   *
   * @param answer what JSON has of it
   * @param rows what the table has of it
   */
  public void print(
      PrintWriter out, Map<String, Object> answer, List<? extends Map<String, Object>> rows) {
    switch (form) {
      case CSV -> rows.forEach(row -> table.print(out, row));
      case JSON -> JsonLine.print(out, answer);
      case TEXT -> throw new IllegalStateException("text is for people");
    }
  }
}
