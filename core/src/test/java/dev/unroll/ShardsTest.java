package dev.unroll;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.unroll.base.InputException;
import dev.unroll.base.Precision;
import dev.unroll.base.Workers;
import dev.unroll.learn.Learner;
import dev.unroll.learn.Shard;
import dev.unroll.learn.ShardTask;
import dev.unroll.learn.ShardTree;
import dev.unroll.learn.ShardedLearner;
import dev.unroll.learn.ShardedLearner.ShardLoss;
import dev.unroll.learn.Shards;
import dev.unroll.task.Run;
import dev.unroll.train.Sharding;
import dev.unroll.train.Training;
import dev.unroll.train.TrainingListener;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every task, cut in shards. */
class ShardsTest {

  private static List<float[]> parameters(String task, Sharding sharding, int threads) {
    return TinyRun.ofShards(task, sharding, threads).stream()
        .map(run -> run.run(TrainingListener.NONE).parameters())
        .toList();
  }

  private static Sharding shards(int count) {
    return Sharding.NONE.withShards(count);
  }

  @ParameterizedTest
  @ValueSource(strings = {"lm", "classify", "tag", "transduce", "recognize", "forecast", "regress"})
  void theNumberOfThreadsChangesNoBit(String task) {
    var unlike = new ArrayList<>(parameters(task, shards(1), 1));
    for (Sharding sharding :
        List.of(
            shards(4),
            shards(4).withLocalSteps(2),
            shards(4).withGradientPrecision(Precision.BFLOAT16))) {
      var expected = parameters(task, sharding, 1);
      for (int threads = 2; threads <= 3; threads++) {
        assertThat(parameters(task, sharding, threads))
            .usingElementComparator(ShardsTest::compare)
            .isEqualTo(expected);
      }
      assertThat(unlike)
          .usingElementComparator(ShardsTest::compare)
          .doesNotContainAnyElementsOf(expected);
      unlike.addAll(expected);
    }
  }

  private static int compare(float[] one, float[] other) {
    return Arrays.compare(one, other);
  }

  /** All steps of an epoch, so that the states of streams are carried from shard to shard. */
  @ParameterizedTest
  @ValueSource(strings = {"lm", "classify", "tag", "transduce", "recognize", "forecast", "regress"})
  void shardsAddUpToTheGradientOfTheWholeBatch(String task) {
    for (int shards : new int[] {2, 3, 5, 7}) {
      for (Run<?> run : TinyRun.withoutNoise(task)) {
        var whole = (ShardedLearner) run.learner();
        var cut = (ShardedLearner) run.learner();
        float[] parameters = whole.initialize(7);
        int batches = whole.batches(0);
        for (int from = 0, number = 1; from < batches; from += 2, number++) {
          var step = Learner.Step.of(1, number, 0, from, Math.min(batches, from + 2));
          float[] expected = new float[parameters.length];
          float[] sums = new float[parameters.length];
          var one = Workers.single();
          Learner.Loss loss = whole.lossAndGradient(parameters, step, expected, one);
          Learner.Loss parts = cut(cut, shards, parameters, step, sums);
          whole.settle(true, parameters);
          cut.settle(true, parameters);
          assertThat(parts.targets()).isEqualTo(loss.targets());
          assertThat(parts.length()).isEqualTo(loss.length());
          assertThat(parts.sum()).isCloseTo(loss.sum(), within(1e-6 * Math.abs(loss.sum())));
          assertClose(sums, expected);
        }
      }
    }
  }

  /** The greatest difference is below 1e-5 of the greatest element. */
  private static void assertClose(float[] sums, float[] expected) {
    double greatest = 0;
    double difference = 0;
    for (int i = 0; i < sums.length; i++) {
      greatest = Math.max(greatest, Math.abs(expected[i]));
      difference = Math.max(difference, Math.abs((double) sums[i] - expected[i]));
    }
    assertThat(greatest).isPositive();
    assertThat(difference / greatest).isLessThan(1e-5);
  }

  private static Learner.Loss cut(
      ShardedLearner learner,
      int shards,
      float[] parameters,
      Learner.Step step,
      float[] gradients) {
    var one = Workers.single();
    learner.begin(parameters, step, one);
    var losses = new ArrayList<ShardLoss>();
    for (int number = 0; number < shards; number++) {
      var shard = new Shard(number, shards);
      losses.add(learner.shard(shard, learner.carried(shard), gradients, one));
    }
    learner.join(losses.stream().map(ShardLoss::carried).toList());
    return learner.loss(step, losses.stream().mapToDouble(ShardLoss::sum).sum());
  }

  /** Computes the shards in another order, by another learner. */
  private static Shards elsewhere(ShardedLearner there, Training options) {
    return (task, carried, sums, workers) -> {
      ShardTask.Work work = task.begin(there, options, workers);
      int shards = carried.size();
      var tree = new ShardTree(shards);
      var results = new ArrayList<ShardTask.Result>();
      for (int number = shards - 1; number >= 0; number--) {
        float[] own = new float[task.size()];
        results.add(work.compute(new Shard(number, shards), carried.get(number), own));
        tree.add(number, own, workers);
      }
      Collections.reverse(results);
      tree.addTo(sums, workers);
      return results;
    };
  }

  @ParameterizedTest
  @ValueSource(strings = {"lm", "classify", "tag", "transduce", "recognize", "forecast", "regress"})
  void whereShardsAreComputedChangesNoBit(String task) {
    for (Sharding sharding : List.of(shards(3), shards(3).withLocalSteps(3))) {
      var local = parameters(task, sharding, 2);
      int i = 0;
      for (Run<?> run : TinyRun.ofShards(task, sharding, 1)) {
        var elsewhere = elsewhere((ShardedLearner) run.learner(), run.options());
        var model = run.run(TrainingListener.NONE, elsewhere);
        assertThat(model.parameters()).isEqualTo(local.get(i++));
      }
    }
  }

  @Test
  void shardsWithoutSequencesAreRefused() {
    var run = TinyRun.ofShards("classify", 6, 1).getFirst();
    assertThatThrownBy(() -> run.run(TrainingListener.NONE))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("6 shards for batches of 5 sequences");
  }

  @Test
  void aRunSaysItsShards() {
    assertThat(TinyRun.ofShards("lm", 1, 1).getFirst().identity()).doesNotContainKey("shards");
    var sharded = TinyRun.ofShards("lm", 4, 1).getFirst();
    assertThat(sharded.identity()).containsEntry("shards", "4");
    var model = sharded.run(TrainingListener.NONE);
    assertThat(model.provenance().option("shards")).isEqualTo(4L);
    assertThat(TinyRun.ofShards("lm", shards(4).withLocalSteps(3), 1).getFirst().identity())
        .containsEntry("local steps", "3")
        .doesNotContainKey("gradient precision");
    var rounded = shards(4).withGradientPrecision(Precision.BFLOAT16);
    assertThat(TinyRun.ofShards("lm", rounded, 1).getFirst().identity())
        .containsEntry("gradient precision", "bfloat16")
        .doesNotContainKey("local steps");
  }

  @Test
  void whatShardsCannotDoIsRefused() {
    assertRefused(shards(1).withLocalSteps(2), "no shards that could make steps");
    assertRefused(shards(1).withGradientPrecision(Precision.BFLOAT16), "not cut into shards");
    assertRefused(
        shards(2).withLocalSteps(2).withGradientPrecision(Precision.BFLOAT16),
        "send parameters, not gradients");
    assertThatThrownBy(() -> shards(2).withGradientPrecision(Precision.INT8))
        .isInstanceOf(InputException.class);
    assertThatThrownBy(() -> shards(2).withLocalSteps(-1)).isInstanceOf(InputException.class);
  }

  private static void assertRefused(Sharding sharding, String why) {
    var run = TinyRun.ofShards("classify", sharding, 1).getFirst();
    assertThatThrownBy(() -> run.run(TrainingListener.NONE))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(why);
  }
}
