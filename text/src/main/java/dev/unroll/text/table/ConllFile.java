package dev.unroll.text.table;

import dev.unroll.file.InputException;
import dev.unroll.file.Plural;
import dev.unroll.text.Held;
import dev.unroll.text.Lines;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * Tokens in columns, one per line, with a blank line after each sentence: the formats of the CoNLL
 * shared tasks (columns between blanks or tabs) and CoNLL-U (ten columns between tabs, comments,
 * words of several tokens and empty nodes). All lines are kept, so that a file can be written again
 * with a column added.
 */
public final class ConllFile {

  /** Columns of CoNLL-U. */
  private static final int UNIVERSAL = 10;

  /**
   * The first column of a line of CoNLL-U that is not a token: 3-4 of several tokens, 8.1 left out.
   */
  private static final Pattern NO_TOKEN = Pattern.compile("\\d+-\\d+|\\d+\\.\\d+");

  private static final Pattern NUMBER = Pattern.compile("\\d+");
  private static final Pattern BLANKS = Pattern.compile("[ \\t]+");

  private ConllFile() {}

  /**
   * A line.
   *
   * @param number its number in the file, from 1
   * @param text as it stands there
   * @param fields its columns; empty for a comment, for a word of several tokens, and for a node
   *     that the sentence leaves out
   */
  public record Line(long number, String text, List<String> fields) {
    /** Copies the list. */
    public Line {
      fields = List.copyOf(fields);
    }

    private long bytes() {
      return 2L * text.length() + (2L + fields.size()) * Held.OBJECT;
    }

    /** Returns whether it is a token. */
    public boolean isToken() {
      return !fields.isEmpty();
    }
  }

  /**
   * A sentence.
   *
   * @param file the file it is in
   * @param isUniversal whether that is CoNLL-U
   * @param lines its lines, comments included
   */
  public record Sentence(String file, boolean isUniversal, List<Line> lines) {
    /** Copies the list. */
    public Sentence {
      lines = List.copyOf(lines);
    }

    /** Returns the lines that are tokens. */
    public List<Line> tokens() {
      return lines.stream().filter(Line::isToken).toList();
    }

    /** Returns a column of all tokens, counted from 0. */
    public List<String> column(int column) {
      return tokens().stream().map(line -> line.fields().get(column)).toList();
    }
  }

  /**
   * Reads the sentences of a file, or of standard input for {@code -}. A file is CoNLL-U if its
   * first token has ten columns between tabs, of which the first is a number; and every token must
   * have as many columns as the first.
   *
   * @throws InputException if it cannot be read, has no token, or lines of unequal columns
   */
  public static List<Sentence> read(Path file) {
    var sentences = new ArrayList<Sentence>();
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
  public static void read(Path file, Consumer<Sentence> reader) {
    String name = Lines.nameOf(file);
    var reading = new Reading(name, reader);
    Lines.read(file, reading::take);
    reading.end();
    if (reading.columns == 0) {
      throw InputException.in(
          file, "has no token", "A line is a token's columns; a blank line ends a sentence.");
    }
  }

  /** A file half read. */
  private static final class Reading {
    private final String name;
    private final Consumer<Sentence> reader;
    private final List<Line> lines = new ArrayList<>();
    private long number;
    private int columns;
    private boolean universal;
    private boolean tokens;
    private Held held;

    Reading(String name, Consumer<Sentence> reader) {
      this.name = name;
      this.reader = reader;
      this.held = new Held(name, "A blank line ends a sentence.");
    }

    void take(String text) {
      number++;
      if (text.isBlank()) {
        endSentence();
        return;
      }
      if (text.startsWith("#") && (columns == 0 ? isComment(text) : universal)) {
        add(new Line(number, text, List.of()));
        return;
      }
      List<String> tabbed = Arrays.asList(text.split("\t", -1));
      if (columns == 0) {
        universal = tabbed.size() == UNIVERSAL && isNumbered(tabbed.getFirst());
      }
      List<String> fields = universal ? tabbed : Arrays.asList(BLANKS.split(text.strip()));
      if (columns == 0) {
        columns = fields.size();
      } else if (fields.size() != columns) {
        throw InputException.at(
            name,
            number,
            Plural.of(fields.size(), "column") + ", where the tokens before have " + columns,
            universal
                ? "A token of CoNLL-U has ten columns between tabs."
                : "Give every token the same columns, between blanks or tabs.");
      }
      boolean token = !universal || !NO_TOKEN.matcher(fields.getFirst()).matches();
      tokens |= token;
      add(new Line(number, text, token ? fields : List.of()));
    }

    private void add(Line line) {
      held.add(line.bytes());
      lines.add(line);
    }

    /** Before the first token: of columns between blanks it may be the token «#». */
    private static boolean isComment(String text) {
      boolean named = text.startsWith("# ") && text.contains("=") && !text.contains("\t");
      return named || text.startsWith("# newdoc") || text.startsWith("# newpar");
    }

    private static boolean isNumbered(String field) {
      return NUMBER.matcher(field).matches() || NO_TOKEN.matcher(field).matches();
    }

    void endSentence() {
      if (tokens) {
        end();
      }
    }

    void end() {
      if (!lines.isEmpty()) {
        reader.accept(new Sentence(name, universal, lines));
        lines.clear();
        tokens = false;
        held = new Held(name, "A blank line ends a sentence.");
      }
    }
  }
}
