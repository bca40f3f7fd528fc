package dev.unroll.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unroll.base.Cancellation;
import dev.unroll.base.Workers;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class LengthBatchesTest {

  @Property
  void answersHaveTheOrderOfTheSequences(
      @ForAll @Size(max = 40) List<@IntRange(max = 9) Integer> lengths,
      @ForAll @IntRange(min = 1, max = 7) int together,
      @ForAll @IntRange(min = 1, max = 30) int mostSteps,
      @ForAll @IntRange(min = 1, max = 3) int threads) {
    var batches = new ConcurrentSkipListMap<Integer, int[]>();
    var lent = new AtomicInteger();
    List<Integer> answers;
    try (var workers = new Workers(threads)) {
      answers =
          new LengthBatches(together, mostSteps)
              .map(
                  lengths.size(),
                  lengths::get,
                  new LengthBatches.Team<Integer>(
                      workers, (rows, use) -> use.accept(lent.incrementAndGet())),
                  (batch, buffers, team) -> {
                    assertThat(batches.put(batch.number(), batch.sequences())).isNull();
                    return Arrays.stream(batch.sequences()).boxed().toList();
                  });
    }
    assertThat(lent.get()).isEqualTo(batches.size() < 4 * threads ? 1 : threads);
    assertThat(answers).hasSameSizeAs(lengths);
    for (int i = 0; i < answers.size(); i++) {
      assertThat(answers.get(i)).isEqualTo(i);
    }
    for (int[] batch : batches.values()) {
      int longest = lengths.get(batch[batch.length - 1]);
      assertThat(batch.length).isBetween(1, together);
      assertThat(batch.length == 1 || batch.length * longest <= mostSteps).isTrue();
      assertThat(Arrays.stream(batch).map(lengths::get).max().orElseThrow()).isEqualTo(longest);
    }
  }

  /** Work that nobody waits for ends in every thread that does a part of it. */
  @Test
  void cancellationReachesEachThread() {
    Thread caller = Thread.currentThread();
    var bothRead = new CountDownLatch(2);
    try (var workers = new Workers(2)) {
      var team = new LengthBatches.Team<Integer>(workers, (rows, use) -> use.accept(0));
      assertThatThrownBy(
              () ->
                  Cancellation.until(
                      () -> Thread.currentThread() != caller,
                      () ->
                          new LengthBatches(1)
                              .map(
                                  8,
                                  sequence -> 1,
                                  team,
                                  (batch, buffers, own) -> {
                                    bothRead.countDown();
                                    await(bothRead);
                                    Cancellation.check();
                                    return List.of(batch.number());
                                  })))
          .isInstanceOf(CancellationException.class);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
