package dev.unroll.task.label;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroll.base.Direction;
import dev.unroll.base.PoolingKind;
import dev.unroll.base.Precision;
import dev.unroll.base.Workers;
import dev.unroll.kernel.CounterRandom;
import dev.unroll.learn.Trainer;
import dev.unroll.network.Network;
import dev.unroll.task.label.LabelExamples.Sequence;
import dev.unroll.train.Training;
import dev.unroll.train.TrainingListener;
import dev.unroll.train.Validation;
import dev.unroll.train.optimizer.Adam;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Networks that label learn rules which only the whole sequence, both ways, or spelling tells. */
class LabelLearnerTest {

  private static final int TOKENS = 6;

  private static final Training OPTIONS =
      Training.defaults().withEpochs(25).withBatch(16, 64).withOptimizer(new Adam(0.01));

  /** Whether the sequence has more of token 0 than of token 1. */
  private static LabelExamples counted(int count, long seed) {
    var random = CounterRandom.of(seed, CounterRandom.Purpose.SAMPLING, 11);
    var list = new ArrayList<Sequence>();
    for (int i = 0; i < count; i++) {
      var own = random.part(i);
      int[] tokens =
          IntStream.range(0, 1 + (int) own.below(99, 12))
              .map(t -> (int) own.below(t, TOKENS))
              .toArray();
      long zeros = IntStream.of(tokens).filter(token -> token == 0).count();
      long ones = IntStream.of(tokens).filter(token -> token == 1).count();
      list.add(new Sequence(tokens, new int[0], new int[] {zeros > ones ? 1 : 0}));
    }
    return new LabelExamples(list, List.of());
  }

  /** Each step's label is the token that follows it; the last has label 0. */
  private static LabelExamples followed(int count, long seed) {
    var list = new ArrayList<Sequence>();
    for (Sequence sequence : counted(count, seed).sequences()) {
      int[] tokens = sequence.tokens();
      int[] labels =
          IntStream.range(0, tokens.length)
              .map(t -> t + 1 < tokens.length ? tokens[t + 1] : 0)
              .toArray();
      list.add(new Sequence(tokens, new int[0], labels));
    }
    return new LabelExamples(list, List.of());
  }

  /** The token says nothing; each step's label is the last character of its word. */
  private static LabelExamples spelled(int count, long seed) {
    var random = CounterRandom.of(seed, CounterRandom.Purpose.SAMPLING, 12);
    var spellings = new ArrayList<int[]>();
    for (int word = 0; word < 40; word++) {
      var own = random.part(1000 + word);
      spellings.add(
          IntStream.range(0, 1 + (int) own.below(50, 6)).map(t -> (int) own.below(t, 3)).toArray());
    }
    var list = new ArrayList<Sequence>();
    for (int i = 0; i < count; i++) {
      var own = random.part(i);
      int[] words = IntStream.range(0, 7).map(t -> (int) own.below(t, 40)).toArray();
      int[] labels =
          IntStream.of(words)
              .map(word -> spellings.get(word)[spellings.get(word).length - 1])
              .toArray();
      list.add(new Sequence(new int[7], words, labels));
    }
    return new LabelExamples(list, spellings);
  }

  private static double shareRight(LabelExamples data, List<int[]> labels) {
    int right = 0;
    int all = 0;
    for (int i = 0; i < data.size(); i++) {
      int[] wanted = data.sequences().get(i).labels();
      assertThat(labels.get(i)).hasSameSizeAs(wanted);
      for (int t = 0; t < wanted.length; t++) {
        right += wanted[t] == labels.get(i)[t] ? 1 : 0;
        all++;
      }
    }
    return (double) right / all;
  }

  private static Trainer.Outcome train(
      LabelNetwork network, LabelExamples training, LabelExamples validation, int threads) {
    try (var workers = new Workers(threads)) {
      LabelJudge judge =
          labels -> new Validation.Measure("accuracy", shareRight(validation, labels));
      var learner =
          new LabelLearner(
              network, List.of(training, validation), OPTIONS, judge, LabelLearner.Given.NOTHING);
      return new Trainer(learner, OPTIONS, workers, TrainingListener.NONE).run();
    }
  }

  private static double accuracy(LabelNetwork network, float[] parameters, LabelExamples data) {
    var weights = network.newWeights(Precision.FLOAT32);
    network.packForward(parameters, weights, Workers.single());
    return shareRight(data, new LabelEvaluator(network, data).labels(weights, Workers.single()));
  }

  @ParameterizedTest
  @EnumSource
  void learnsWhatTheWholeSequenceTells(PoolingKind pooling) {
    var description =
        new LabelSpec(
            Network.lstm(16).withDirection(Direction.BOTH).withDropout(0.1),
            null,
            new LabelSpec.PerSequence(2, pooling, false));
    var network = new LabelNetwork(description, TOKENS, 0);
    var outcome = train(network, counted(300, 1), counted(100, 2), 1);
    assertThat(accuracy(network, outcome.parameters(), counted(100, 3))).isGreaterThan(0.9);
    assertThat(train(network, counted(300, 1), counted(100, 2), 3).parameters())
        .isEqualTo(outcome.parameters());
  }

  @Test
  void tagsByWhatFollowsWhereItReadsBothWays() {
    for (Direction direction : List.of(Direction.BOTH, Direction.FORWARD)) {
      for (boolean crf : new boolean[] {true, false}) {
        var description =
            new LabelSpec(
                Network.gru(16).withDirection(direction), null, new LabelSpec.PerStep(TOKENS, crf));
        var network = new LabelNetwork(description, TOKENS, 0);
        var outcome = train(network, followed(200, 1), followed(50, 2), 1);
        double accuracy = accuracy(network, outcome.parameters(), followed(50, 3));
        if (direction == Direction.BOTH) {
          assertThat(accuracy).isGreaterThan(0.97);
        } else {
          assertThat(accuracy).isLessThan(0.6);
        }
      }
    }
  }

  @Test
  void tagsByTheSpellingOfWords() {
    var description =
        new LabelSpec(Network.lstm(12), new Spelling(6, 8), new LabelSpec.PerStep(3, false));
    var network = new LabelNetwork(description, 1, 3);
    var outcome = train(network, spelled(150, 1), spelled(40, 1), 2);
    assertThat(accuracy(network, outcome.parameters(), spelled(40, 1))).isGreaterThan(0.97);
  }
}
