package dev.unroll.text.table;

import dev.unroll.file.Held;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A line of a file of columns.
 *
 * @param number its number in the file, from 1
 * @param text as it stands there
 * @param kind what it is
 * @param separator what stands between its columns
 * @param fields its columns, without blanks around them; none for comments and blank lines
 */
public record ConllLine(
    long number, String text, Kind kind, Separator separator, List<String> fields) {

  /** What a line is. */
  public enum Kind {
    /** A token with its columns. */
    TOKEN,
    /** Of CoNLL-U: a word of several tokens (3-4), or a node that the sentence leaves out (8.1). */
    NODE,
    /** A comment, or another line that belongs to no sentence. */
    COMMENT,
    /** Nothing; it ends a sentence. */
    BLANK
  }

  /** What stands between columns: other white space, such as U+00A0 and U+3000, never does. */
  public enum Separator {
    /** Single tabs, so that a column may have blanks in it, or be empty. */
    TABS("\t"),
    /** Runs of blanks and tabs. */
    BLANKS(" ");

    private static final Pattern FIELD = Pattern.compile("[^ \t]+");

    private final String mark;

    Separator(String mark) {
      this.mark = mark;
    }

    /** Returns what is written between columns. */
    public String mark() {
      return mark;
    }

    /** Returns the columns of a line; one of nothing but blanks is kept as it is. */
    public List<String> fields(String text) {
      if (this == TABS) {
        return raw(text).stream().map(each -> isBlank(each) ? each : strip(each)).toList();
      }
      return FIELD.matcher(text).results().map(found -> found.group()).toList();
    }

    private static List<String> raw(String text) {
      return Arrays.asList(text.split("\t", -1));
    }
  }

  /** Copies the list. */
  public ConllLine {
    fields = List.copyOf(fields);
  }

  /** Creates a word alone. */
  public static ConllLine word(long number, String word) {
    return new ConllLine(number, word, Kind.TOKEN, Separator.BLANKS, List.of(word));
  }

  /** Creates a word with its tag. */
  public static ConllLine tagged(long number, String word, String tag) {
    return new ConllLine(number, word + "\t" + tag, Kind.TOKEN, Separator.TABS, List.of(word, tag));
  }

  /** Creates a blank line. */
  public static ConllLine blank(long number) {
    return new ConllLine(number, "", Kind.BLANK, Separator.BLANKS, List.of());
  }

  /** Returns about how many bytes of memory it takes. */
  long bytes() {
    return 2L * text.length() + (2L + fields.size()) * Held.OBJECT;
  }

  /** Returns whether it is a token. */
  public boolean isToken() {
    return kind == Kind.TOKEN;
  }

  /** Returns the line with another value in a column, from 0; the rest is as it was. */
  String withField(int column, String value) {
    if (separator == Separator.TABS) {
      var all = new ArrayList<>(Separator.raw(text));
      all.set(column, value);
      return String.join("\t", all);
    }
    Matcher field = Separator.FIELD.matcher(text);
    for (int i = 0; i <= column; i++) {
      field.find();
    }
    return text.substring(0, field.start()) + value + text.substring(field.end());
  }

  /** Returns the line with a further column; what stood after the last one is left out. */
  public String withColumn(String value) {
    String own =
        separator == Separator.TABS
            ? String.join("\t", Separator.raw(text).subList(0, fields.size()))
            : stripEnd(text);
    return own + separator.mark + value;
  }

  /** Returns whether there is nothing but blanks and tabs. */
  static boolean isBlank(String text) {
    return stripEnd(text).isEmpty();
  }

  /** Returns a text without blanks and tabs around it. */
  static String strip(String text) {
    String own = stripEnd(text);
    int from = 0;
    while (from < own.length() && isSeparator(own.charAt(from))) {
      from++;
    }
    return own.substring(from);
  }

  private static String stripEnd(String text) {
    int to = text.length();
    while (to > 0 && isSeparator(text.charAt(to - 1))) {
      to--;
    }
    return text.substring(0, to);
  }

  private static boolean isSeparator(char character) {
    return character == ' ' || character == '\t';
  }
}
