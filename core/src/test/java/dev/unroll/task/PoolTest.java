package dev.unroll.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PoolTest {

  private final AtomicInteger made = new AtomicInteger();
  private final Pool<Integer> pool = new Pool<>(made::incrementAndGet);

  @Test
  void buffersAreUsedAgain() {
    int first = pool.use(1, one -> one);
    int second = pool.use(1, one -> one);
    assertThat(second).isEqualTo(first);
    assertThat(made).hasValue(1);
  }

  @Test
  void noTwoUsersHaveTheSame() {
    boolean same = pool.use(1, one -> pool.use(1, other -> one.equals(other)));
    assertThat(same).isFalse();
    assertThat(made).hasValue(2);
  }

  @Test
  void buffersThatALongTextHasGrownAreNotKept() {
    int first = pool.use(1, one -> one);
    int longer = pool.use(Pool.MOST_ROWS + 1L, one -> one);
    int next = pool.use(Pool.MOST_ROWS, one -> one);
    assertThat(List.of(longer, next)).containsExactly(first + 1, first);
    assertThat(pool.size()).isEqualTo(1);
  }

  @Test
  void buffersOfACallThatFailedAreNotKept() {
    assertThatThrownBy(
            () ->
                pool.run(
                    1,
                    one -> {
                      throw new IllegalStateException();
                    }))
        .isInstanceOf(IllegalStateException.class);
    assertThat(pool.size()).isZero();
  }

  @Test
  void manyCallsAtOnceLeaveAFew() {
    nested(1000);
    assertThat(made).hasValue(1000);
    int processors = Runtime.getRuntime().availableProcessors();
    assertThat(pool.size()).isPositive().isLessThanOrEqualTo(4 * processors);
  }

  private void nested(int more) {
    pool.run(
        1,
        one -> {
          if (more > 1) {
            nested(more - 1);
          }
        });
  }
}
