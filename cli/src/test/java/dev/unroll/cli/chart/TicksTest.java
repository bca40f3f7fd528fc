package dev.unroll.cli.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

class TicksTest {

  private static List<String> names(List<Tick> ticks) {
    return ticks.stream().map(Tick::text).toList();
  }

  private static double millis(String time) {
    return LocalDateTime.parse(time).toInstant(ZoneOffset.UTC).toEpochMilli();
  }

  @Test
  void numbersAreRound() {
    assertThat(names(Ticks.numbers(0, 1000, 5)))
        .containsExactly("0", "200", "400", "600", "800", "1,000");
    assertThat(names(Ticks.numbers(-0.13, 0.21, 4))).containsExactly("−0.1", "0.0", "0.1", "0.2");
    assertThat(names(Ticks.numbers(0.8, 1.9, 3))).containsExactly("1.0", "1.5");
  }

  @Test
  void logarithmsArePowersOfTen() {
    assertThat(names(Ticks.logarithms(1e-6, 10, 4))).containsExactly("10⁻⁶", "10⁻⁴", "10⁻²", "10⁰");
    assertThat(names(Ticks.logarithms(0.05, 120, 5))).containsExactly("0.1", "1", "10", "100");
    assertThat(names(Ticks.logarithms(0.7, 14, 6))).containsExactly("1", "2", "5", "10");
    assertThat(names(Ticks.logarithms(1.01, 1.9, 3))).containsExactly("1.5");
  }

  @Test
  void timesBeginDaysMonthsAndYears() {
    assertThat(names(Ticks.times(millis("1949-01-01T00:00:00"), millis("1960-12-01T00:00:00"), 5)))
        .containsExactly("1950", "1955", "1960");
    assertThat(names(Ticks.times(millis("2024-01-15T00:00:00"), millis("2024-12-20T00:00:00"), 5)))
        .containsExactly("Apr 2024", "Jul 2024", "Oct 2024");
    assertThat(names(Ticks.times(millis("2024-02-28T01:00:00"), millis("2024-02-29T02:00:00"), 5)))
        .containsExactly("28 Feb 06:00", "28 Feb 12:00", "28 Feb 18:00", "29 Feb 00:00");
  }
}
