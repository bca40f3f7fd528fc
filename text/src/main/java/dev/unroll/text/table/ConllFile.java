package dev.unroll.text.table;

import dev.unroll.base.InputException;
import dev.unroll.file.Held;
import dev.unroll.text.Lines;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Tokens in columns, one per line, with a blank line after each sentence: the formats of the CoNLL
 * shared tasks and CoNLL-U (ten columns between tabs, words of several tokens and empty nodes).
 * Where lines have tabs, tabs alone separate columns; otherwise blanks do. All lines are kept, so
 * that a file can be written again with a column added.
 *
 * <p>A file is CoNLL-U if its first token has ten columns between tabs, of which the first is a
 * number; each line that begins with # is a comment then. In other files # may be a token: a
 * comment begins with # and a blank or tab, stands before a sentence, and has other columns than
 * tokens have, or the form {@code # name = value}.
 */
public final class ConllFile {

  private ConllFile() {}

  /**
   * Reads the sentences of a file, or of standard input for {@code -}.
   *
   * @throws InputException if it cannot be read, has no token, or lines of unequal columns
   */
  public static List<ConllSentence> read(Path file) {
    var sentences = new ArrayList<ConllSentence>();
    var held = new Held(Lines.nameOf(file), "");
    read(
        file,
        sentence -> {
          sentence.lines().forEach(line -> held.add(line.bytes()));
          if (!sentence.tokens().isEmpty()) {
            sentences.add(sentence);
          }
        });
    return sentences;
  }

  /**
   * Shows the sentences of a file to {@code reader} as soon as they are read, as {@link
   * #read(Path)} returns them; and at the end lines that belong to no sentence, as one without
   * tokens.
   */
  public static void read(Path file, Consumer<ConllSentence> reader) {
    var reading = new ConllReading(Lines.nameOf(file), reader);
    Lines.read(file, reading::take);
    if (!reading.end()) {
      throw InputException.in(
          file, "has no token", "A line is a token's columns; a blank line ends a sentence.");
    }
  }
}
