package dev.unroll.cli.forecast;

import dev.unroll.ForecasterTrainer;
import dev.unroll.cli.option.DelimiterOption;
import dev.unroll.cli.option.KeptInModel;
import dev.unroll.text.table.SeriesForm;
import java.time.ZoneId;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How files of measurements are written, where that is not found from them. */
@KeptInModel
final class FormOptions {

  @Option(
      names = "--time",
      paramLabel = "COLUMN",
      description =
          "The column of times, or none where the rows have no times and are a step apart. Default: the first"
              + " that has times.")
  @Nullable String time;

  @Option(
      names = "--time-format",
      paramLabel = "PATTERN",
      description =
          "How times are written, such as dd-MM-yyyy HH:mm, epoch-seconds or epoch-milliseconds. Default: found"
              + " from the column: 1949-01-31 23:59, 31.01.1949, 1/31/1949, 1949Q1, 1949-W05, Jan 1949 and others.")
  @Nullable String format;

  @Mixin private DelimiterOption delimiter = new DelimiterOption();

  @Option(
      names = "--decimal-comma",
      negatable = true,
      description =
          "Whether a comma stands before decimals: 1.234,5. Default: found from the numbers of the file.")
  @Nullable Boolean comma;

  @Option(
      names = "--series",
      paramLabel = "COLUMN",
      description =
          "The column that says of which series a row is, where a file has several; none where all are"
              + " one. Default: none, or as for the model.")
  @Nullable String series;

  @Option(
      names = "--time-zone",
      paramLabel = "ZONE",
      description =
          "The zone whose clocks show the times, such as Europe/Berlin: one hour is left out in spring,"
              + " and one is there twice in autumn. Default: times have no daylight saving time.")
  @Nullable String zone;

  /** Returns what was given. */
  SeriesForm form() {
    return new SeriesForm(time, format, delimiter.character(), comma, series, zone, Set.of());
  }

  /** Passes what was given to a trainer. */
  void choose(ForecasterTrainer trainer) {
    SeriesForm said = form();
    ifSaid(said.time(), trainer::time);
    ifSaid(said.format(), trainer::timeFormat);
    ifSaid(said.delimiter(), trainer::delimiter);
    ifSaid(said.decimalComma(), trainer::decimalComma);
    ifSaid(said.series(), trainer::series);
    ifSaid(said.zone(), name -> trainer.timeZone(ZoneId.of(name)));
  }

  private static <T> void ifSaid(@Nullable T value, Consumer<T> option) {
    if (value != null) {
      option.accept(value);
    }
  }
}
