package dev.unroll.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import dev.unroll.base.InputException;
import dev.unroll.data.Series;
import dev.unroll.file.Json;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StandardizationTest {

  private static Series series(double offset, double unit, int rows) {
    double[][] numbers =
        IntStream.range(0, rows)
            .mapToObj(i -> new double[] {offset + unit * (i % 7)})
            .toArray(double[][]::new);
    return new Series("s", List.of("x"), numbers);
  }

  /** The deviation of 0 … 6 is 2. */
  @ParameterizedTest
  @CsvSource({
    "0, 1",
    "6779547060, 3",
    "1e12, 1",
    "1e15, 1",
    "0, 1e-12",
    "0, 1e-200",
    "0, 1e140",
    "-1e12, 0.0078125"
  })
  void meansAndDeviations(double offset, double unit) {
    Series series = series(offset, unit, 70_000);
    var scaling = Standardization.of(List.of(series));
    assertThat((scaling.means().getFirst() - offset) / unit).isCloseTo(3, within(1e-3));
    assertThat(scaling.deviations().getFirst() / unit).isCloseTo(2, within(1e-3));
    double[] standardized = scaling.standardized(series);
    assertThat(standardized[6]).isCloseTo(1.5, within(2e-3));
    assertThat((scaling.restored(standardized[6], 0) - offset) / unit).isCloseTo(6, within(1e-3));
  }

  /** A model of such numbers is written, so that it must open, too. */
  @ParameterizedTest
  @CsvSource({"0, 1", "0, 1e60", "1e100, 1e90", "9.9e149, 1e147", "0, 1e-250", "0, 1e-320"})
  void whatIsMeasuredIsReadAgain(double offset, double unit) {
    var scaling = Standardization.of(List.of(series(offset, unit, 70)));
    var json = Json.parse(Json.write(scaling.toJson()));
    assertThat(Standardization.fromJson(json, 1)).isEqualTo(scaling);
  }

  @Test
  void sourcesOfLargeNumbersKeepTheirDifferences() {
    var reader = SourceReader.ofNumbers(List.of("1577836800,1 1577836801,2 1577836802,3"));
    float[] values = reader.sequence("1577836800,1 1577836801,2 1577836802,3").values();
    float high = (float) Math.sqrt(1.5);
    assertThat(values).containsExactly(new float[] {-high, -high, 0, 0, high, high}, within(1e-5f));
  }

  @Test
  void aNumberTooFarFromTheOthersIsNamed() {
    var scaling = Standardization.of(List.of(series(0, 1, 70)));
    var far = new Series("far.csv", List.of("x"), new double[][] {{1}, {1e100}});
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> scaling.standardized(far))
        .withMessageContaining("far.csv: row 2 has 1.0E100 in column x");
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> new Series("s.csv", List.of("x"), new double[][] {{1e200}}))
        .withMessageContaining("s.csv: row 1 has 1.0E200 in column x");
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> new Standardization(List.of(Double.NaN), List.of(1.0)));
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> new Standardization(List.of(0.0), List.of(Double.POSITIVE_INFINITY)));
  }
}
