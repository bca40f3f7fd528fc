package dev.unroll;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unroll.base.InputException;
import dev.unroll.data.Measurements;
import dev.unroll.data.Series;
import dev.unroll.model.ForecastStream;
import dev.unroll.model.Forecaster;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A stream forecasts after each row what the whole series up to there gives, to the same bits. */
class ForecastStreamTest {

  private static final double[] VALUES =
      IntStream.range(0, 60).mapToDouble(i -> 10 + Math.sin(i / 3.0) + i % 2).toArray();

  private static ForecasterTrainer trainer() {
    return Unroll.forecaster().context(8).horizon(3).lstm(4).epochs(2);
  }

  @Test
  void eachRowForecastsAsTheSeriesUpToIt() {
    Forecaster model = trainer().values(VALUES).interval(0.8).train();
    ForecastStream stream = model.stream();
    for (int row = 0; row < VALUES.length; row++) {
      assertThat(stream.isReady()).isEqualTo(row >= 8);
      stream.read(VALUES[row]);
      if (stream.isReady()) {
        double[][] seen = new double[row + 1][];
        for (int r = 0; r <= row; r++) {
          seen[r] = new double[] {VALUES[r]};
        }
        assertThat(stream.next())
            .isEqualTo(model.forecast(new Series("seen", model.forecasting().columns(), seen)));
      }
    }
    assertThat(stream.next(0.9).rows().getFirst().quantile(0.9)).isFinite();
    assertThat(stream.next().rows().getFirst().time()).isEqualTo("61");
  }

  /** A sensor that is read a thousand times a second has passed this after 25 days. */
  @Test
  void aStreamMayBeLongerThanAnArray() {
    Forecaster model = trainer().values(VALUES).train();
    ForecastStream stream = model.stream();
    for (double value : VALUES) {
      stream.read(value);
    }
    var before = stream.next();
    ForecastStream.State state = stream.state();
    stream.restore(new ForecastStream.State(Integer.MAX_VALUE, state.window()));
    assertThat(stream.next().points()).isEqualTo(before.points());
    stream.read(10);
    assertThat(stream.size()).isEqualTo(1L << 31);
    assertThat(stream.isReady()).isTrue();
    assertThat(stream.next().origin()).isEqualTo(1L << 31);
    assertThat(stream.next().rows().getFirst().time()).isEqualTo("2147483649");
  }

  @Test
  void whatAStreamCannotDoIsSaid() {
    ForecastStream stream = trainer().values(VALUES).train().stream();
    stream.read(1);
    assertThatThrownBy(stream::next)
        .isInstanceOf(InputException.class)
        .hasMessageContaining("1 row read, and the model needs 8");
    assertThatThrownBy(() -> stream.read(1, 2))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("row 2 has 2 numbers, and the model reads 1 (value)");
    assertThatThrownBy(() -> stream.read(Double.NaN))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("row 2 has NaN in column value");
    assertThat(stream.size()).isEqualTo(1);
  }

  @Test
  void columnsThatAreKnownAheadAreRefused() {
    record Reading(double load, double price) {}
    var rows = IntStream.range(0, 60).mapToObj(i -> new Reading(VALUES[i], i % 5)).toList();
    var data =
        Measurements.ofRows(List.copyOf(rows))
            .column("load", Reading::load)
            .column("price", Reading::price);
    Forecaster model = trainer().data(data).target("load").known("price").train();
    assertThatThrownBy(model::stream)
        .isInstanceOf(InputException.class)
        .hasMessageContaining("known ahead (price)");
  }
}
