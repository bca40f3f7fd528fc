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
          "Time column, or none if rows have no times and are one step apart. Default: the"
              + " first column with times.")
  @Nullable String time;

  @Option(
      names = "--time-format",
      paramLabel = "PATTERN",
      description =
          "Format of times, such as dd-MM-yyyy HH:mm, epoch-seconds or epoch-milliseconds."
              + " Default: found from the column: 1949-01-31 23:59, 31.01.1949, 1/31/1949, 1949Q1,"
              + " 1949-W05, Jan 1949 and others.")
  @Nullable String format;

  @Mixin private DelimiterOption delimiter = new DelimiterOption();

  @Option(
      names = "--decimal-comma",
      negatable = true,
      description =
          "Whether decimals follow a comma: 1.234,5. Default: found from the numbers in the file.")
  @Nullable Boolean comma;

  @Option(
      names = "--series",
      paramLabel = "COLUMN",
      description =
          "Column that names the series of a row, if a file has several; none if all rows are"
              + " one series. Default: none, or as for the model.")
  @Nullable String series;

  @Option(
      names = "--time-zone",
      paramLabel = "ZONE",
      description =
          "Time zone of local times, such as Europe/Berlin: one hour is missing in spring,"
              + " and one occurs twice in autumn. Default: times have no daylight saving time.")
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
