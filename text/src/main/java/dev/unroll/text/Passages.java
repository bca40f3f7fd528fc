package dev.unroll.text;

import com.ibm.icu.text.BreakIterator;
import com.ibm.icu.util.ULocale;
import dev.unroll.base.InputException;
import dev.unroll.base.Labeled;
import dev.unroll.file.Held;
import dev.unroll.result.Overview;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;

/** What counts as one sentence of a text for a language model. */
public enum Passages implements Labeled {
  /** Each line. */
  LINES,
  /** Each paragraph: lines up to a blank one are joined. */
  PARAGRAPHS,
  /**
   * Each sentence of a paragraph, by the rules of Unicode and the usual abbreviations of English,
   * such as {@code Mr.}.
   */
  SENTENCES;

  /** The name under which a model remembers what a sentence is. */
  public static final String KEPT = "passages";

  /** Rows that show whether lines are wrapped. */
  private static final int SAMPLE = 2000;

  private static final int LEAST = 40;

  /** Returns the passages with a label. */
  public static Passages of(String label) {
    return Labeled.of(
        values(), label, "no passages are called ", "Use lines, paragraphs or sentences.");
  }

  /**
   * Reads the passages of files and folders.
   *
   * @throws InputException if a file cannot be read
   */
  public List<String> read(List<Path> files) {
    var passages = new ArrayList<String>();
    for (Path file : Lines.files(files)) {
      var held = new Held(Lines.nameOf(file), "");
      read(
          file,
          passage -> {
            held.add(Held.OBJECT + passage.length());
            passages.add(passage);
          });
    }
    return passages;
  }

  private void read(Path file, Consumer<String> reader) {
    if (this == LINES) {
      Lines.read(file, reader);
      return;
    }
    var paragraph = new StringBuilder();
    Lines.read(
        file,
        line -> {
          if (line.isBlank()) {
            show(paragraph, reader);
          } else {
            join(paragraph, line.strip());
          }
        });
    show(paragraph, reader);
  }

  /** A hyphen at the end of a line belongs to the word; a dash does not. */
  private static void join(StringBuilder paragraph, String line) {
    int end = paragraph.length() - 1;
    boolean hyphen =
        end > 0
            && paragraph.charAt(end) == '-'
            && Character.isLetter(paragraph.charAt(end - 1))
            && Character.isLetter(line.codePointAt(0));
    if (end >= 0 && !hyphen) {
      paragraph.append(' ');
    }
    paragraph.append(line);
  }

  private void show(StringBuilder paragraph, Consumer<String> reader) {
    String text = paragraph.toString();
    paragraph.setLength(0);
    if (text.isEmpty()) {
      return;
    }
    if (this == PARAGRAPHS) {
      reader.accept(text);
      return;
    }
    var sentences = BreakIterator.getSentenceInstance(ULocale.forLanguageTag("en-u-ss-standard"));
    sentences.setText(text);
    int from = sentences.first();
    for (int to = sentences.next(); to != BreakIterator.DONE; to = sentences.next()) {
      String sentence = text.substring(from, to).strip();
      if (!sentence.isEmpty()) {
        reader.accept(sentence);
      }
      from = to;
    }
  }

  /**
   * Returns the column at which the lines of a file look wrapped, that is, hardly any line has room
   * for the first word of the next.
   */
  public static OptionalInt wrappedAt(Path file) {
    if (!Files.isRegularFile(file)) {
      return OptionalInt.empty(); // what is piped can be read once
    }
    var lines = new ArrayList<String>();
    Lines.first(file, SAMPLE, lines::add);
    int[] lengths =
        lines.stream()
            .filter(line -> !line.isBlank())
            .mapToInt(Passages::length)
            .sorted()
            .toArray();
    int column = lengths.length == 0 ? 0 : lengths[(int) ((lengths.length - 1) * 0.99)];
    if (column < 40 || column > 130) {
      return OptionalInt.empty();
    }
    int pairs = 0;
    int full = 0;
    for (int i = 1; i < lines.size(); i++) {
      if (!lines.get(i - 1).isBlank() && !lines.get(i).isBlank()) {
        String first = Arrays.asList(lines.get(i).strip().split("\\s", 2)).getFirst();
        pairs++;
        full += length(lines.get(i - 1)) + 1 + length(first) > column - 3 ? 1 : 0;
      }
    }
    return pairs >= LEAST && full >= 0.85 * pairs ? OptionalInt.of(column) : OptionalInt.empty();
  }

  /** Says which of some files, whose lines are read as sentences, looks wrapped, if any does. */
  public static Optional<Overview.Note> noteWrapped(List<Path> files) {
    for (Path file : files) {
      OptionalInt column = wrappedAt(file);
      if (column.isPresent()) {
        return Optional.of(
            new Overview.Note(
                String.format(
                    Locale.ROOT,
                    "the lines of %s look wrapped at column %d, but each is read as a sentence",
                    file,
                    column.getAsInt()),
                "try {split-sentences}, which finds their sentences, or {reading paragraphs}"));
      }
    }
    return Optional.empty();
  }

  private static int length(String line) {
    String own = line.stripTrailing();
    return own.codePointCount(0, own.length());
  }
}
