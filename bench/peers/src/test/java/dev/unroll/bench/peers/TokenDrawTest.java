package dev.unroll.bench.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.FloatBuffer;
import org.junit.jupiter.api.Test;

class TokenDrawTest {

  @Test
  void tokensComeAsOftenAsTheirProbabilitiesSay() {
    var distribution = FloatBuffer.wrap(new float[] {0.5f, 0, 0.2f, 0.3f});
    var tokens = new TokenDraw(4);
    int draws = 100_000;
    int[] counts = new int[4];
    for (int i = 0; i < draws; i++) {
      counts[tokens.draw(distribution)]++;
    }
    for (int token = 0; token < 4; token++) {
      assertThat((double) counts[token] / draws).isCloseTo(distribution.get(token), within(0.01));
    }
  }
}
