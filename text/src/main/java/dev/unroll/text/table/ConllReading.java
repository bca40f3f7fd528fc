package dev.unroll.text.table;

import dev.unroll.base.InputException;
import dev.unroll.batch.WhiteSpace;
import dev.unroll.file.Held;
import dev.unroll.file.Plural;
import dev.unroll.text.table.ConllLine.Kind;
import dev.unroll.text.table.ConllLine.Separator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * A file of columns half read. Its first token decides how it is read. Lines before that which
 * begin with # may be comments or tokens, and wait until then.
 */
final class ConllReading {

  /** Columns of CoNLL-U. */
  private static final int UNIVERSAL = 10;

  private static final Pattern NUMBER = Pattern.compile("\\d+");

  /** The first column of a line of CoNLL-U that is not a token. */
  private static final Pattern NODE = Pattern.compile("\\d+-\\d+|\\d+\\.\\d+");

  /** A hashtag is not a comment: there is a blank after #. */
  private static final Pattern COMMENT = Pattern.compile("#+[ \t]");

  private static final Pattern NAMED =
      Pattern.compile("#[ \t]*[A-Za-z_][\\w.:-]* = |# new(doc|par)\\b|#(begin|end) document\\b");

  /** Of as many columns as tokens have: # id 7b34 (tab) domain=en, or the address of the source. */
  private static final Pattern TELLING = Pattern.compile("#+( [^\t]*\t|[ \t]+[a-z]+://)");

  /** The first column of a line between the documents of CoNLL-2003. */
  private static final String DOCUMENT = "-DOCSTART-";

  /** A byte order mark is where files were put together. */
  private static final String MARK = "\uFEFF";

  private final String name;
  private final Consumer<ConllSentence> reader;
  private final List<String> waiting = new ArrayList<>();
  private final List<ConllLine> lines = new ArrayList<>();
  private long number;
  private int decider;
  private int columns;
  private boolean hasToken;
  private boolean universal;
  private Separator separator = Separator.BLANKS;
  private Held held;

  ConllReading(String name, Consumer<ConllSentence> reader) {
    this.name = name;
    this.reader = reader;
    this.held = none();
  }

  void take(String text) {
    if (columns > 0) {
      place(text);
      return;
    }
    held.add(2L * text.length() + Held.OBJECT);
    waiting.add(text);
    String content = content(text);
    if (!isBlank(content) && !content.startsWith("#") && !content.startsWith(DOCUMENT)) {
      decide(waiting.size() - 1);
    }
  }

  /** Shows the last lines, and returns whether there was a token in the file. */
  boolean end() {
    for (int i = 0; columns == 0 && i < waiting.size(); i++) {
      String content = content(waiting.get(i));
      if (!isBlank(content) && !NAMED.matcher(content).lookingAt()) {
        decide(i);
      }
    }
    show();
    return columns > 0;
  }

  private static String content(String text) {
    return text.startsWith(MARK) ? text.substring(MARK.length()) : text;
  }

  /** Other white space alone is a blank line where tokens have several columns. */
  private boolean isBlank(String content) {
    return ConllLine.isBlank(content) || (columns != 1 && content.chars().allMatch(WhiteSpace::is));
  }

  private void decide(int line) {
    String content = content(waiting.get(line));
    List<String> tabbed = Separator.TABS.fields(content);
    universal =
        tabbed.size() >= UNIVERSAL
            && isNumbered(tabbed.getFirst())
            && tabbed.subList(UNIVERSAL, tabbed.size()).stream().allMatch(ConllLine::isBlank);
    boolean tabs = universal || ConllLine.strip(content).contains("\t");
    separator = tabs ? Separator.TABS : Separator.BLANKS;
    columns = universal ? UNIVERSAL : withoutEnd(separator.fields(content), 1).size();
    decider = line + 1;
    waiting.forEach(this::place);
    waiting.clear();
  }

  private static boolean isNumbered(String field) {
    return NUMBER.matcher(field).matches() || NODE.matcher(field).matches();
  }

  /** Without empty columns at the end, as far as there are more than {@code least}. */
  private static List<String> withoutEnd(List<String> fields, int least) {
    int size = fields.size();
    while (size > least && ConllLine.isBlank(fields.get(size - 1))) {
      size--;
    }
    return fields.subList(0, size);
  }

  private void place(String text) {
    number++;
    String content = content(text);
    if (isBlank(content)) {
      add(text, Kind.BLANK, List.of());
      if (hasToken) {
        show();
      }
      return;
    }
    List<String> fields = withoutEnd(separator.fields(content), columns);
    if (isComment(content, fields)) {
      add(text, Kind.COMMENT, List.of());
      return;
    }
    if (fields.size() != columns) {
      throw unequal(content, fields.size());
    }
    boolean node = universal && NODE.matcher(fields.getFirst()).matches();
    hasToken |= !node;
    add(text, node ? Kind.NODE : Kind.TOKEN, fields);
  }

  private void add(String text, Kind kind, List<String> fields) {
    var line = new ConllLine(number, text, kind, separator, fields);
    held.add(line.bytes());
    lines.add(line);
  }

  private void show() {
    if (!lines.isEmpty()) {
      reader.accept(new ConllSentence(name, universal, lines));
      lines.clear();
      hasToken = false;
      held = none();
    }
  }

  private Held none() {
    return new Held(name, "A blank line ends a sentence.");
  }

  private boolean isComment(String content, List<String> fields) {
    if (universal) {
      return content.startsWith("#");
    }
    boolean unequal = fields.size() != columns;
    if (content.startsWith(DOCUMENT)) {
      return unequal && !hasToken;
    }
    if (!content.startsWith("#") || hasToken) {
      return false;
    }
    if (content.equals("#")) { // a line without text between others of a license
      return unequal && !lines.isEmpty() && lines.getLast().kind() == Kind.COMMENT;
    }
    return NAMED.matcher(content).lookingAt()
        || (unequal ? COMMENT : TELLING).matcher(content).lookingAt();
  }

  private InputException unequal(String content, int count) {
    String what =
        String.format(
            Locale.ROOT,
            "%s, where the tokens %s have %d",
            Plural.of(count, "column"),
            number < decider ? "after it" : "before",
            columns);
    boolean tabs = content.contains("\t");
    if (content.startsWith("#")) {
      what += "; it looks like a comment";
      return error(
          what,
          "A comment begins with # and a blank, and stands before a sentence, after a blank line; a"
              + " token has the same columns as the others.");
    }
    if (universal) {
      return error(
          what + (tabs ? "" : "; it has no tabs"),
          "A token of CoNLL-U has ten columns between tabs.");
    }
    if (tabs != (separator == Separator.TABS)) {
      what += tabs ? "; it has tabs, and they have none" : "; it has no tabs, and they have";
      return error(
          what, "Put tabs between the columns of all lines, or blanks between those of all lines.");
    }
    var strange = content.codePoints().filter(ConllReading::isStrange).findFirst();
    if (count < columns && strange.isPresent()) {
      what += String.format(Locale.ROOT, "; U+%04X in it separates no columns", strange.getAsInt());
    }
    return error(
        what,
        count > columns && !tabs
            ? "Give every token the same columns; where tokens have blanks in them, put tabs between the columns."
            : "Give every token the same columns, between blanks or tabs.");
  }

  private InputException error(String problem, String fix) {
    return InputException.at(name, number, problem, fix);
  }

  /** White space other than blanks and tabs, and characters that nobody sees. */
  private static boolean isStrange(int character) {
    boolean separates = character == ' ' || character == '\t';
    return !separates
        && (WhiteSpace.is(character) || Character.getType(character) == Character.FORMAT);
  }
}
