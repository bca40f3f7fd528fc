package dev.unroll.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroll.server.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is written can be read, to the same bits. */
class JsonTest {

  private static String written(Object value) {
    return new String(Json.bytes(value), StandardCharsets.UTF_8);
  }

  @Test
  void numbersReadBackToTheSameBits() {
    var random = new Random(5);
    for (int i = 0; i < 10_000; i++) {
      float single = Float.intBitsToFloat(random.nextInt());
      double number = Double.longBitsToDouble(random.nextLong());
      if (Float.isFinite(single)) {
        assertThat(Float.parseFloat(written(single))).isEqualTo(single);
        assertThat(written(new float[] {single})).isEqualTo("[" + written(single) + "]");
      }
      if (Double.isFinite(number)) {
        assertThat(Double.parseDouble(written(number))).isEqualTo(number);
      }
    }
  }

  @Test
  void whatIsNotFiniteIsNull() {
    assertThat(written(new float[] {Float.NaN, 1.5f, Float.NEGATIVE_INFINITY}))
        .isEqualTo("[null,1.5,null]");
    assertThat(written(List.of(Float.NaN, Double.POSITIVE_INFINITY))).isEqualTo("[null,null]");
  }

  @Test
  void halfASurrogatePairIsNoFault() {
    assertThat(written(List.of("a\ud800b"))).isEqualTo("[\"a?b\"]");
  }
}
