package dev.unroll.cli.forecast;

import dev.unroll.model.Forecaster;
import dev.unroll.text.Gaps;
import dev.unroll.text.table.SeriesReading;
import dev.unroll.text.table.SeriesTable;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How a model's series are read again: as for its training, by default. */
final class SeriesOptions {

  @Mixin FormOptions form = new FormOptions();

  @Option(
      names = "--gaps",
      paramLabel = "HOW",
      description =
          "What to do with missing rows and numbers: refuse, fill (interpolates), mask or"
              + " skip. Default: as in training.")
  @Nullable String gaps;

  @Option(
      names = "--rows",
      paramLabel = "FROM..TO",
      defaultValue = "..",
      description = RowRange.DESCRIPTION + ". Default: all.")
  String rows = "..";

  /** Returns how a model's series are read. */
  SeriesReading reading(Forecaster model) {
    SeriesReading reading = SeriesReading.of(model.provenance());
    reading = reading.withForm(form.form().or(reading.form()));
    return gaps == null ? reading : reading.withGaps(Gaps.of(gaps));
  }

  /** Reads the rows that are asked for, and those before them, of each series of a file. */
  List<RowRange.Part> parts(Forecaster model, Path file, PrintWriter err) {
    RowRange range = RowRange.of(rows);
    List<SeriesTable> tables =
        reading(model).tables(file, name -> err.println("left out: " + name + " has one row"));
    return SeriesReading.ofEach(tables, range::of, err::println);
  }
}
