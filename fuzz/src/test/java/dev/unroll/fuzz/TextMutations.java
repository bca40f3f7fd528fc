package dev.unroll.fuzz;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Changes of files of lines: lines, columns, numbers, blanks, letters, the encoding. */
final class TextMutations {

  private static final List<String> NUMBERS =
      List.of(
          "1e39",
          "-1e39",
          "1e308",
          "1e309",
          "-1e999",
          "NaN",
          "nan",
          "Infinity",
          "-inf",
          "0x1p3",
          "1e-400",
          "-0",
          "0",
          "9223372036854775808",
          "2147483648",
          "-1",
          "1,5",
          "1.5f",
          "١٢٣",
          "½",
          "1_000",
          "+1",
          ".5",
          "5.",
          "1e",
          "--1",
          "99999999999999999999999999",
          "00000");

  private static final List<String> TEXTS =
      List.of(
          "",
          " ",
          "\"",
          "\"\"",
          "a\"b",
          "#",
          "# a = b",
          "-",
          "_",
          "<s>",
          "</s>",
          "<unk>",
          "<UNK>",
          "<EOS>",
          "\\data\\",
          "\\end\\",
          "\\1-grams:",
          "ngram 1=99999999",
          "\u0000",
          "\u001b[31m",
          "\u0007",
          "\u2028",
          "\u0085",
          "\ufeff",
          "\ufffd",
          "\u00a0",
          "\u3000",
          "\u202e",
          "👍",
          "e\u0301",
          "İ",
          "ß",
          "ﬁ",
          "𝕬",
          "1-2",
          "1.1",
          "B-",
          "I-X",
          "O",
          "|",
          "||",
          "{}",
          "[",
          "null",
          "2019-02-29",
          "2020-02-29",
          "0000-00-00",
          "9999-12-31",
          "-999999999-01-01",
          "2020-01-01T25:00",
          "1970",
          "+999999999-12-31T23:59:59",
          "../../etc/passwd",
          "/dev/zero",
          "%s%n",
          "${x}",
          "\\u0000");

  private static final List<String> SEPARATORS = List.of("\t", ",", ";", " ", "|", "\t\t", "  ");

  private static final List<Charset> CHARSETS =
      List.of(
          StandardCharsets.UTF_16LE,
          StandardCharsets.UTF_16BE,
          StandardCharsets.UTF_16,
          StandardCharsets.ISO_8859_1,
          Charset.forName("UTF-32"));

  /** A run of blanks or letters that quadratic code would take minutes for. */
  private static final int LONG = 100_000;

  private TextMutations() {}

  static byte[] mutate(byte[] seed, byte[] other, Dice dice) {
    if (dice.once(8)) {
      return ByteMutations.mutate(seed, other, dice);
    }
    var lines = new ArrayList<>(lines(seed));
    List<String> others = lines(other);
    for (int i = dice.few(4); i > 0; i--) {
      mutate(lines, others, dice);
    }
    return encoded(String.join(dice.once(16) ? "\r\n" : "\n", lines), dice);
  }

  private static List<String> lines(byte[] bytes) {
    return List.of(new String(bytes, StandardCharsets.UTF_8).split("\n", -1));
  }

  private static byte[] encoded(String text, Dice dice) {
    if (dice.once(24)) {
      return (dice.once(2) ? "\ufeff" + text : text).getBytes(dice.pick(CHARSETS));
    }
    String marked = dice.once(32) ? "\ufeff" + text : text;
    return marked.getBytes(StandardCharsets.UTF_8);
  }

  private static void mutate(List<String> lines, List<String> others, Dice dice) {
    int at = dice.below(lines.size());
    String line = lines.get(at);
    switch (dice.below(14)) {
      case 0 -> lines.remove(at);
      case 1 -> lines.add(at, dice.pick(lines));
      case 2 -> lines.add(at, dice.pick(others));
      case 3 -> lines.add(at, dice.pick(TEXTS));
      case 4 -> lines.set(at, dice.pick(others));
      case 5 -> lines.subList(at, lines.size()).clear();
      case 6 -> lines.set(at, line + dice.pick(SEPARATORS) + value(dice));
      case 7 -> lines.set(at, inserted(line, value(dice), dice));
      case 8 -> lines.set(at, inserted(line, longRun(dice), dice));
      case 9 -> lines.set(at, line.replace(dice.pick(SEPARATORS), dice.pick(SEPARATORS)));
      case 10 -> lines.replaceAll(each -> column(each, at, ""));
      default -> lines.set(at, column(line, dice.below(8), value(dice)));
    }
    if (lines.isEmpty()) {
      lines.add("");
    }
  }

  static String value(Dice dice) {
    return dice.once(2) ? dice.pick(NUMBERS) : dice.pick(TEXTS);
  }

  private static String longRun(Dice dice) {
    int length = dice.once(4) ? LONG : 1 + dice.below(300);
    return dice.pick(
            List.of(" ", "\t", "a", "9", "é", "\"", "#", "(", "👍", "\u00a0", ".", "a ", "e\u0301"))
        .repeat(length);
  }

  private static String inserted(String line, String part, Dice dice) {
    int at = dice.below(line.length() + 1);
    return line.substring(0, at) + part + line.substring(at);
  }

  /** Returns a line with another value in a column: between tabs, commas or blanks. */
  private static String column(String line, int number, String value) {
    String separator = line.contains("\t") ? "\t" : line.contains(",") ? "," : " ";
    String[] fields = line.split(separator, -1);
    fields[number % fields.length] = value;
    return String.join(separator, fields);
  }
}
