package dev.unroll.task.forecast;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroll.data.Series;
import dev.unroll.kernel.CounterRandom;
import dev.unroll.network.Relative;
import dev.unroll.task.forecast.ForecastDefaults.Asked;
import dev.unroll.train.Preset;
import dev.unroll.train.Training;
import dev.unroll.train.optimizer.Adam;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

class ForecastDefaultsTest {

  private static final Asked NOTHING = new Asked(null, null, null, null, null, false);

  private final CounterRandom random = CounterRandom.of(7, CounterRandom.Purpose.SAMPLING, 0);

  private ForecastDefaults.Found find(
      int rows, List<Integer> seasons, Asked asked, IntToDoubleFunction number) {
    double[][] numbers = new double[rows][1];
    for (int row = 0; row < rows; row++) {
      numbers[row][0] = number.applyAsDouble(row);
    }
    var series = new Series("made", List.of("x"), numbers);
    return ForecastDefaults.find(List.of(series), 1, seasons, rows / 4, asked);
  }

  @Test
  void aSeriesThatGrowsWithItsSeasonIsRelativeToIt() {
    var found = find(96, List.of(12), NOTHING, t -> t * (2 + Math.sin(2 * Math.PI * t / 12)));
    assertThat(found.season()).isEqualTo(12);
    assertThat(found.window()).isEqualTo(new ForecastSpec.Window(24, 12, 1));
    assertThat(found.relative()).isEqualTo(Relative.SEASON);
    assertThat(found.reasons()).hasSize(4).first().isEqualTo("season 12: from the times");
  }

  @Test
  void aRandomWalkHasNoSeasonAndIsRelativeToItsLastNumber() {
    double[] level = {0};
    var found = find(400, List.of(7), NOTHING, t -> level[0] += random.gaussian(t));
    assertThat(found.season()).isEqualTo(1);
    assertThat(found.relative()).isEqualTo(Relative.LAST);
  }

  @Test
  void aSeasonIsFoundWithoutTimes() {
    IntToDoubleFunction weekly = t -> (t % 9 == 4 ? 30 : 0) + random.gaussian(t);
    assertThat(find(300, List.of(), NOTHING, weekly).season()).isEqualTo(9);
    assertThat(find(300, List.of(), NOTHING, t -> random.gaussian(t)).season()).isEqualTo(1);
  }

  @Test
  void aWeekOfHoursIsTakenWhereDaysDiffer() {
    IntToDoubleFunction load = t -> (t / 24 % 7 > 4 ? 0 : 20) * (t % 24 > 8 ? 1 : 0.5);
    assertThat(find(1500, List.of(24, 168), NOTHING, load).season()).isEqualTo(168);
    IntToDoubleFunction alike = t -> t % 24 + random.gaussian(t);
    var found = find(1500, List.of(24, 168), NOTHING, alike);
    assertThat(found.season()).isEqualTo(24);
    assertThat(found.window()).isEqualTo(new ForecastSpec.Window(168, 24, 24));
  }

  @Test
  void thirtyRowsAreEnough() {
    var series = new double[24][1];
    for (int t = 0; t < 24; t++) {
      series[t][0] = t + 5 * Math.cos(2 * Math.PI * t / 12);
    }
    var made = List.of(new Series("made", List.of("x"), series));
    var found = ForecastDefaults.find(made, 1, List.of(12), 6, NOTHING);
    assertThat(found.window()).isEqualTo(new ForecastSpec.Window(12, 6, 1));
  }

  /** A model of such a choice is refused, but in words. */
  @Test
  void aSeasonMayBeLongerThanTheContext() {
    var window = new ForecastSpec.Window(4, 2, 1);
    var found = new ForecastDefaults.Found(window, 7, Relative.SEASON, List.of());
    double[] column = new double[60];
    int[] classes = new int[60];
    for (int t = 0; t < column.length; t++) {
      classes[t] = t % 2;
      column[t] = t % 7 + t % 2; // 1 more or less than 7 rows before
    }
    assertThat(ForecastDefaults.explained(column, classes, found)).isEqualTo(1);
  }

  /** Series of which little is known say little: their gaps are not small numbers. */
  @Test
  void gapsDoNotMakeASeriesLouder() {
    var all = new ArrayList<Series>();
    for (int number = 0; number < 9; number++) {
      CounterRandom own = random.part(number);
      double[][] rows = new double[300][1];
      for (int t = 0; t < rows.length; t++) {
        double weekly = number == 0 && t % 9 == 4 ? 30 : 0;
        boolean gap = number > 0 && own.uniform(1000 + t) > 0.3;
        rows[t][0] = gap ? Double.NaN : weekly + own.gaussian(t);
      }
      all.add(new Series("made", List.of("x"), rows));
    }
    assertThat(ForecastDefaults.find(all, 1, List.of(), 75, NOTHING).season()).isEqualTo(9);
  }

  /** After a gap as long as the context there is nothing that a row could be relative to. */
  @Test
  void whatFollowsALongGapIsNotComparedWithZero() {
    var window = new ForecastSpec.Window(4, 2, 1);
    var found = new ForecastDefaults.Found(window, 1, Relative.WINDOW, List.of());
    double[] column = new double[80];
    int[] classes = new int[80];
    for (int t = 0; t < column.length; t++) {
      classes[t] = t % 2;
      column[t] = t % 20 < 6 ? Double.NaN : 1000 + t % 2;
    }
    assertThat(ForecastDefaults.explained(column, classes, found)).isGreaterThan(0.9);
  }

  @Test
  void whatIsChosenStays() {
    var asked = new Asked(10, 5, 1, 3, Relative.WINDOW, false);
    var found = find(96, List.of(12), asked, t -> random.gaussian(t));
    assertThat(found.window()).isEqualTo(new ForecastSpec.Window(10, 5, 1));
    assertThat(found.season()).isEqualTo(3);
    assertThat(found.relative()).isEqualTo(Relative.WINDOW);
    assertThat(found.reasons()).isEmpty();
  }

  @Test
  void fewWindowsAreReadOftenAndCarefully() {
    Training usual = ForecasterRun.DEFAULTS.training();
    Training few = ForecastDefaults.course(usual, Preset.USUAL, 80);
    assertThat(few.epochs()).isEqualTo(200);
    assertThat(few.optimizer()).isEqualTo(new Adam(0.0005));
    assertThat(ForecastDefaults.course(usual, Preset.SMALL, 80).epochs()).isLessThan(100);
    assertThat(ForecastDefaults.course(usual, Preset.USUAL, 10_000).describe())
        .isEqualTo(usual.describe());
    Training chosen = usual.withEpochs(usual.epochs()).withOptimizer(usual.optimizer());
    assertThat(ForecastDefaults.course(chosen, Preset.USUAL, 80)).isSameAs(chosen);
  }
}
