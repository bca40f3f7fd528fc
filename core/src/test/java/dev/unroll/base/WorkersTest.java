package dev.unroll.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
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
  void aTeamThatIsClosedWhileItWorksEndsItsRangeAndKeepsNobodyWaiting() throws Exception {
    for (int round = 0; round < 2_000; round++) {
      var workers = new Workers(2 + round % 3);
      var begun = new CountDownLatch(1);
      var calling = new FutureTask<>(() -> runUntilClosed(workers, begun));
      var thread = Thread.ofPlatform().daemon().start(calling);
      begun.await();
      for (int i = 0; i < round % 50; i++) {
        Thread.onSpinWait();
      }
      workers.close();
      assertThat(calling.get(20, TimeUnit.SECONDS)).isEqualTo("this team of threads is closed");
      thread.join();
    }
  }

  private static String runUntilClosed(Workers workers, CountDownLatch begun) {
    var done = new AtomicInteger();
    for (int calls = 0; ; calls++) {
      try {
        workers.run(64, 1, (from, to) -> done.addAndGet(to - from));
        begun.countDown();
      } catch (IllegalStateException e) {
        assertThat(done.get()).isEqualTo(64 * calls);
        return e.getMessage();
      }
    }
  }

  @Example
  void aPartMayCloseTheTeamAndTheHelpersEnd() throws Exception {
    var workers = new Workers(3);
    var helpers = ConcurrentHashMap.<Thread>newKeySet();
    var all = new CountDownLatch(3);
    workers.run(
        3,
        1,
        (from, to) -> {
          all.countDown();
          awaitAll(all); // no thread does two parts
          workers.close();
          helpers.add(Thread.currentThread());
        });
    assertThat(helpers).hasSize(3);
    helpers.remove(Thread.currentThread());
    for (Thread helper : helpers) {
      assertThat(helper.join(Duration.ofSeconds(20))).isTrue();
    }
    assertThatThrownBy(() -> workers.run(1, 1, (from, to) -> {})).hasMessageContaining("closed");
  }

  private static void awaitAll(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** A helper of a new team takes a while to start, as one does that waits for a processor. */
  @Example
  void aPartThatNobodyHasBegunIsDoneByTheCaller() {
    int alone = 0;
    for (int round = 0; round < 1_000; round++) {
      var threads = ConcurrentHashMap.<Thread>newKeySet();
      var done = new AtomicIntegerArray(2);
      try (var workers = new Workers(2)) {
        workers.run(
            2,
            1,
            (from, to) -> {
              threads.add(Thread.currentThread());
              done.incrementAndGet(from);
            });
      }
      assertThat(done.get(0) + 10 * done.get(1)).isEqualTo(11);
      alone += threads.size() == 1 ? 1 : 0;
    }
    assertThat(alone).isPositive();
  }

  @Example
  void aCallerThatIsInterruptedGetsAllItems() {
    var done = new AtomicInteger();
    try (var workers = new Workers(3)) {
      Thread.currentThread().interrupt();
      workers.run(300, 1, (from, to) -> done.addAndGet(to - from));
      assertThat(Thread.interrupted()).isTrue();
    }
    assertThat(done).hasValue(300);
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
