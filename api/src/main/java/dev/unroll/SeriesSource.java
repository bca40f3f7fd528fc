package dev.unroll;

import dev.unroll.data.Measurements;
import dev.unroll.text.table.SeriesReading;
import dev.unroll.text.table.SeriesTable;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/** Where series come from. */
interface SeriesSource {
  /** Reads them; {@code left} receives a line for each that is left out. */
  List<SeriesTable> tables(SeriesReading how, Consumer<String> left);

  static SeriesSource of(Path file) {
    return (how, left) ->
        how.tables(file, name -> left.accept("series " + name + " has one row and is left out"));
  }

  static SeriesSource of(Measurements<?> rows) {
    return (how, left) -> List.of(how.table(rows));
  }
}
