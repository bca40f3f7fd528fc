package dev.unroll.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What every error of a kind has. */
class ProblemTest {

  /** Of all statuses there are, however a problem is made. */
  @Test
  void whatMaySucceedLaterSaysWhen() {
    for (int status = 400; status < 600; status++) {
      boolean later = status == 429 || status == 503;
      for (Problem each :
          List.of(
              Problem.of(status, "detail"),
              Problem.ofField(status, "field", "detail"),
              Problem.unusable("detail").as(status))) {
        assertThat(each.status()).isEqualTo(status);
        assertThat(each.headers().containsKey("Retry-After")).as("%d", status).isEqualTo(later);
      }
    }
  }

  /** Earlier it would fail again. */
  @Test
  void secondsAreRoundedUp() {
    for (int[] each : new int[][] {{1001, 2}, {1000, 1}, {1, 1}, {0, 1}, {-5000, 1}}) {
      assertThat(Problem.later(429, "detail", Duration.ofMillis(each[0])).headers())
          .containsEntry("Retry-After", Integer.toString(each[1]));
    }
  }
}
