package dev.unroll;

import dev.unroll.text.Links;
import dev.unroll.text.table.TextTable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Texts with labels or values, from memory and from tables. Tables are read when training begins,
 * so that their columns may be named later.
 */
final class Rows {

  /** What messages call data that comes from no file. */
  private static final String MEMORY = "data";

  private TextTable table;
  private Links links = Links.WITHIN;
  private final Part learned = new Part();
  private final Part validation = new Part();

  /** Rows of tables that are usually read like this one. */
  Rows(TextTable table) {
    this.table = table;
  }

  /** What is learned from. */
  Part learned() {
    return learned;
  }

  /** What chooses the best model. */
  Part validation() {
    return validation;
  }

  /** Returns how tables are read. */
  TextTable table() {
    return table;
  }

  /** Decides how tables are read. */
  void table(TextTable value) {
    table = value;
  }

  /** Decides what becomes of symbolic links in folders. */
  void links(Links value) {
    links = value;
  }

  void text(String column) {
    table = table.withText(column);
  }

  void label(String column) {
    table = table.withLabel(column);
  }

  void separator(String value) {
    table = table.withSeparator(value);
  }

  /** Some of the data. */
  final class Part {

    private final List<Supplier<List<TextTable.Row>>> sources = new ArrayList<>();

    private Part() {}

    /** Adds tables and folders. */
    void files(Path... files) {
      if (files.length == 0) {
        return;
      }
      sources.add(() -> table.read(List.of(files), true, links));
    }

    /** Adds tables of a form, whatever they are called. */
    void files(TextTable.Form form, Path... files) {
      sources.add(() -> table.withForm(form).read(List.of(files), true, links));
    }

    /** Adds data from memory. */
    <T> void add(
        Iterable<T> data,
        Function<? super T, String> ofText,
        Function<? super T, ? extends Collection<String>> ofLabels) {
      var rows = new ArrayList<TextTable.Row>();
      for (T each : data) {
        rows.add(
            new TextTable.Row(
                MEMORY, rows.size() + 1L, ofText.apply(each), List.copyOf(ofLabels.apply(each))));
      }
      sources.add(() -> rows);
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
