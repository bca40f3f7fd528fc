package dev.unroll.interop.export;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroll.Unroll;
import dev.unroll.interop.tensor.Tensor;
import dev.unroll.model.Forecaster;
import dev.unroll.network.Relative;
import dev.unroll.result.Forecast;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Several series with static, observed and known columns, from a table to ONNX Runtime: the past
 * has a column for each category, as docs/interop.md says.
 */
@ExtendWith(ExportTable.class)
class ForecastColumnsExportTest {

  private static final int CONTEXT = 8;
  private static final int HORIZON = 3;
  private static final int ROWS = 40;
  private static final List<String> SHOPS = List.of("a", "b", "c");
  private static final List<String> REGIONS = List.of("north", "south", "north");

  @TempDir Path folder;

  private static double sales(int shop, int t) {
    return 100 * shop + 10 * Math.sin(t / (2.0 + shop)) + t;
  }

  private static double visitors(int shop, int t) {
    return 7 * (t % (3 + shop));
  }

  private static double price(int shop, int t) {
    return 2 + shop + t % 4 / 4.0;
  }

  /** A file of some shops; what is forecast, and what is read of the past only, ends before. */
  private Path table(String name, int first, int last, boolean ahead) throws IOException {
    var lines = new StringBuilder("shop,sales,visitors,region,size,price\n");
    for (int shop = first; shop <= last; shop++) {
      for (int t = 0; t < ROWS + (ahead ? HORIZON : 0); t++) {
        String own = t < ROWS ? sales(shop, t) + "," + visitors(shop, t) : ",";
        lines.append(
            String.format(
                Locale.ROOT,
                "%s,%s,%s,%d,%s\n",
                SHOPS.get(shop),
                own,
                REGIONS.get(shop),
                50 * shop,
                price(shop, t)));
      }
    }
    return Files.writeString(folder.resolve(name), lines, StandardCharsets.UTF_8);
  }

  private static double value(String column, int shop, int t) {
    return switch (column) {
      case "sales" -> sales(shop, t);
      case "visitors" -> visitors(shop, t);
      case "size" -> 50.0 * shop;
      case "price" -> price(shop, t);
      case "region=north", "region=south" -> column.endsWith(REGIONS.get(shop)) ? 1 : 0;
      default -> throw new AssertionError("a column " + column);
    };
  }

  @ParameterizedTest
  @EnumSource
  void staticColumnsAreFedAsColumnsOfThePast(Relative relative) throws IOException {
    Forecaster model =
        Unroll.forecaster()
            .csv(table("all.csv", 0, 2, false))
            .withoutTime()
            .series("shop")
            .statics("region", "size")
            .observed("visitors")
            .known("price")
            .target("sales")
            .context(CONTEXT)
            .horizon(HORIZON)
            .season(4)
            .relative(relative)
            .gru(5)
            .epochs(1)
            .train();
    var spec = model.forecasting();
    assertThat(spec.columns())
        .containsExactly("sales", "visitors", "region=north", "region=south", "size", "price");
    Exported exported = ForecastExport.write(model, new Form(17, false));
    Judged.check(exported, List.of("static columns of several series"));
    int columns = spec.columns().size();
    double[] past = new double[SHOPS.size() * CONTEXT * columns];
    double[] future = new double[SHOPS.size() * HORIZON];
    for (int shop = 0; shop < SHOPS.size(); shop++) {
      for (int row = 0; row < CONTEXT; row++) {
        for (int column = 0; column < columns; column++) {
          past[(shop * CONTEXT + row) * columns + column] =
              value(spec.columns().get(column), shop, ROWS - CONTEXT + row);
        }
      }
      for (int row = 0; row < HORIZON; row++) {
        future[shop * HORIZON + row] = price(shop, ROWS + row);
      }
    }
    var inputs =
        Map.of(
            "past", Tensor.of(past, SHOPS.size(), CONTEXT, columns),
            "future", Tensor.of(future, SHOPS.size(), HORIZON, 1));
    double[] found;
    try (var runner = new OrtRunner(exported.graphs().getFirst().model())) {
      found = runner.run(inputs).get("point").doubles();
    }
    for (int shop = 0; shop < SHOPS.size(); shop++) {
      Forecast expected = model.forecast(table("one.csv", shop, shop, true));
      for (int row = 0; row < HORIZON; row++) {
        double wanted = expected.rows().get(row).values().get("sales").point();
        double difference = Math.abs(found[shop * HORIZON + row] - wanted) / Math.max(1, wanted);
        assertThat(difference).isLessThanOrEqualTo(Comparison.TOLERANCE);
        ExportTable.add("forecast", ExportTable.END_TO_END, difference, 1);
      }
    }
  }
}
