package dev.unroll.server.task;

import dev.unroll.base.Workers;
import dev.unroll.data.Measurements;
import dev.unroll.model.Forecaster;
import dev.unroll.model.Regressor;
import dev.unroll.result.Forecast;
import dev.unroll.server.http.Call;
import dev.unroll.server.http.Endpoint;
import dev.unroll.server.http.Problem;
import dev.unroll.server.json.Field;
import dev.unroll.server.json.OneOrMany;
import dev.unroll.server.model.Models;
import dev.unroll.server.model.Served;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Numbers: forecasts of series, and values of texts. */
public final class NumberEndpoints {

  private final Models models;

  /** Creates the endpoints. */
  public NumberEndpoints(Models models) {
    this.models = models;
  }

  /** A series to continue. */
  record ForecastRequest(
      @Field(value = "a model; none for the only one of the task", query = true)
          @Nullable String model,
      @Field(
              value = "the target's numbers, null for none, where the model reads nothing else",
              gaps = true)
          @Nullable List<Double> values,
      @Field("the times of the rows in ISO 8601, where they have any") @Nullable List<String> time,
      @Field(
              value = "by column its numbers, null for none, one a row; targets may end earlier",
              gaps = true)
          @Nullable Map<String, List<Double>> columns,
      @Field(
              value = "the rows of a series as a table with a header, as files have them",
              longest = 1 << 28)
          @Nullable String csv,
      @Field(
              value = "levels of quantiles; those of the model by default",
              min = 0,
              max = 1,
              query = true)
          @Nullable List<Double> levels) {}

  /** How a series continues. */
  record ForecastAnswer(
      String model,
      @Field("a row for each step: time or row, and by target forecast and quantiles")
          List<Map<String, Object>> results) {}

  /** Texts whose value is asked for. */
  record RegressRequest(
      @Field("a model; none for the only one of the task") @Nullable String model,
      @Field("a text, or a list of texts") OneOrMany<String> text) {}

  /** The value of a text. */
  record RegressResult(String text, Double value) {}

  /** The values of texts. */
  record RegressAnswer(String model, List<RegressResult> results) {}

  /** Returns the endpoints. */
  public List<Endpoint<?, ?>> endpoints() {
    return List.of(
        Endpoint.post(
                "/v1/forecast",
                "Forecasts a series.",
                ForecastRequest.class,
                ForecastAnswer.class,
                this::forecast)
            .with(Endpoint.Trait.CSV),
        Endpoint.post(
            "/v1/regress",
            "Predicts the values of texts.",
            RegressRequest.class,
            RegressAnswer.class,
            this::regress));
  }

  private ForecastAnswer forecast(Call call, ForecastRequest request) {
    Served served = models.find(request.model, Forecaster.class);
    call.uses(served.name());
    var forecaster = (Forecaster) served.model();
    double[] levels = ForecastFields.levels(request.levels);
    Supplier<Forecast> work = work(forecaster, request, levels);
    List<Forecast.Row> found = served.runAlone(work, call.deadline()).rows();
    String axis = found.getFirst().dateTime().isPresent() ? "time" : "row";
    return new ForecastAnswer(
        served.name(), found.stream().map(row -> ForecastFields.of(axis, row)).toList());
  }

  private static Supplier<Forecast> work(
      Forecaster forecaster, ForecastRequest request, double[] levels) {
    var given = new ArrayList<Supplier<Forecast>>();
    String csv = request.csv;
    if (csv != null) {
      SeriesRows.checkSize(csv);
      if (request.time != null) {
        throw Problem.unusable("time does nothing with csv, which has a column for it");
      }
      given.add(() -> forecaster.forecastTable("csv", csv, levels));
    }
    if (request.columns != null) {
      SeriesRows rows = SeriesRows.of(request.columns, request.time);
      given.add(() -> forecaster.forecast(rows.measurements(), levels));
    }
    if (request.values != null) {
      var column = Map.of(Measurements.VALUE, request.values);
      SeriesRows rows = SeriesRows.of(column, request.time);
      given.add(() -> forecaster.forecast(rows.measurements(), levels));
    }
    if (given.size() != 1) {
      throw Problem.unusable("give one of values, columns and csv");
    }
    return given.getFirst();
  }

  private RegressAnswer regress(Call call, RegressRequest request) {
    Served served = models.find(request.model, Regressor.class);
    call.uses(served.name());
    var regressor = (Regressor) served.model();
    for (String text : request.text.values()) {
      if (text.isBlank()) {
        throw Problem.unusable("text has one without anything in it; leave it out");
      }
      regressor.check(text);
    }
    List<Double> found =
        served.run(
            "regress",
            request.text.values(),
            texts -> regressor.predict(texts, Workers.single()),
            call.deadline());
    return new RegressAnswer(
        served.name(),
        IntStream.range(0, found.size())
            .mapToObj(i -> new RegressResult(request.text.values().get(i), found.get(i)))
            .toList());
  }
}
