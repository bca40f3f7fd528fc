package dev.unroll.task;

import static org.assertj.core.api.Assertions.assertThat;

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
}
