package dev.unroll.text.table;

import dev.unroll.file.Numbers;
import dev.unroll.text.Lines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Tells tables whose names do not say what they are from lines of text. */
final class TableBeginning {

  private TableBeginning() {}

  /** Returns whether a file begins as a table of texts that are in a known column. */
  static boolean isTable(Path file, TextTable table) {
    double number = Numbers.parse(table.text());
    return isTable(
        file,
        table.delimiter(),
        names -> names.contains(ColumnNames.plain(table.text())),
        number >= 1 ? (int) Math.max(2, number) : 0);
  }

  /**
   * Returns whether a file that is called like none of tables begins as one. What can be read once
   * is not looked at.
   *
   * @param delimiter what stands between fields; null where it is not known
   * @param header whether the first line names the columns, plain ones
   * @param columns how many columns a file without names has at least, in all of its first lines; 0
   *     where it has names
   */
  static boolean isTable(
      Path file, @Nullable Character delimiter, Predicate<List<String>> header, int columns) {
    if (!Files.isRegularFile(file)) {
      return false;
    }
    var first = new ArrayList<String>();
    try (var lines = Lines.open(file)) {
      for (String line = lines.next();
          line != null && first.size() < Table.Format.FEWEST_ALIKE;
          line = lines.next()) {
        if (!line.isBlank()) {
          first.add(line);
        }
      }
    } catch (IOException e) {
      return false; // what is wrong is reported where the file is read
    }
    String all = delimiter == null ? Table.Format.DELIMITERS : delimiter.toString();
    return !first.isEmpty()
        && all.chars().anyMatch(each -> isBetween(first, (char) each, header, columns));
  }

  private static boolean isBetween(
      List<String> lines, char delimiter, Predicate<List<String>> header, int columns) {
    List<Integer> fields = lines.stream().map(line -> split(line, delimiter).size()).toList();
    if (fields.getFirst() < 2) {
      return false;
    }
    boolean alike = delimiter != ',' && fields.stream().distinct().count() == 1; // commas are prose
    return header.test(split(lines.getFirst(), delimiter))
        || (columns > 0 && alike && fields.getFirst() >= columns);
  }

  /** Returns the plain fields of a line. */
  private static List<String> split(String line, char delimiter) {
    return Arrays.stream(line.split(Pattern.quote(String.valueOf(delimiter)), -1))
        .map(ColumnNames::plain)
        .toList();
  }
}
