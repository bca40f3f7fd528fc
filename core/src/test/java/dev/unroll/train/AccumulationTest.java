package dev.unroll.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.unroll.base.Workers;
import dev.unroll.data.Reading;
import dev.unroll.kernel.CounterRandom;
import dev.unroll.learn.Learner;
import dev.unroll.learn.Trainer;
import dev.unroll.network.Network;
import dev.unroll.task.label.LabelExamples;
import dev.unroll.task.label.LabelExamples.Sequence;
import dev.unroll.task.label.LabelJudge;
import dev.unroll.task.label.LabelLearner;
import dev.unroll.task.label.LabelNetwork;
import dev.unroll.task.label.LabelSpec;
import dev.unroll.task.label.TokenVectors;
import dev.unroll.task.lm.LanguageLearner;
import dev.unroll.task.lm.LanguageNetwork;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Batches whose gradients are added up: the gradient of the mean over the targets of them all. */
class AccumulationTest {

  private static final TinyText TEXT = TinyText.sample();
  private static final CounterRandom RANDOM = CounterRandom.of(1, CounterRandom.Purpose.DROPOUT, 1);

  private record Found(Learner.Loss loss, float[] gradients) {}

  private static Found found(Learner learner, int from, int to) {
    float[] parameters = learner.initialize(3);
    float[] gradients = new float[parameters.length];
    var step = new Learner.Step(0, from, to, RANDOM);
    var loss = learner.lossAndGradient(parameters, step, gradients, Workers.single());
    return new Found(loss, gradients);
  }

  private static Learner language(Reading reading, int batch, Objective objective) {
    var options =
        Training.defaults().withReading(reading).withBatch(batch, 12).withObjective(objective);
    var network = new LanguageNetwork(Network.lstm(8).withLearnedStart(true), 29);
    return new LanguageLearner(network, TEXT, TEXT, options);
  }

  private static void assertSame(Found some, double loss, int targets, double[] gradients) {
    assertThat(some.loss.sum()).isCloseTo(loss, within(1e-4 * loss));
    assertThat(some.loss.targets()).isEqualTo(targets);
    for (int i = 0; i < gradients.length; i++) {
      assertThat((double) some.gradients[i])
          .as("gradient %d", i)
          .isCloseTo(gradients[i], within(2e-6));
    }
  }

  private static double[] doubles(float[] values) {
    return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
  }

  /** Sentences are of unequal lengths: the mean is over tokens, not over batches. */
  @Test
  void manySmallBatchesOfSentencesAreOneLargeOne() {
    var objective = new Objective(0.1, 2, 0);
    var small = language(Reading.SENTENCES, 5, objective);
    var large = found(language(Reading.SENTENCES, 1000, objective), 0, 1);
    var some = found(small, 0, small.batches(0));
    assertThat(small.batches(0)).isGreaterThan(8);
    assertSame(some, large.loss.sum(), large.loss.targets(), doubles(large.gradients));
  }

  @Test
  void labelsOfManySmallBatchesAreThoseOfALargeOne() {
    var sequences =
        new LabelExamples(
            IntStream.range(0, 23)
                .mapToObj(i -> IntStream.range(0, 1 + i % 6).map(t -> (i + t) % 5).toArray())
                .map(tokens -> new Sequence(tokens, new int[0], tokens))
                .toList(),
            List.of());
    var description = new LabelSpec(Network.gru(6), null, new LabelSpec.PerStep(5, false));
    LabelJudge judge = labels -> new Validation.Measure("none", 0);
    var learners =
        IntStream.of(3, 1000)
            .mapToObj(
                batch ->
                    new LabelLearner(
                        new LabelNetwork(description, 5, 0),
                        List.of(sequences, sequences),
                        Training.defaults().withBatch(batch, 12),
                        judge,
                        new LabelLearner.Given(new float[] {1, 2, 1, 0.5f, 1}, TokenVectors.NONE)))
            .toList();
    var large = found(learners.get(1), 0, 1);
    var some = found(learners.get(0), 0, 8);
    assertThat(learners.get(0).batches(0)).isEqualTo(8);
    assertSame(some, large.loss.sum(), large.loss.targets(), doubles(large.gradients));
  }

  /** Each batch continues where the one before it ended, whether they are one step or several. */
  @Test
  void batchesOfAStreamCountByTheirTokensAndGoOnFromOneAnother() {
    var objective = new Objective(0.1, 2, 1);
    int count = language(Reading.STREAM, 7, objective).batches(0);
    var all = found(language(Reading.STREAM, 7, objective), 0, count);
    var alone = language(Reading.STREAM, 7, objective);
    double loss = 0;
    double[] gradients = new double[all.gradients.length];
    for (int batch = 0; batch < count; batch++) {
      var one = found(alone, batch, batch + 1);
      alone.settle(true, alone.initialize(3));
      loss += one.loss.sum();
      for (int i = 0; i < gradients.length; i++) {
        gradients[i] += (double) one.gradients[i] * one.loss.targets() / TEXT.size();
      }
    }
    assertThat(count).isGreaterThan(8);
    assertSame(all, loss, (int) TEXT.size(), gradients);
  }

  /** An epoch's last step has the batches that are left. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 8})
  void everyBatchOfAnEpochIsInOneStep(int accumulate) {
    var learner = new ScriptedLearner(2, 7, n -> 1, 1);
    var options = Training.defaults().withAccumulation(accumulate).withEpochs(3);
    var outcome = new Trainer(learner, options, Workers.single(), TrainingListener.NONE).run();
    assertThat(outcome.steps()).isEqualTo(3 * ((7 + accumulate - 1) / accumulate));
    int next = 0;
    for (Learner.Step step : learner.steps) {
      assertThat(step.epoch() * 7 + step.from()).isEqualTo(next);
      assertThat(step.to()).isEqualTo(Math.min(7, step.from() + accumulate));
      next = step.epoch() * 7 + step.to();
    }
    assertThat(next).isEqualTo(21);
  }
}
