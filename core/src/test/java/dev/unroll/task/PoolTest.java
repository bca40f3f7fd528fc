package dev.unroll.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PoolTest {

  private final AtomicInteger made = new AtomicInteger();
  private final Pool<Integer> pool = new Pool<>(made::incrementAndGet);

  @Test
  void buffersAreUsedAgain() {
    int first = pool.use(one -> one);
    int second = pool.use(one -> one);
    assertThat(second).isEqualTo(first);
    assertThat(made).hasValue(1);
  }

  @Test
  void noTwoUsersHaveTheSame() {
    boolean same = pool.use(one -> pool.use(other -> one.equals(other)));
    assertThat(same).isFalse();
    assertThat(made).hasValue(2);
  }
}
