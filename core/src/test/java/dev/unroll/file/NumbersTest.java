package dev.unroll.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.unroll.base.InputException;
import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NumbersTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "+",
        ".",
        "e5",
        "1e",
        "1e+",
        "NaN",
        "Infinity",
        "-Infinity",
        "0x10",
        "0x1p-3",
        "1f",
        "1d",
        "2.5F",
        "1_000",
        "1,5",
        "1 000",
        " 1",
        "1 ",
        "٣",
        "１",
        "1e400",
        "-1e309",
        "1e-400",
        "--1",
        "1.2.3"
      })
  void whatIsNoNumberInRange(String text) {
    assertThat(Numbers.parse(text)).isNaN();
  }

  @Test
  void numbers() {
    assertThat(Numbers.parse("0.25")).isEqualTo(0.25);
    assertThat(Numbers.parse("+1.")).isEqualTo(1);
    assertThat(Numbers.parse("-.5e-3")).isEqualTo(-0.0005);
    assertThat(Numbers.parse("6779547063")).isEqualTo(6779547063.0);
    assertThat(Numbers.parse("0e-400")).isZero();
    assertThat(1 / Numbers.parse("-0")).isEqualTo(Double.POSITIVE_INFINITY);
    assertThat(Numbers.parseFloat("1e39")).isNaN();
    assertThat(Numbers.parseFloat("1e-50")).isZero();
    assertThat(Numbers.parseFloat("0.1")).isEqualTo(0.1f);
    assertThat(Numbers.parseWhole("-12")).isEqualTo(-12);
    for (String text : new String[] {"1.0", "٣", "0x10", "1L", "9223372036854775808", ""}) {
      assertThatExceptionOfType(NumberFormatException.class)
          .isThrownBy(() -> Numbers.parseWhole(text));
    }
  }

  @Test
  void aTextOfAMillionDigitsIsReadOnce() {
    String digits = "1".repeat(1_000_000) + "x";
    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(20), () -> assertThat(Numbers.isNumber(digits)).isFalse());
  }

  @Test
  void parametersOutsideTheirRange() {
    for (double value : new double[] {Double.NaN, -1, 2, Double.POSITIVE_INFINITY}) {
      assertThatExceptionOfType(InputException.class)
          .isThrownBy(() -> Numbers.check("the share", value, 0, 1))
          .withMessageContaining("the share is " + value);
    }
    Numbers.check("the share", 1, 0, 1);
  }
}
