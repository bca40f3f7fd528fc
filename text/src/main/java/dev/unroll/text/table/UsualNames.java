package dev.unroll.text.table;

import java.util.List;

/** What people call the columns of texts, labels and values. */
final class UsualNames {

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

  private UsualNames() {}

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
