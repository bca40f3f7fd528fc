package dev.unroll.text.table;

import dev.unroll.measure.EditDistance;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The names of columns, as people write them: white space around them, quotes, upper and lower case
 * and the mark of an encoding make no difference.
 *
 * @param names the names as they stand there
 */
record ColumnNames(List<String> names) {

  private static final String MARK = "\uFEFF";

  /** Returns a name without what makes no difference. */
  static String plain(String name) {
    String plain = name.replace(MARK, "").strip();
    if (plain.length() > 1 && plain.startsWith("\"") && plain.endsWith("\"")) {
      plain = plain.substring(1, plain.length() - 1).strip();
    }
    return plain.toLowerCase(Locale.ROOT);
  }

  /** Returns the names as they are shown. */
  List<String> listed() {
    return names.stream().map(String::strip).toList();
  }

  /** Returns the places of the columns that are called so: exactly, or else in plain letters. */
  List<Integer> places(String wanted) {
    var exact = new ArrayList<Integer>();
    var alike = new ArrayList<Integer>();
    for (int i = 0; i < names.size(); i++) {
      if (names.get(i).equals(wanted)) {
        exact.add(i);
      } else if (plain(names.get(i)).equals(plain(wanted))) {
        alike.add(i);
      }
    }
    return exact.isEmpty() ? alike : exact;
  }

  /** Returns the places of the columns that are called like one of {@code usual}. */
  List<Integer> usual(List<String> usual) {
    var found = new ArrayList<Integer>();
    for (int i = 0; i < names.size(); i++) {
      if (usual.contains(plain(names.get(i)))) {
        found.add(i);
      }
    }
    return found;
  }

  /** Returns whether there is a column that is called so, or like one of {@code usual}. */
  boolean have(String wanted, List<String> usual) {
    return !places(wanted).isEmpty() || !usual(usual).isEmpty();
  }

  /** Returns the name that somebody may have meant: one with few other letters. */
  Optional<String> meant(String wanted) {
    String best = null;
    int least = 1 + wanted.length() / 4;
    for (String each : names) {
      int distance = distance(plain(wanted), plain(each));
      if (distance <= least && !each.isBlank()) {
        least = distance - 1;
        best = each.strip();
      }
    }
    return Optional.ofNullable(best);
  }

  private static int distance(String a, String b) {
    return EditDistance.of(a.codePoints().boxed().toList(), b.codePoints().boxed().toList());
  }

  /** What people call the columns of texts, labels and values. */
  static final class Usual {

    static final List<String> TEXTS =
        List.of(
            "text",
            "review",
            "comment",
            "sentence",
            "body",
            "content",
            "message",
            "tweet",
            "utterance",
            "question",
            "post",
            "document",
            "description",
            "texts",
            "sentences");

    static final List<String> LABELS =
        List.of(
            "label",
            "class",
            "category",
            "sentiment",
            "target",
            "labels",
            "categories",
            "topic",
            "intent",
            "polarity",
            "emotion",
            "classes",
            "queue");

    static final List<String> VALUES =
        List.of("value", "score", "rating", "stars", "target", "label", "price", "grade", "y");

    static final List<String> SOURCES = List.of("source", "src", "input", "word");

    static final List<String> TARGETS =
        List.of("target", "tgt", "output", "reference", "translation", "pronunciation");

    private Usual() {}

    /** Returns the names for the same as a usual one; none where the name is nobody else's. */
    static List<String> of(String name, List<String> usual) {
      return usual.getFirst().equals(ColumnNames.plain(name)) ? usual : List.of();
    }

    /** Returns the names for the same as that of a column of answers: labels, or values. */
    static List<String> ofAnswers(String name) {
      List<String> values = of(name, VALUES);
      return values.isEmpty() ? of(name, LABELS) : values;
    }
  }
}
