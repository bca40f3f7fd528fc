package dev.unroll.batch;

import dev.unroll.base.InputException;
import dev.unroll.data.Measurements;
import dev.unroll.data.Provenance;
import dev.unroll.data.Series;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Reads measurements for a model, as those that it was trained on. Found by {@link
 * java.util.ServiceLoader}, so that {@code core} need not know the module that reads tables.
 */
public interface SeriesFormat {

  /**
   * What is read.
   *
   * @param model what the model says of how its series were read
   * @param columns the columns that it reads, those of the calendar among them
   * @param open those of which the last rows may have no number: what is to be forecast
   * @param further rows after the last, of which nothing but the calendar is known
   */
  record Wanted(Provenance model, List<String> columns, List<String> open, int further) {
    /** Copies the lists. */
    public Wanted {
      columns = List.copyOf(columns);
      open = List.copyOf(open);
    }
  }

  /**
   * Reads a file.
   *
   * @throws InputException if it cannot be read, or a column, a row or a number is missing
   */
  Series.Timed read(Path file, Wanted wanted);

  /**
   * Reads a text as a table of one series.
   *
   * @param name what messages call it
   * @throws InputException if a column, a row or a number is missing
   */
  Series.Timed read(String name, String text, Wanted wanted);

  /**
   * Reads the series of a file, by their names, in their order; one without a name where no column
   * names them.
   *
   * @throws InputException if it cannot be read, or a column, a row or a number is missing
   */
  Map<String, Series.Timed> readEach(Path file, Wanted wanted);

  /**
   * Reads measurements from memory.
   *
   * @throws InputException if a column, a row or a number is missing
   */
  Series.Timed read(Measurements<?> rows, Wanted wanted);

  /**
   * Returns what reads measurements, found by the class loader of this type.
   *
   * @throws InputException if there is none
   */
  static SeriesFormat find() {
    return Services.of(SeriesFormat.class).stream()
        .findFirst()
        .orElseThrow(
            () ->
                new InputException(
                    "nothing on the class path reads measurements", "Add the module unroll-text."));
  }
}
