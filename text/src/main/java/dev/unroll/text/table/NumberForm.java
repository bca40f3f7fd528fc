package dev.unroll.text.table;

import dev.unroll.base.InputException;
import dev.unroll.file.Numbers;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How numbers are written: with a point or a comma before decimals, and between thousands the other
 * of both, a space or an apostrophe. Found from all numbers of a file: {@code 0,5} says that it is
 * a comma, {@code 0.5} a point; {@code 1,234} says nothing.
 */
enum NumberForm {
  POINT(',', '.'),
  COMMA('.', ',');

  private static final Pattern SPACES =
      Pattern.compile("(?<=\\d)[ '\u2019\u00a0\u202f](?=\\d{3}(?!\\d))");

  private final Pattern thousands;
  private final Pattern telling;
  private final Pattern open;
  private final char mark;

  NumberForm(char group, char mark) {
    this.mark = mark;
    String groups = "\\d{1,3}(?:[" + group + "]\\d{3})+";
    thousands = Pattern.compile("[+-]?" + groups + "(?:[" + mark + "]\\d*)?(?:[eE][+-]?\\d+)?");
    telling =
        Pattern.compile(
            "[+-]?(?:\\d{1,3}(?:["
                + group
                + "]\\d{3}){2,}|"
                + groups
                + "["
                + mark
                + "]\\d*"
                + "|(?:0|\\d{4,})["
                + mark
                + "]\\d+|\\d*["
                + mark
                + "](?:\\d{1,2}|\\d{4,})(?:[eE].*)?)");
    open = Pattern.compile("[+-]?\\d{1,3}[" + mark + "]\\d{3}");
  }

  /** Returns whether a field has a point or a comma. */
  static boolean isMarked(String field) {
    return field.indexOf('.') >= 0 || field.indexOf(',') >= 0;
  }

  /** Returns how some fields are written; with a point, where they do not say it. */
  static NumberForm of(List<String> fields) {
    boolean comma = fields.stream().anyMatch(field -> COMMA.telling.matcher(field).matches());
    boolean point = fields.stream().anyMatch(field -> POINT.telling.matcher(field).matches());
    return comma && !point ? COMMA : POINT;
  }

  /** Returns a field that has decimals or thousands, where none says which; null for none. */
  static @Nullable String open(List<String> fields) {
    boolean told =
        fields.stream()
            .anyMatch(
                field ->
                    COMMA.telling.matcher(field).matches()
                        || POINT.telling.matcher(field).matches());
    return told
        ? null
        : fields.stream()
            .filter(field -> COMMA.open.matcher(field).matches())
            .findFirst()
            .orElse(null);
  }

  /**
   * Returns how the numbers of a file are written.
   *
   * @param fields some of its fields, those without a point or a comma among them
   * @param fix what to do where they may be read in two ways
   * @throws InputException if they may
   */
  static NumberForm found(String file, List<String> fields, String fix) {
    var marked =
        fields.stream().filter(NumberForm::isMarked).map(NumberForm::withoutSpaces).toList();
    String open = open(marked);
    if (open != null) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "%s: «%s» may be %s or %s",
              file,
              open,
              open.replace(',', '.'),
              open.replace(",", "")),
          fix);
    }
    return of(marked);
  }

  /** Returns the number that a field says by itself; NaN if it says none, or maybe another one. */
  static double only(String field) {
    var alone = List.of(withoutSpaces(field));
    return open(alone) == null ? of(alone).parse(field) : Double.NaN;
  }

  /** Returns a field without what stands between thousands and is no comma or point. */
  static String withoutSpaces(String field) {
    return SPACES.matcher(field).replaceAll("");
  }

  /** Returns the number that a field says; NaN if it says none. */
  double parse(String field) {
    String text = withoutSpaces(field);
    if (thousands.matcher(text).matches()) {
      text = text.replace(this == POINT ? "," : ".", "");
    }
    if (this == COMMA) {
      text = text.indexOf('.') >= 0 ? "" : text.replace(mark, '.');
    }
    return Numbers.parse(text);
  }
}
