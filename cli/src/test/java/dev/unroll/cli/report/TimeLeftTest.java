package dev.unroll.cli.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The time left, and the curve of losses. */
class TimeLeftTest {

  private static final long SECOND = 1_000_000_000L;

  @Test
  void nothingIsSaidOfTheFirstStepsWhichAreSlow() {
    var left = new TimeLeft();
    left.add(60 * SECOND, 1); // the JVM compiles
    assertThat(left.seconds(60 * SECOND, 1, 10_000)).isEmpty();
    for (int step = 2; step <= 10; step++) {
      left.add((59 + step) * SECOND, step);
      assertThat(left.seconds((59 + step) * SECOND, step, 10_000)).isEmpty();
    }
    left.add(70 * SECOND, 11);
    assertThat(left.seconds(70 * SECOND, 11, 111)).hasValue(100);
  }

  @Test
  void itFollowsTheLoad() {
    var left = new TimeLeft();
    long now = 0;
    for (int step = 1; step <= 60; step++) {
      now += SECOND;
      left.add(now, step);
    }
    assertThat(left.seconds(now, 60, 1060)).hasValue(1000);
    for (int step = 61; step <= 90; step++) {
      now += 4 * SECOND; // others work on the machine, too
      left.add(now, step);
    }
    assertThat(left.seconds(now, 90, 1090)).hasValue(4000);
  }

  @Test
  void aRunThatResumesCountsItsOwnSteps() {
    var left = new TimeLeft();
    for (int step = 5001; step <= 5020; step++) {
      left.add((step - 5000) * SECOND, step);
    }
    assertThat(left.seconds(20 * SECOND, 5020, 5120)).hasValue(100);
  }

  @Test
  void lossesAreACurveInALine() {
    assertThat(LossCurve.of(List.of(8.0, 4.0, 2.0, Double.NaN, 1.0)))
        .isEqualTo("validation loss 8.0000 █▄▂▁ 1.0000");
    assertThat(LossCurve.of(List.of(1.0, 1.0, 1.0))).isEqualTo("validation loss 1.0000 ▁▁▁ 1.0000");
    var many = java.util.stream.IntStream.range(0, 500).mapToObj(i -> 500.0 - i).toList();
    assertThat(LossCurve.of(many)).hasSizeLessThan(100).startsWith("validation loss 500.0000 █");
  }
}
