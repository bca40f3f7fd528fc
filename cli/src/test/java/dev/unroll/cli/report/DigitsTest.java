package dev.unroll.cli.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DigitsTest {

  @Test
  void sixDigitsOrWhatDifferencesNeed() {
    assertThat(Digits.of(25.083381006663636, 8.1)).isEqualTo("25.0834");
    assertThat(Digits.of(101.61805752606595, 24)).isEqualTo("101.618");
    assertThat(Digits.of(6779547419.538306, 104, 12)).isEqualTo("6779547419.538");
    assertThat(Digits.of(6779547419.538306, 6e8, 0)).isEqualTo("6779550000");
    assertThat(Digits.of(1e12 + 0.0414, 0.02)).isEqualTo("1000000000000.0414");
    assertThat(Digits.of(4.130231e-12, 2e-12)).isEqualTo("0.00000000000413023");
    assertThat(Digits.of(4.130231e-200, Double.NaN)).isEqualTo("4.13023E-200");
    assertThat(Digits.of(16777217, 1)).isEqualTo("16777217");
    assertThat(Digits.of(-0.0, 1)).isEqualTo("0");
  }

  @Test
  void asManyDecimalsAsTheDataAndOneMore() {
    assertThat(Digits.like(0, 342.94417, 60, 90)).isEqualTo("342.9");
    assertThat(Digits.like(0, 5.40468, 2.1, 3)).isEqualTo("5.4");
    assertThat(Digits.like(0, -0.149518, 0.31, 1)).isEqualTo("-0.15");
    assertThat(Digits.like(2, 5.40468, 2.1, 3)).isEqualTo("5.405");
    assertThat(Digits.like(2, 25, 8.1, 9)).isEqualTo("25.00");
    assertThat(Digits.like(2, 1250, 80, 90)).isEqualTo("1250.00");
    assertThat(Digits.like(1, 1234567, 80, 90)).isEqualTo("1234567");
    assertThat(Digits.like(2, 0, 8.1, 9)).isEqualTo("0.00");
    assertThat(Digits.like(17, 25.083381006663636, 8.1, 9)).isEqualTo("25.0834");
    assertThat(Digits.like(0, -0.0049, 60, 90)).isEqualTo("0");
    assertThat(Digits.like(0, 16777217.4, 1, 1)).isEqualTo("16777217.4");
    assertThat(Digits.like(0, 4.130231e-12, 2e-12, 2e-12)).isEqualTo("0.00000000000413");
  }

  @Test
  void measuresOfAnySize() {
    assertThat(Digits.measure(2.5)).isEqualTo("2.5000");
    assertThat(Digits.measure(0)).isEqualTo("0.0000");
    assertThat(Digits.measure(1.25e-12)).isEqualTo("1.2500e-12");
    assertThat(Digits.measure(3.2e38)).isEqualTo("3.2000e+38");
  }
}
