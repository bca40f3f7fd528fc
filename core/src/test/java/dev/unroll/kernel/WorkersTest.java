package dev.unroll.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicIntegerArray;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class WorkersTest {

  @Property(tries = 100)
  void everyItemIsDoneOnceAndPartsBeginAtTheGrain(
      @ForAll @IntRange(min = 0, max = 200) int items,
      @ForAll @IntRange(min = 1, max = 40) int grain,
      @ForAll @IntRange(min = 1, max = 5) int threads) {
    var done = new AtomicIntegerArray(items);
    try (var workers = new Workers(threads)) {
      for (int round = 0; round < 3; round++) {
        workers.run(
            items,
            grain,
            (from, to) -> {
              assertThat(from % grain).isZero();
              for (int i = from; i < to; i++) {
                done.incrementAndGet(i);
              }
            });
      }
    }
    for (int i = 0; i < items; i++) {
      assertThat(done.get(i)).isEqualTo(3);
    }
  }

  @Example
  void aSecondCallerAndAClosedTeamAreRefused() {
    var workers = new Workers(2);
    assertThatThrownBy(() -> workers.run(2, 1, (from, to) -> workers.run(2, 1, (f, t) -> {})))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("has a caller already");
    workers.close();
    assertThatThrownBy(() -> workers.run(2, 1, (from, to) -> {}))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
  }

  @Example
  void aFailureOfAnyPartReachesTheCallerAndTheTeamGoesOn() {
    try (var workers = new Workers(3)) {
      for (int bad = 0; bad < 3; bad++) {
        int failing = bad;
        assertThatThrownBy(
                () ->
                    workers.run(
                        3,
                        1,
                        (from, to) -> {
                          if (from == failing) {
                            throw new IllegalStateException("part " + from);
                          }
                        }))
            .hasMessage("part " + failing);
      }
      workers.run(3, 1, (from, to) -> assertThat(to).isEqualTo(from + 1));
    }
  }
}
