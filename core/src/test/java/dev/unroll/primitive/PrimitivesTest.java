package dev.unroll.primitive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** The collections of primitive numbers, against those of the JDK. */
class PrimitivesTest {

  @Property
  void aMapHoldsWhatWasPutLast(@ForAll @Size(max = 500) List<Long> keys) {
    var map = new LongIntMap();
    var expected = new HashMap<Long, Integer>();
    for (int i = 0; i < keys.size(); i++) {
      long key = i % 2 == 0 ? keys.get(i) : keys.get(i) & 0xf; // some come again
      map.put(key, i);
      expected.put(key, i);
    }
    expected.forEach((key, value) -> assertThat(map.get(key)).isEqualTo(value));
    for (long key = -20; key < 20; key++) {
      assertThat(map.get(key)).isEqualTo(expected.getOrDefault(key, LongIntMap.NONE));
    }
  }

  @Test
  void listsGrow() {
    var ints = IntList.of(7);
    var longs = LongList.of(7);
    var doubles = DoubleList.of(7);
    for (int i = 1; i < 1000; i++) {
      ints.add(i);
      longs.add(i);
      doubles.add(i);
    }
    ints.set(3, 33);
    ints.replaceAll(value -> 2 * value);
    assertThat(ints.get(0)).isEqualTo(14);
    assertThat(ints.toArray()).hasSize(1000).endsWith(1998).contains(66);
    assertThat(longs.toArray()).hasSize(1000).startsWith(7).endsWith(999);
    assertThat(doubles.toArray()).hasSize(1000).startsWith(7).endsWith(999);
    assertThatThrownBy(() -> ints.get(1000)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> longs.get(1000)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void arraysGrowToTheLongestAndNoFurther() {
    assertThat(Growth.next(16)).isEqualTo(25);
    assertThat(Growth.next(2_000_000_000)).isEqualTo(Integer.MAX_VALUE - 8);
    assertThatThrownBy(() -> Growth.next(Integer.MAX_VALUE - 8))
        .isInstanceOf(OutOfMemoryError.class);
  }
}
