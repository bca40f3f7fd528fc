package dev.unroll;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.unroll.base.InputException;
import dev.unroll.base.Workers;
import dev.unroll.learn.ShardTree;
import dev.unroll.learn.StepGradient;
import dev.unroll.learn.Trainer;
import dev.unroll.task.Run;
import dev.unroll.train.Learner;
import dev.unroll.train.Shard;
import dev.unroll.train.ShardedLearner;
import dev.unroll.train.ShardedLearner.ShardLoss;
import dev.unroll.train.TrainingListener;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every task, cut in shards. */
class ShardsTest {

  private static List<float[]> parameters(String task, int shards, int threads) {
    return TinyRun.ofShards(task, shards, threads).stream()
        .map(run -> run.run(TrainingListener.NONE).parameters())
        .toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"lm", "classify", "tag", "transduce", "recognize", "forecast", "regress"})
  void theNumberOfThreadsChangesNoBit(String task) {
    var expected = parameters(task, 4, 1);
    for (int threads = 2; threads <= 3; threads++) {
      assertThat(parameters(task, 4, threads))
          .usingElementComparator(ShardsTest::compare)
          .isEqualTo(expected);
    }
    assertThat(parameters(task, 1, 1))
        .usingElementComparator(ShardsTest::compare)
        .doesNotContainAnyElementsOf(expected);
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
          Learner.Loss parts =
              elsewhere(cut, cut, shards).lossAndGradient(parameters, step, sums, one);
          whole.settle(true);
          cut.settle(true);
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

  /** Computes the shards in another order, by another learner. */
  private static StepGradient elsewhere(ShardedLearner here, ShardedLearner there, int shards) {
    return (parameters, step, gradients, workers) -> {
      here.begin(parameters, step, workers);
      var sent = new ArrayList<Map<String, float[]>>();
      for (int number = 0; number < shards; number++) {
        sent.add(here.carried(new Shard(number, shards)));
      }
      there.begin(parameters, step, workers);
      var tree = new ShardTree(shards);
      var losses = new ArrayList<ShardLoss>();
      for (int number = shards - 1; number >= 0; number--) {
        float[] own = new float[gradients.length];
        losses.add(there.shard(new Shard(number, shards), sent.get(number), own, workers));
        tree.add(number, own, workers);
      }
      Collections.reverse(losses);
      tree.addTo(gradients, workers);
      return here.end(losses);
    };
  }

  @ParameterizedTest
  @ValueSource(strings = {"lm", "classify", "tag", "transduce", "recognize", "forecast", "regress"})
  void whereShardsAreComputedChangesNoBit(String task) {
    var local = parameters(task, 3, 2);
    int i = 0;
    for (Run<?> run : TinyRun.ofShards(task, 3, 1)) {
      var here = (ShardedLearner) run.learner();
      var elsewhere = elsewhere(here, (ShardedLearner) run.learner(), 3);
      try (var workers = new Workers(1)) {
        var outcome =
            new Trainer(here, elsewhere, run.options(), workers, TrainingListener.NONE).run();
        assertThat(outcome.parameters()).containsExactly(local.get(i++));
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
  }
}
