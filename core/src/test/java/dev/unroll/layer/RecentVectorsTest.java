package dev.unroll.layer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RecentVectorsTest {

  private static float[] find(RecentVectors<String> recent, int hash, String key) {
    return recent.find(hash, key::equals);
  }

  @Test
  void findsWhatWasKept() {
    var recent = new RecentVectors<String>(2);
    assertThat(find(recent, 7, "seven")).isNull();
    float[] vector = {1, 2};
    recent.keep(7, "seven", vector);
    assertThat(find(recent, 7, "seven")).isSameAs(vector);
    assertThat(find(recent, 7, "another of the same hash")).isNull();
  }

  @Test
  void ofNineThatShareTheirPlacesTheLastEightStay() {
    var recent = new RecentVectors<String>(1);
    for (char key = 'a'; key < 'a' + 9; key++) {
      recent.keep(1, String.valueOf(key), new float[] {key});
    }
    assertThat(find(recent, 1, "a")).isNull();
    for (char key = 'b'; key < 'a' + 9; key++) {
      assertThat(find(recent, 1, String.valueOf(key))).containsExactly(key);
    }
  }

  @Test
  void whatIsMissedTwiceIsWanted() {
    var recent = new RecentVectors<String>(1);
    assertThat(recent.wants(5)).isFalse();
    assertThat(recent.wants(6)).isFalse();
    assertThat(recent.wants(5)).isTrue();
  }

  @Test
  void memoryIsBounded() {
    assertThat(new RecentVectors<String>(1).slots()).isEqualTo(4096);
    assertThat(new RecentVectors<String>(950).slots()).isEqualTo(2048);
    assertThat(new RecentVectors<String>(1 << 30).slots()).isEqualTo(8);
    var recent = new RecentVectors<Integer>(1 << 15);
    IntStream.range(0, 10_000).forEach(i -> recent.keep(i, i, new float[] {i}));
    long kept = IntStream.range(0, 10_000).filter(i -> recent.find(i, k -> k == i) != null).count();
    assertThat(kept).isBetween(1L, (long) recent.slots());
  }
}
