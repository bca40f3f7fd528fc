package dev.unroll.cli.report;

import dev.unroll.file.InputException;
import dev.unroll.text.Lines;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A file of lines with fields between tabs. */
public final class TableFile {

  private TableFile() {}

  /** A line and where it stands. */
  public record Row(String file, long line, List<String> fields) {

    public double number(int field, String name) {
      double number = parse(fields.get(field).strip());
      if (!Double.isFinite(number)) {
        throw InputException.at(
            file,
            line,
            "the %s is «%s»".formatted(name, fields.get(field)),
            "Field %d must be a number.".formatted(field + 1));
      }
      return number;
    }

    private static double parse(String text) {
      try {
        return Double.parseDouble(text);
      } catch (NumberFormatException e) {
        return Double.NaN;
      }
    }
  }

  /**
   * Reads all lines that are not blank.
   *
   * @param what the fields' names, for messages
   */
  public static List<Row> read(List<Path> files, int least, int most, String what) {
    var rows = new ArrayList<Row>();
    for (Path file : Lines.files(files)) {
      long[] line = {0};
      Lines.read(
          file,
          text -> {
            line[0]++;
            if (!text.isBlank()) {
              List<String> fields = List.of(text.split("\t", -1));
              if (fields.size() < least || fields.size() > most) {
                throw InputException.at(
                    file.toString(),
                    line[0],
                    "%d fields between tabs".formatted(fields.size()),
                    "A line has: " + what + ".");
              }
              rows.add(new Row(file.toString(), line[0], fields));
            }
          });
    }
    if (rows.isEmpty()) {
      throw new InputException(
          files.getFirst() + ": there is nothing in it", "A line has: " + what + ".");
    }
    return rows;
  }
}
