package dev.unroll.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unroll.base.Workers;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShardTreeTest {

  private static final Workers ONE = Workers.single();

  /** Numbers whose sum depends on its order. */
  private static List<float[]> gradients(int shards) {
    var random = new Random(shards);
    return IntStream.range(0, shards)
        .mapToObj(
            shard -> {
              float[] values = new float[37];
              for (int i = 0; i < values.length; i++) {
                values[i] = (float) (random.nextGaussian() * Math.pow(10, random.nextInt(6)));
              }
              return values;
            })
        .toList();
  }

  /** The definition of the order. */
  private static float[] sum(List<float[]> gradients, int from, int to) {
    if (to - from == 1) {
      return gradients.get(from);
    }
    int half = Math.max(1, Integer.highestOneBit(to - from - 1));
    float[] left = sum(gradients, from, from + half).clone();
    float[] right = sum(gradients, from + half, to);
    for (int i = 0; i < left.length; i++) {
      left[i] += right[i];
    }
    return left;
  }

  private static float[] root(ShardTree tree) {
    float[] sums = new float[37];
    tree.addTo(sums, ONE);
    return sums;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 13, 16, 21})
  void theOrderOfArrivalChangesNoBit(int shards) {
    var gradients = gradients(shards);
    float[] expected = sum(gradients, 0, shards);
    var order = new ArrayList<>(IntStream.range(0, shards).boxed().toList());
    for (int time = 0; time < 20; time++) {
      var tree = new ShardTree(shards);
      order.forEach(shard -> tree.add(shard, gradients.get(shard).clone(), ONE));
      assertThat(root(tree)).containsExactly(expected);
      Collections.shuffle(order, new Random(time));
    }
  }

  /** Each machine adds up what it can of its own shards, and sends the rest. */
  @ParameterizedTest
  @ValueSource(ints = {2, 5, 7, 8, 13, 21})
  void whichMachineAddsUpWhatChangesNoBit(int shards) {
    var gradients = gradients(shards);
    for (int machines = 1; machines <= 4; machines++) {
      var random = new Random(machines);
      var parts = new ArrayList<ShardTree>();
      for (int i = 0; i < machines; i++) {
        parts.add(new ShardTree(shards));
      }
      for (int shard = 0; shard < shards; shard++) {
        parts.get(random.nextInt(machines)).add(shard, gradients.get(shard).clone(), ONE);
      }
      Collections.shuffle(parts, random);
      var driver = new ShardTree(shards);
      parts.forEach(part -> part.nodes().forEach(node -> driver.add(node, ONE)));
      assertThat(root(driver)).containsExactly(sum(gradients, 0, shards));
    }
  }

  @Test
  void ofShardsInTheirOrderFewWait() {
    var tree = new ShardTree(64);
    for (int shard = 0; shard < 64; shard++) {
      tree.add(shard, new float[1], ONE);
      assertThat(tree.nodes()).hasSizeLessThanOrEqualTo(6);
    }
  }

  @Test
  void aShardIsAddedOnce() {
    var tree = new ShardTree(5);
    tree.add(0, new float[1], ONE);
    tree.add(1, new float[1], ONE);
    for (int shard : new int[] {0, 1, 5, -1}) {
      assertThatThrownBy(() -> tree.add(shard, new float[1], ONE))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("shard " + shard);
    }
    var overlapping = new ShardTree.Node(0, 2, new float[1]);
    assertThatThrownBy(() -> tree.add(overlapping, ONE))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> tree.addTo(new float[1], ONE))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void everySequenceIsInOneShard() {
    for (int count = 1; count < 12; count++) {
      for (int sequences = 0; sequences < 30; sequences++) {
        int next = 0;
        for (int number = 0; number < count; number++) {
          var shard = new Shard(number, count);
          assertThat(shard.from(sequences)).isEqualTo(next);
          next = shard.to(sequences);
          assertThat(next - shard.from(sequences))
              .isBetween(sequences / count, sequences / count + 1);
        }
        assertThat(next).isEqualTo(sequences);
      }
    }
  }
}
