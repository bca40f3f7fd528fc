package dev.unroll.text.table;

import java.util.List;

/**
 * A sentence of a {@link ConllLine file of columns}.
 *
 * @param file the file it is in
 * @param isUniversal whether that is CoNLL-U
 * @param lines its lines, comments and blank lines included
 */
public record ConllSentence(String file, boolean isUniversal, List<ConllLine> lines) {
  /** Copies the list. */
  public ConllSentence {
    lines = List.copyOf(lines);
  }

  /** Returns the lines that are tokens. */
  public List<ConllLine> tokens() {
    return lines.stream().filter(ConllLine::isToken).toList();
  }

  /** Returns a column of all tokens, counted from 0. */
  public List<String> column(int column) {
    return tokens().stream().map(line -> line.fields().get(column)).toList();
  }
}
