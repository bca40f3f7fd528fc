package dev.unroll.spark;

import dev.unroll.base.InputException;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.QuoteMode;
import org.apache.spark.sql.Row;

/** What writes rows as a file that a command reads, without a change to what is in them. */
enum RowFile {
  /** A text in each row, and so in each line: line breaks within a text become blanks. */
  TEXTS(".txt") {
    @Override
    void writeRows(Iterator<Row> rows, List<String> columns, Writer out) throws IOException {
      while (rows.hasNext()) {
        String text = LAST_BREAK.matcher(rows.next().getString(0)).replaceFirst("");
        out.write(BREAK.matcher(text).replaceAll(" "));
        out.write('\n');
      }
    }
  },

  /** Lines in each row: what a text is, the command finds from them. */
  LINES(".txt") {
    @Override
    void writeRows(Iterator<Row> rows, List<String> columns, Writer out) throws IOException {
      while (rows.hasNext()) {
        out.write(rows.next().getString(0));
        out.write('\n');
      }
    }
  },

  /** A field in each column, between commas; the first line names them. */
  TABLE(".csv") {
    @Override
    void writeRows(Iterator<Row> rows, List<String> columns, Writer out) throws IOException {
      var format =
          CSVFormat.RFC4180
              .builder()
              .setQuoteMode(QuoteMode.ALL_NON_NULL) // also of texts with line breaks
              .setRecordSeparator('\n')
              .get();
      format.printRecord(out, columns.toArray());
      while (rows.hasNext()) {
        Row row = rows.next();
        var fields = new Object[columns.size()];
        for (int i = 0; i < fields.length; i++) {
          fields[i] = row.get(i);
        }
        format.printRecord(out, fields);
      }
    }
  },

  /**
   * A sentence in each row: arrays of its words and of their tags, then what its comments say by
   * their names.
   */
  TAGGED(".conll") {
    @Override
    void writeRows(Iterator<Row> rows, List<String> columns, Writer out) throws IOException {
      for (long number = 1; rows.hasNext(); number++) {
        Row row = rows.next();
        List<String> words = row.getList(0);
        List<String> tags = row.getList(1);
        if (words.isEmpty()) { // its comments would be those of the next sentence
          throw new InputException(
              String.format(Locale.ROOT, "row %,d has no words in %s", number, columns.get(0)),
              "Leave such rows out.");
        }
        if (words.size() != tags.size()) {
          throw new InputException(
              String.format(
                  Locale.ROOT,
                  "row %,d has %d in %s, but %d in %s",
                  number,
                  words.size(),
                  columns.get(0),
                  tags.size(),
                  columns.get(1)),
              "Give each word one tag.");
        }
        for (int i = 2; i < columns.size(); i++) {
          String value = checked(row.getString(i), columns.get(i), number);
          out.write(String.format(Locale.ROOT, "# %s = %s\n", columns.get(i), value));
        }
        for (int i = 0; i < words.size(); i++) { // after a number no word looks like a comment
          String word = checked(words.get(i), columns.get(0), number);
          String tag = checked(tags.get(i), columns.get(1), number);
          out.write(String.format(Locale.ROOT, "%d\t%s\t%s\n", i + 1, word, tag));
        }
        out.write("\n");
      }
    }
  };

  private static final Pattern BREAK = Pattern.compile("\r\n|[\r\n]");

  /** A text that ends with a line break is a whole line. */
  private static final Pattern LAST_BREAK = Pattern.compile("(\r\n|[\r\n])\\z");

  private final String ending;

  RowFile(String ending) {
    this.ending = ending;
  }

  /** Returns the end of the names of such files. */
  String ending() {
    return ending;
  }

  /**
   * Writes rows of texts.
   *
   * @param columns the names of their fields
   * @throws InputException if a row does not fit
   */
  void write(Iterator<Row> rows, List<String> columns, Path file) throws IOException {
    try (Writer out = Files.newBufferedWriter(file)) {
      writeRows(rows, columns, out);
    }
  }

  abstract void writeRows(Iterator<Row> rows, List<String> columns, Writer out) throws IOException;

  private static String checked(String word, String column, long row) {
    if (word == null
        || word.isBlank()
        || word.chars().anyMatch(c -> c == '\t' || c == '\n' || c == '\r')) {
      throw new InputException(
          String.format(Locale.ROOT, "row %,d has «%s» in %s", row, word, column),
          "Words, tags and groups are not empty, and have no tabs or line breaks in them.");
    }
    return word;
  }
}
