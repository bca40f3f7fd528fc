package dev.unroll;

import dev.unroll.base.InputException;
import dev.unroll.file.MemoryData;
import dev.unroll.text.Lines;
import dev.unroll.text.table.TextReading;
import dev.unroll.text.table.TextTable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Texts with labels or values, from memory and from tables. Tables are read when training begins,
 * so that their columns may be named later.
 */
final class Rows {

  private TextTable table;
  private Lines.Links links = Lines.Links.WITHIN;
  private TextTable.Answers answers = TextTable.Answers.LABELS;
  private @Nullable TextReading reading;
  private Consumer<String> notes = note -> {};
  private final Part learned = new Part(false);
  private final Part validation = new Part(true);

  /** Rows of tables that are usually read like this one. */
  Rows(TextTable table) {
    this.table = table;
  }

  /** Expects other answers than labels. */
  Rows answers(TextTable.Answers kind) {
    answers = kind;
    reading = null;
    return this;
  }

  /** What is learned from. */
  Part learned() {
    return learned;
  }

  /** What chooses the best model. */
  Part validation() {
    return validation;
  }

  /** Returns how tables are read, as it was found in those that were read. */
  TextTable table() {
    return reading == null ? table : reading.table();
  }

  /** Decides what receives notes of what was found in tables, with options as Java calls them. */
  void notes(Consumer<String> receiver) {
    Objects.requireNonNull(receiver, "receiver");
    reportTo(note -> receiver.accept(InputException.worded(note)));
  }

  /** Decides what receives such notes, with each option as {@code option} words it. */
  void notes(Consumer<String> receiver, UnaryOperator<String> option) {
    Objects.requireNonNull(receiver, "receiver");
    Objects.requireNonNull(option, "option");
    reportTo(note -> receiver.accept(InputException.worded(note, option)));
  }

  private void reportTo(Consumer<String> value) {
    notes = value;
    reading = null;
  }

  private TextReading reading() {
    if (reading == null) {
      reading = new TextReading(table, links, notes).answers(answers);
    }
    return reading;
  }

  /** Sets how tables are read. */
  void table(TextTable how) {
    table = Objects.requireNonNull(how, "how");
    reading = null;
  }

  /** Decides what becomes of symbolic links in folders. */
  void links(Lines.Links how) {
    links = Objects.requireNonNull(how, "how");
    reading = null;
  }

  void text(String column) {
    table(table.withNamed(TextTable.TEXT, Objects.requireNonNull(column, "column")));
  }

  void delimiter(char between) {
    table(table.withDelimiter(between));
  }

  /** Names the column of the labels, by an option or a method of that name. */
  void label(String option, String column) {
    table(table.withNamed(option, Objects.requireNonNull(column, "column")));
  }

  /** Names the column of weights. */
  void weight(String column) {
    table(table.withAside(table.aside().withWeight(Objects.requireNonNull(column, "column"))));
  }

  /** Refuses groups, which decide what is held out, where that is other data. */
  static void checkNoGroups(TextTable.Aside aside) {
    if (aside.group() != null) {
      throw new InputException(
          "groups do nothing where other data is validated on", "Leave out {group}, or {valid}.");
    }
  }

  /** Names the column of groups. */
  void group(String column) {
    table(table.withAside(table.aside().withGroup(Objects.requireNonNull(column, "column"))));
  }

  void separator(String between) {
    table(table.withSeparator(Objects.requireNonNull(between, "between")));
  }

  /** Returns something of an object that is not null: refused as an empty field of a file is. */
  static <V> V present(long row, String what, @Nullable V value) {
    if (value == null) {
      throw missing(row, what, "null");
    }
    return value;
  }

  /** Returns a text of an object that is neither null nor blank. */
  static String filled(long row, String what, @Nullable String value) {
    String text = present(row, what, value);
    if (text.isBlank()) {
      throw missing(row, what, "empty");
    }
    return text;
  }

  /** Returns the only label of an object as a list, which may hold null. */
  static <T> Function<T, List<String>> single(Function<? super T, String> label) {
    Objects.requireNonNull(label, "label");
    return each -> Collections.singletonList(label.apply(each));
  }

  /** Refuses an object that lacks something. */
  static InputException missing(long row, String what, String how) {
    return MemoryData.unusable(row, "the " + what + " is " + how);
  }

  /** Some of the data. */
  final class Part {

    private final List<Supplier<List<TextTable.Row>>> sources = new ArrayList<>();

    /** Whether nothing, where it is given, is something: it is refused instead of left out. */
    private final boolean keepsNothing;

    private Part(boolean keepsNothing) {
      this.keepsNothing = keepsNothing;
    }

    /** Adds tables and folders. */
    void files(Path... files) {
      List<Path> all = Arguments.all("files", files);
      if (!all.isEmpty()) {
        sources.add(() -> reading().rows(all, true));
      }
    }

    /** Adds tables of a form, whatever they are called. */
    void files(TextTable.Form form, Path... files) {
      List<Path> all = Arguments.all("files", files);
      if (!all.isEmpty()) {
        sources.add(() -> reading().rows(form, all));
      }
    }

    /** Adds data from memory. */
    <T> void add(
        Iterable<T> data,
        Function<? super T, String> ofText,
        Function<? super T, ? extends Collection<String>> ofLabels) {
      Objects.requireNonNull(ofText, "text");
      var rows = new ArrayList<TextTable.Row>();
      for (T each : data) {
        long row = rows.size() + 1L;
        String text = filled(row, "text", ofText.apply(present(row, "object", each)));
        var labels = new ArrayList<String>();
        present(row, "list of labels", ofLabels.apply(each))
            .forEach(label -> labels.add(filled(row, table.label(), label)));
        rows.add(new TextTable.Row(MemoryData.NAME, row, text, labels));
      }
      if (keepsNothing || !rows.isEmpty()) {
        sources.add(() -> rows);
      }
    }

    boolean isEmpty() {
      return sources.isEmpty();
    }

    /** Reads all. */
    List<TextTable.Row> read() {
      return sources.stream().flatMap(source -> source.get().stream()).toList();
    }
  }
}
