package dev.unroll.cli.command;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A description in a line: its first sentence and the default. What does not fit is left out in
 * this order: the default's conditions, what stands in parentheses, the default, further clauses.
 */
final class BriefText {

  private static final String DEFAULT = "Default: ";

  /** A sentence ends with a full stop before a capital letter. */
  private static final Pattern END_OF_SENTENCE = Pattern.compile("(?<=[.])\\s+(?=[A-Z])");

  private static final Pattern PARENTHESIS = Pattern.compile(" \\([^()]*\\)");

  /** Where the first clause of a sentence ends, so that it says something by itself. */
  private static final Pattern END_OF_CLAUSE = Pattern.compile("(; |: |, (?!or |and )| \\()");

  private static final Pattern COMMA = Pattern.compile(", ");

  private BriefText() {}

  /** Returns the text for so many columns; more where its first clause is wider. */
  static String of(String description, int width) {
    List<String> sentences =
        Stream.of(END_OF_SENTENCE.split(description, -1)).map(String::strip).toList();
    String first = sentences.getFirst();
    String usual =
        sentences.stream()
            .skip(1)
            .filter(each -> each.startsWith(DEFAULT))
            .map(each -> " " + each)
            .findFirst()
            .orElse("");
    String shortUsual =
        usual.isEmpty() ? "" : " " + DEFAULT + clause(usual.substring(1 + DEFAULT.length()));
    String plain = PARENTHESIS.matcher(first).replaceAll("");
    return Stream.of(
            first + usual,
            first + shortUsual,
            plain + shortUsual,
            first,
            plain,
            clause(plain) + shortUsual,
            clause(plain))
        .filter(each -> each.length() <= width)
        .findFirst()
        .orElseGet(() -> upTo(COMMA, plain));
  }

  /** Returns the first clause of a sentence, as a sentence. */
  private static String clause(String sentence) {
    return upTo(END_OF_CLAUSE, sentence);
  }

  private static String upTo(Pattern boundary, String sentence) {
    Matcher end = boundary.matcher(sentence);
    return end.find() ? sentence.substring(0, end.start()) + "." : sentence;
  }
}
