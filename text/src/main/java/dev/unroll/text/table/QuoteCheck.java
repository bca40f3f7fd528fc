package dev.unroll.text.table;

import dev.unroll.file.Plural;
import java.util.Locale;
import java.util.function.Consumer;

/** Notices quotes that were read as letters, and rows that were read as a part of a field. */
final class QuoteCheck {

  /** A field that runs over so many lines is hardly a text. */
  private static final int LINES = 50;

  private final Table.Format format;
  private final Consumer<String> notes;
  private long rows;
  private long letters;
  private String first = "";

  QuoteCheck(Table.Format format, Consumer<String> notes) {
    this.format = format;
    this.notes = notes;
  }

  void accept(Table.Row row) {
    rows++;
    boolean found = false;
    for (String field : row.fields()) {
      found |= format.quoted() ? isAfterBlank(field) : isQuoted(field);
      if (format.quoted() && field.indexOf('\n') >= 0) {
        checkLines(row, field);
      }
    }
    if (found) {
      first = letters == 0 ? row.file() + ":" + row.line() : first;
      letters++;
    }
  }

  /** Says what was noticed in a file. */
  void end() {
    if (letters == 0 || letters * 4 < rows) {
      return;
    }
    notes.accept(
        String.format(
            Locale.ROOT,
            "%s: quotes are read as letters, in %s of %,d rows; %s",
            first,
            letters == rows ? "all" : String.format(Locale.ROOT, "%,d", letters),
            rows,
            format.quoted()
                ? "a quote must follow the comma, without a blank"
                : "{quotes} reads them as quotes"));
  }

  private static boolean isAfterBlank(String field) {
    return !field.isEmpty()
        && Character.isWhitespace(field.charAt(0))
        && field.stripLeading().startsWith("\"");
  }

  private static boolean isQuoted(String field) {
    return field.length() > 1 && field.startsWith("\"") && field.endsWith("\"");
  }

  /** A line within a field that has as many fields as a row was probably a row. */
  private void checkLines(Table.Row row, String field) {
    String[] lines = field.split("\n", -1);
    int others = row.fields().size() - 1;
    long like = 0;
    for (int i = 1; i < lines.length; i++) {
      like += lines[i].chars().filter(c -> c == format.delimiter()).count() >= others ? 1 : 0;
    }
    boolean looksLikeRows = others > 0 && like == lines.length - 1L && like * others > 1;
    if (looksLikeRows || lines.length > LINES) {
      notes.accept(
          String.format(
              Locale.ROOT,
              "%s:%d: a field between quotes runs over %s that may be rows of their own; is a quote not closed?"
                  + " A quote within such a field is written twice",
              row.file(),
              row.line(),
              Plural.of(lines.length, "line")));
    }
  }
}
