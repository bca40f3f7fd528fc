package dev.unroll.text.table;

import dev.unroll.base.InputException;
import dev.unroll.text.table.TextTable.Row;
import java.util.ArrayList;
import java.util.List;

/** Lines of fastText: labels that begin with {@code __label__}, and a text after them. */
final class FastText {

  private static final String MARK = "__label__";

  private FastText() {}

  /** Returns whether a line begins with a label. */
  static boolean begins(String line) {
    return line.stripLeading().startsWith(MARK);
  }

  /**
   * Reads a line.
   *
   * @param labeled whether its labels are wanted; it must have a text then
   */
  static Row row(String file, long line, String content, boolean labeled) {
    var labels = new ArrayList<String>();
    String rest = content.strip();
    while (rest.startsWith(MARK)) {
      int end = 0;
      while (end < rest.length() && !Character.isWhitespace(rest.charAt(end))) {
        end++;
      }
      String label = rest.substring(MARK.length(), end);
      if (label.isEmpty()) {
        throw InputException.at(file, line, "a label without a name", "Write " + MARK + "NAME.");
      }
      if (!labels.contains(label)) {
        labels.add(label);
      }
      rest = rest.substring(end).stripLeading();
    }
    if (!labeled) {
      return new Row(file, line, rest, List.of());
    }
    if (labels.isEmpty()) {
      throw InputException.at(
          file, line, "the line has no label", "Begin it with " + MARK + "NAME, as the others.");
    }
    if (rest.isEmpty()) {
      throw InputException.at(file, line, "the text is empty", "Take the line out.");
    }
    return new Row(file, line, rest, labels);
  }
}
