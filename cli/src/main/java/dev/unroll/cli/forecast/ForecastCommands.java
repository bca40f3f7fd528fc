package dev.unroll.cli.forecast;

import dev.unroll.cli.command.TaskCommands;

/** The commands of forecasting. */
public final class ForecastCommands {

  public static final TaskCommands FORECAST =
      new TaskCommands(
              "forecast",
              "Forecasts time series: sales, loads, sensors.",
              ForecastTrainCommand::new)
          .with("eval", ForecastEvalCommand::new)
          .with("predict", ForecastPredictCommand::new);

  private ForecastCommands() {}
}
