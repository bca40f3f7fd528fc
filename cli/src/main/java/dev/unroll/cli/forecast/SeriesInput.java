package dev.unroll.cli.forecast;

import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Parameters;

/** A model of forecasts, and a series. */
final class SeriesInput {

  @Parameters(index = "0", paramLabel = "MODEL", description = "A model of forecast train.")
  Path model = Path.of("");

  @Parameters(index = "1", paramLabel = "FILE", description = "A series, as for training.")
  Path series = Path.of("");

  /** Returns both files. */
  List<Path> files() {
    return List.of(model, series);
  }
}
