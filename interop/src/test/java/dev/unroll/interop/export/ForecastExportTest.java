package dev.unroll.interop.export;

import dev.unroll.base.Direction;
import dev.unroll.network.Cells;
import dev.unroll.network.Network;
import dev.unroll.network.Regression;
import dev.unroll.network.Relative;
import dev.unroll.task.forecast.ForecastSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Forecasters of every kind, scaling included, run by ONNX Runtime. */
@ExtendWith(ExportTable.class)
class ForecastExportTest {

  private static final List<String> TARGETS = List.of("x", "y");
  private static final List<Regression> HEADS =
      List.of(
          Regression.SQUARED,
          Regression.ABSOLUTE,
          new Regression.Gaussian(),
          new Regression.Quantiles(List.of(0.1, 0.4, 0.9)));

  /** All ways to read the columns, relative to each thing. */
  private static List<ForecastSpec> specs(Relative relative, Regression head) {
    var all = new ArrayList<ForecastSpec>();
    var window = new ForecastSpec.Window(6, 4, 2);
    for (boolean masked : new boolean[] {false, true}) {
      for (boolean perTarget : new boolean[] {false, true}) {
        for (var known : List.of(List.<String>of(), List.of("k", "l"))) {
          for (var observed : List.of(List.<String>of(), List.of("o"))) {
            all.add(spec(observed, known, window, relative, false, perTarget, head, masked));
          }
          if (!(head instanceof Regression.Quantiles)) {
            all.add(spec(List.of(), known, window, relative, true, perTarget, head, masked));
          }
        }
      }
    }
    return all;
  }

  private static ForecastSpec spec(
      List<String> observed,
      List<String> known,
      ForecastSpec.Window window,
      Relative relative,
      boolean recursive,
      boolean perTarget,
      Regression head,
      boolean masked) {
    return new ForecastSpec(
        TARGETS, observed, known, window, relative, recursive, perTarget, head, masked);
  }

  private static List<String> labels(ForecastSpec spec, Network network) {
    var more = new ArrayList<String>();
    more.add("relative to " + spec.relative().name().toLowerCase(Locale.ROOT));
    more.add("head: " + head(spec.head()));
    more.add(spec.recursive() ? "recursive" : "direct");
    if (spec.perTarget()) {
      more.add("each target a sequence");
    }
    if (spec.masked()) {
      more.add("missing numbers");
    }
    if (!spec.known().isEmpty()) {
      more.add("known columns");
    }
    if (!spec.observed().isEmpty()) {
      more.add("observed columns");
    }
    return ExportTable.labels(network, more.toArray(String[]::new));
  }

  private static String head(Regression head) {
    return switch (head) {
      case Regression.Gaussian gaussian -> "Gaussian";
      case Regression.Quantiles quantiles -> "quantiles";
      default -> head == Regression.SQUARED ? "squared error" : "absolute error";
    };
  }

  private static void check(ForecastSpec spec, Network network, int season, boolean streaming) {
    var model = RandomModels.forecaster(spec, network, season);
    Judged.check(ForecastExport.write(model, new Form(17, streaming)), labels(spec, network));
  }

  @ParameterizedTest
  @EnumSource
  void everyWayToForecastGivesTheSame(Relative relative) {
    for (Regression head : HEADS) {
      for (ForecastSpec spec : specs(relative, head)) {
        if (!(head instanceof Regression.Gaussian) && spec.masked() != spec.perTarget()) {
          continue; // heads know nothing of these
        }
        check(spec, Network.gru(4).withEmbedding(3), 3, false);
      }
    }
  }

  static List<Network> networks() {
    return List.of(
        Network.lstm(4, 4).withResidual(true).withLearnedStart(true),
        Network.of(Cells.LSTM_PEEPHOLES_BEFORE, 5).withProjection(3),
        Network.of(Cells.MIN_GRU, 4, 4).withResidual(true).withLearnedStart(true));
  }

  @ParameterizedTest
  @MethodSource("networks")
  void everyWayWorksWithLayersOfEachKind(Network network) {
    for (ForecastSpec spec : specs(Relative.WINDOW, Regression.SQUARED)) {
      var layers = network.withEmbedding(2);
      check(spec, layers, 3, false);
      if (spec.perStep() || !spec.masked()) {
        check(spec, layers, 3, true);
      }
      check(spec, layers.withDirection(Direction.BOTH), 3, false);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Relative.class,
      names = {"NOTHING"})
  void knownColumnsAreEnough(Relative relative) {
    var window = new ForecastSpec.Window(0, 4, 2);
    var spec =
        spec(List.of(), List.of("k"), window, relative, false, false, HEADS.getFirst(), false);
    check(spec, Network.gru(4), 3, false);
  }

  @ParameterizedTest
  @EnumSource(
      value = Relative.class,
      names = {"SEASON", "LAST"})
  void oneStepAheadIsEnough(Relative relative) {
    var window = new ForecastSpec.Window(5, 1, 1);
    for (boolean recursive : new boolean[] {false, true}) {
      var spec = spec(List.of(), List.of(), window, relative, recursive, true, HEADS.get(2), false);
      check(spec, Network.gru(4), 5, false);
    }
  }
}
