package dev.unroll.tasks;

import dev.unroll.base.Workers;
import dev.unroll.data.Provenance;
import dev.unroll.model.Backtest;
import dev.unroll.model.Forecaster;
import dev.unroll.network.Relative;
import dev.unroll.result.ForecastScore;
import dev.unroll.result.Verdict;
import dev.unroll.result.Verdict.Scale;
import dev.unroll.task.forecast.ForecastSpec;
import dev.unroll.task.forecast.ForecasterRun;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/** Networks that forecast beside repeating what was. */
public final class ForecastVerdict {

  private ForecastVerdict() {}

  /**
   * Compares the model of a run with the simplest forecasts, on all series together that chose it:
   * by MASE, or by MAE where that is not defined.
   */
  public static Verdict of(ForecasterRun run, Forecaster model, Workers workers) {
    ForecastScore score = Backtest.of(model, run.data().validation(), workers);
    int horizon = model.forecasting().window().horizon();
    var own = score.measures(0, horizon);
    var naive = score.naive(0, horizon);
    var last = score.last(0, horizon);
    boolean scaled = !Double.isNaN(own.mase());
    double ofLast = scaled ? last.mase() : last.mae();
    double ofNaive = scaled ? naive.mase() : naive.mae();
    var baselines = new LinkedHashMap<String, Double>();
    if (model.season() > 1) {
      baselines.put("seasonal naive", ofNaive);
    }
    if (model.season() == 1 || ofLast != ofNaive) {
      baselines.put("last number", ofLast);
    }
    Verdict found =
        new Verdict(
                scaled ? "MASE" : "MAE",
                Scale.NUMBER,
                scaled ? own.mase() : own.mae(),
                baselines,
                0)
            .advised(run.advice(model.network().description().network(), further(model)));
    return relative(model, ofNaive < ofLast).map(found::advisedFirst).orElse(found);
  }

  /** Forecasts that begin where the better of the simple ones is are the first thing to try. */
  private static Optional<String> relative(Forecaster model, boolean naive) {
    ForecastSpec forecasting = model.forecasting();
    boolean seasonal =
        naive && model.season() > 1 && forecasting.window().context() >= model.season();
    Relative wanted = seasonal ? Relative.SEASON : Relative.LAST;
    if (forecasting.relative() == wanted) {
      return Optional.empty();
    }
    return Optional.of(
        seasonal
            ? "{relative season}, which starts from the seasonal naive forecast"
            : "{relative last}, which starts from the last number");
  }

  private static List<String> further(Forecaster model) {
    boolean timed = !model.provenance().text(Provenance.TIMES).isEmpty();
    return model.forecasting().known().isEmpty()
        ? List.of("further inputs: " + (timed ? "{calendar}, " : "") + "{known}")
        : List.of();
  }
}
