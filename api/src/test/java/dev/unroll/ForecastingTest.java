package dev.unroll;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unroll.base.InputException;
import dev.unroll.data.Measurements;
import dev.unroll.model.Backtest;
import dev.unroll.model.Forecaster;
import dev.unroll.result.Forecast;
import dev.unroll.text.Calendar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Forecasts from files and from memory are the same, and their rows have times. */
class ForecastingTest {

  record Month(YearMonth month, double sales, double price) {}

  @TempDir Path folder;

  private static List<Month> months(int count) {
    return IntStream.range(0, count)
        .mapToObj(
            i ->
                new Month(
                    YearMonth.of(2010, 1).plusMonths(i),
                    100 + i + 20 * Math.sin(i * Math.PI / 6),
                    5 + i % 4))
        .toList();
  }

  private Path file(List<Month> months) throws IOException {
    var lines = new ArrayList<>(List.of("month,sales,price"));
    months.forEach(each -> lines.add(each.month + "," + each.sales + "," + each.price));
    return Files.write(folder.resolve("sales.csv"), lines);
  }

  private static ForecasterTrainer trainer() {
    return Unroll.forecaster().context(24).horizon(12).lstm(4).epochs(2);
  }

  @Test
  void fileAndMemoryTrainAndForecastTheSame() throws IOException {
    Path file = file(months(120));
    var rows =
        Measurements.of(months(120), Month::month)
            .column("sales", Month::sales)
            .column("price", Month::price);
    Forecaster ofFile =
        trainer().csv(file).target("sales", "price").calendar(Calendar.MONTH).interval(0.9).train();
    Forecaster ofMemory =
        trainer().data(rows).allTargets().calendar(Calendar.MONTH).interval(0.9).train();
    assertThat(ofMemory.parameters()).isEqualTo(ofFile.parameters());
    Forecast forecast = ofFile.forecast(file);
    assertThat(ofMemory.forecast(rows)).isEqualTo(forecast).hasSameHashCodeAs(forecast);
    assertThat(forecast.rows()).hasSize(12);
    assertThat(forecast.targets()).containsExactly("sales", "price");
    Forecast.Row first = forecast.rows().getFirst();
    assertThat(first.time()).isEqualTo("2020-01");
    assertThat(first.dateTime()).contains(LocalDate.of(2020, 1, 1).atStartOfDay());
    assertThat(first.of("sales").point()).isEqualTo(first.point());
    assertThat(first.of("price").quantile(0.5)).isEqualTo(first.of("price").point());
    assertThat(first.low()).isLessThanOrEqualTo(first.high());
    assertThat(first.quantile(0.95)).isEqualTo(first.high());
    assertThat(first.toString()).startsWith("2020-01: sales ").contains("…").contains(", price ");
    assertThat(forecast.points("price")).hasSize(12).first().isEqualTo(first.of("price").point());
    assertThatThrownBy(() -> first.quantile(0.3))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("no quantile 0.3 was forecast, among [0.05, 0.5, 0.95]");
    assertThatThrownBy(() -> first.of("load")).hasMessageContaining("no target is called load");
  }

  @Test
  void oneNumberNeedsNoName() throws IOException {
    Path file = file(months(120));
    Forecaster model = trainer().csv(file).target("sales").train();
    Forecast forecast = model.forecast(file);
    assertThat(model.forecast(months(120), Month::month, Month::sales)).isEqualTo(forecast);
    assertThatThrownBy(() -> forecast.rows().getFirst().low())
        .isInstanceOf(InputException.class)
        .hasMessageContaining("the model forecasts no interval");
    assertThat(forecast.rows().getFirst().toString()).matches("2020-01: [0-9.]+");
    Path kept = folder.resolve("sales.safetensors");
    model.save(kept);
    assertThat(Forecaster.open(kept).forecast(file)).isEqualTo(forecast);
  }

  @Test
  void forecastsAreMeasuredOnFilesAndMeasurements() throws IOException {
    Path file = file(months(120));
    Forecaster model = trainer().csv(file).target("sales").interval(0.8).train();
    var score = Backtest.of(model, file);
    assertThat(score.origins()).isEqualTo(120 - 24 - 12 + 1);
    assertThat(score.toString())
        .matches("MAE [0-9.]+, RMSE [0-9.]+, MASE [0-9.]+, coverage [0-9.]+ from 85 origins");
    var memory = Measurements.of(months(120), Month::month, Month::sales);
    assertThat(Backtest.of(model, memory)).hasToString(score.toString());
  }

  /** Times are where the model reads nothing; a table need not have any. */
  @Test
  void aTableInMemoryIsReadAsAFileIs() throws IOException {
    Path file = file(months(120));
    Forecaster model = trainer().csv(file).target("sales", "price").train();
    String text = Files.readString(file);
    Forecast wanted = model.forecast(file);
    assertThat(model.forecastTable("sent", text)).isEqualTo(wanted);
    assertThat(model.forecastTable("sent", "\ufeff" + text.replace("\n", " \r\n")))
        .isEqualTo(wanted);
    assertThat(model.forecastTable("sent", text.replace(',', ';').replace('.', ',')))
        .isEqualTo(wanted);
    String timeless = text.replaceAll("(?m)^[^,]+,", "");
    Forecast numbered = model.forecastTable("sent", timeless);
    assertThat(numbered.points("price")).isEqualTo(wanted.points("price"));
    assertThat(numbered.rows().getFirst().time()).isEqualTo("121");
    assertThatThrownBy(() -> model.forecastTable("sent", text.replace("2012-03", "2012-02")))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("sent:28: the time 2012-02 is there twice");
    for (String none : List.of("", "\n", "month,sales,price", "month,sales,price\n")) {
      assertThatThrownBy(() -> model.forecastTable("sent", none))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("sent");
    }
  }

  /** A model of several series forecasts one, whether a column names it or not. */
  @Test
  void aTableInMemoryHasOneSeries() throws IOException {
    var lines = new ArrayList<>(List.of("shop,month,sales"));
    for (String shop : List.of("north", "south")) {
      months(60).forEach(each -> lines.add(shop + "," + each.month + "," + each.sales));
    }
    Path file = Files.write(folder.resolve("shops.csv"), lines);
    Forecaster model = trainer().csv(file).series("shop").target("sales").train();
    Forecast wanted = model.forecastEach(file).get("south");
    String own = String.join("\n", lines.subList(61, 121));
    assertThat(model.forecastTable("sent", "shop,month,sales\n" + own).points())
        .isEqualTo(wanted.points());
    String unnamed = "month,sales\n" + own.replace("south,", "");
    assertThat(model.forecastTable("sent", unnamed).points()).isEqualTo(wanted.points());
    assertThatThrownBy(() -> model.forecastTable("sent", String.join("\n", lines)))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("sent: has 2 series");
  }

  @Test
  void numbersWithoutTimesAreNumbered() {
    double[] numbers = months(120).stream().mapToDouble(Month::sales).toArray();
    Forecaster model = trainer().values(numbers).train();
    var list = months(120).stream().map(Month::sales).toList();
    Forecast forecast = model.forecast(list);
    assertThat(forecast.origin()).isEqualTo(120);
    assertThat(forecast.rows().getFirst().time()).isEqualTo("121");
    assertThat(forecast.rows().getFirst().dateTime()).isEmpty();
  }

  @Test
  void theFutureThatIsKnownFollows() {
    var rows =
        months(132).stream()
            .map(each -> each.month.getYear() < 2020 ? each : new Month(each.month, Double.NaN, 5))
            .toList();
    var measurements =
        Measurements.of(rows, Month::month)
            .column("sales", Month::sales)
            .column("price", Month::price);
    Forecaster model =
        trainer()
            .data(
                Measurements.of(months(120), Month::month)
                    .column("price", Month::price)
                    .column("sales", Month::sales))
            .known("price")
            .train();
    Forecast forecast = model.forecast(measurements);
    assertThat(forecast.origin()).isEqualTo(120);
    assertThat(forecast.rows().getLast().time()).isEqualTo("2020-12");
    assertThatThrownBy(() -> model.forecast(months(120), Month::month, Month::sales))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("price");
  }

  @Test
  void whatIsWrongInMemoryIsNamed() {
    var doubled = List.of(months(2).getFirst(), months(2).getFirst());
    assertThatThrownBy(() -> trainer().data(doubled, Month::month, Month::sales).train())
        .isInstanceOf(InputException.class)
        .hasMessageContaining("data:2: the time 2010-01 is there twice");
  }
}
