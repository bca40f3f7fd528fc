package dev.unroll.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.unroll.base.Workers;
import dev.unroll.data.Reading;
import dev.unroll.learn.Learner.Step;
import dev.unroll.network.Network;
import dev.unroll.task.lm.LanguageLearner;
import dev.unroll.task.lm.LanguageNetwork;
import dev.unroll.train.ForwardingLearner;
import dev.unroll.train.LayerRate;
import dev.unroll.train.Schedule;
import dev.unroll.train.ScriptedShards;
import dev.unroll.train.Sharding;
import dev.unroll.train.TinyText;
import dev.unroll.train.Training;
import dev.unroll.train.TrainingException;
import dev.unroll.train.TrainingListener;
import dev.unroll.train.Validation;
import dev.unroll.train.WeightDecay;
import dev.unroll.train.optimizer.Adagrad;
import dev.unroll.train.optimizer.Adam;
import dev.unroll.train.optimizer.Optimizer;
import dev.unroll.train.optimizer.ReferenceOptimizer;
import dev.unroll.train.optimizer.RmsProp;
import dev.unroll.train.optimizer.Sgd;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Local SGD: shards that make some steps by themselves, and then are averaged. */
class LocalStepsTest {

  private static final TinyText TEXT = TinyText.sample();

  private static Training options(int shards, int localSteps) {
    return Training.defaults()
        .withBatch(5, 7)
        .withEpochs(2)
        .withValidation(5, 0)
        .withSharding(Sharding.NONE.withShards(shards).withLocalSteps(localSteps));
  }

  private static LanguageLearner language(Training options) {
    Network network = Network.lstm(4).withLearnedStart(true).withDropout(0.2);
    var built = new LanguageNetwork(network, TEXT.tokenizer().size());
    return new LanguageLearner(built, TEXT.part(0, 30), TEXT.part(30, 40), options);
  }

  /** Returns what is validated. */
  private static List<float[]> parameters(ShardedLearner learner, Training options) {
    var judged = new ArrayList<float[]>();
    var watched =
        new ForwardingLearner(learner) {
          @Override
          public Validation validate(float[] parameters, Workers workers) {
            judged.add(parameters.clone());
            return super.validate(parameters, workers);
          }
        };
    new Trainer(watched, options, Workers.single(), TrainingListener.NONE).run();
    return judged;
  }

  /** The algorithm in double precision; the gradients are those of the engine. */
  private static List<double[]> reference(ShardedLearner learner, Training options) {
    int shards = options.shards();
    double[] theta = doubles(learner.initialize(options.seed()));
    List<ReferenceOptimizer> moments = new ArrayList<>();
    for (int i = 0; i < theta.length; i++) {
      moments.add(new ReferenceOptimizer(options.optimizer()));
    }
    int perEpoch = Math.ceilDiv(learner.batches(0), options.accumulate());
    int all = options.epochs() * perEpoch;
    List<Map<String, float[]>> carried = ShardedGradient.carried(learner, shards);
    var judged = new ArrayList<double[]>();
    for (int before = 0; before < all; ) {
      int end =
          Math.min(before + options.sharding().localSteps(), (before / perEpoch + 1) * perEpoch);
      end = Math.min(end, (before / options.validateEvery() + 1) * options.validateEvery());
      var replicas = new ArrayList<Replica>();
      for (int k = 0; k < shards; k++) {
        var own = new Replica(theta.clone(), copies(moments), carried.get(k));
        for (int step = before; step < end; step++) {
          own = own.step(learner, options, new Shard(k, shards), step, all);
        }
        replicas.add(own);
      }
      before = end;
      for (int i = 0; i < theta.length; i++) {
        int at = i;
        theta[i] = replicas.stream().mapToDouble(each -> each.theta[at]).average().orElseThrow();
        moments.set(
            i,
            ReferenceOptimizer.mean(replicas.stream().map(each -> each.moments.get(at)).toList()));
      }
      carried = replicas.stream().map(Replica::carried).toList();
      if (before % options.validateEvery() == 0 || before == all) {
        judged.add(theta.clone());
      }
    }
    return judged;
  }

  private record Replica(
      double[] theta, List<ReferenceOptimizer> moments, Map<String, float[]> carried) {

    /** One step by itself, with the number of those before it. */
    Replica step(ShardedLearner learner, Training options, Shard shard, int before, int all) {
      int perEpoch = Math.ceilDiv(learner.batches(0), options.accumulate());
      int from = before % perEpoch * options.accumulate();
      int to = Math.min(learner.batches(0), from + options.accumulate());
      int epoch = before / perEpoch;
      var step = Step.of(options.seed(), before + 1, epoch, from, to);
      float[] gradients = new float[theta.length];
      learner.begin(floats(theta), step, Workers.single());
      var found = learner.shard(shard, carried, gradients, Workers.single());
      double[] g = doubles(gradients);
      double squares = 0;
      for (int i = 0; i < g.length; i++) {
        g[i] = g[i] * shard.count();
        if (options.clipValue() > 0) {
          g[i] = Math.clamp(g[i], -options.clipValue(), options.clipValue());
        }
        squares += g[i] * g[i];
      }
      double scale = Math.min(1, options.clipNorm() / Math.sqrt(squares));
      var now = new Schedule.Moment(before + 1L, all, epoch + 1, 0);
      double rise = Math.min(1, (before + 1.0) / Math.max(1, options.warmupSteps()));
      double rate = options.optimizer().rate() * options.schedule().factor(now) * rise;
      WeightDecay decay = options.weightDecay();
      for (int i = 0; i < g.length; i++) {
        double coupled = decay.decoupled() ? 0 : decay.value() * theta[i];
        double shrink = decay.decoupled() ? rate * decay.value() * theta[i] : 0;
        theta[i] -= shrink + moments.get(i).change(scale * g[i] + coupled, rate);
      }
      return new Replica(theta, moments, found.carried());
    }
  }

  private static List<ReferenceOptimizer> copies(List<ReferenceOptimizer> some) {
    return new ArrayList<>(some.stream().map(ReferenceOptimizer::copy).toList());
  }

  private static double[] doubles(float[] values) {
    return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
  }

  private static float[] floats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }

  static Stream<Training> cases() {
    Optimizer adam = new Adam(0.01, 0.9, 0.99, 1e-3); // a large ε: rounding stays small
    return Stream.of(
        options(3, 3).withOptimizer(adam).withWeightDecay(new WeightDecay(0.1, true)),
        options(3, 4).withOptimizer(new Sgd(0.5, 0.9)).withAccumulation(2).withClipping(0.3, 0),
        options(5, 2)
            .withOptimizer(new Sgd(0.5, 0.5, true))
            .withSchedule(new Schedule.OneCycle(0.3, 0.04, 0.001), 4)
            .withClipping(0.5, 0.02),
        options(2, 3)
            .withOptimizer(new RmsProp(0.01, 0.9, 1e-3, 0.5))
            .withReading(Reading.SENTENCES)
            .withWeightDecay(new WeightDecay(0.01, false)),
        options(4, 7).withOptimizer(new Adagrad(0.05, 1e-3)));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void followsItsDefinitionInDoublePrecision(Training options) {
    var expected = reference(language(options), options);
    var found = parameters(language(options), options);
    assertThat(found).hasSameSizeAs(expected).hasSizeGreaterThan(3);
    double[] start = doubles(language(options).initialize(options.seed()));
    for (int v = 0; v < found.size(); v++) {
      double moved = 0;
      double difference = 0;
      for (int i = 0; i < start.length; i++) {
        moved = Math.max(moved, Math.abs(expected.get(v)[i] - start[i]));
        difference = Math.max(difference, Math.abs(found.get(v)[i] - expected.get(v)[i]));
      }
      assertThat(difference / moved).as("validation %d", v).isLessThan(1e-4);
    }
  }

  /**
   * The mean of the shards' steps is the step with the sum of their shares, as plain SGD, momentum
   * and weight decay are linear. Clipping is not: each shard clips by itself.
   */
  @Test
  void oneLocalStepOfSgdIsAStepOfAllShards() {
    var options =
        options(3, 0)
            .withOptimizer(new Sgd(0.5, 0.9))
            .withWeightDecay(new WeightDecay(0.01, false))
            .withClipping(0, 0);
    var local = options.withSharding(options.sharding().withLocalSteps(1));
    var expected = parameters(language(options), options);
    var found = parameters(language(local), local);
    for (int v = 0; v < expected.size(); v++) {
      for (int i = 0; i < expected.get(v).length; i++) {
        assertThat(found.get(v)[i]).isCloseTo(expected.get(v)[i], within(2e-6f));
      }
    }
    var more = options.withSharding(options.sharding().withLocalSteps(2));
    assertThat(parameters(language(more), more).getLast()).isNotEqualTo(found.getLast());
  }

  /** Thirds of sums are rounded; what no shard moves does not move. */
  @Test
  void frozenLayersStayAsTheyAre() {
    var options = options(3, 2).withLayerRates(List.of(new LayerRate("embedding", 0, 0)));
    var learner = language(options);
    float[] first = learner.initialize(options.seed());
    LayerRate rate = options.layerRates().getFirst();
    var frozen = learner.slices().stream().filter(slice -> rate.isOf(slice.name())).toList();
    float[] last = parameters(learner, options).getLast();
    assertThat(frozen).isNotEmpty();
    frozen.forEach(
        slice ->
            assertThat(Arrays.copyOfRange(last, slice.offset(), slice.offset() + slice.size()))
                .containsExactly(
                    Arrays.copyOfRange(first, slice.offset(), slice.offset() + slice.size())));
    assertThat(last).isNotEqualTo(first);
  }

  private static Training scripted(int localSteps) {
    return options(2, localSteps)
        .withOptimizer(new Sgd(0.1, 0.5))
        .withSchedule(new Schedule.Constant(), 0)
        .withClipping(0, 0)
        .withEpochs(1);
  }

  /** Of ten steps in rounds of three, the second shard fails in the fifth: three are skipped. */
  @Test
  void aRoundOfAShardThatFailsIsSkipped() {
    var skipped = new ArrayList<Long>();
    var applied = new ArrayList<Long>();
    var listener =
        new TrainingListener() {
          @Override
          public void onStep(StepReport report) {
            applied.add(report.step());
          }

          @Override
          public void onSkipped(StepReport report) {
            skipped.add(report.step());
          }
        };
    var learner = new ScriptedShards(3, 10, (batch, shard) -> batch == 4 && shard == 1);
    var options = scripted(3).withValidation(0, 0);
    var outcome = new Trainer(learner, options, Workers.single(), listener).run();
    assertThat(skipped).containsExactly(5L);
    assertThat(applied).containsExactly(1L, 2L, 3L, 7L, 8L, 9L, 10L);
    assertThat(outcome.skipped()).isEqualTo(1);
    assertThat(learner.settled).containsExactly(true, false, true, true);
    assertThat(learner.begun(6, 0)).containsExactly(learner.begun(3, 0));
    assertThat(learner.begun(6, 1)).containsExactly(learner.begun(3, 0));
    double v = 0;
    double theta = learner.initialize(1)[1];
    for (int batch : new int[] {0, 1, 2, 6, 7, 8, 9}) { // linear: the mean of both shards
      v = 0.5 * v + ScriptedShards.gradient(batch, 0, 1) + ScriptedShards.gradient(batch, 1, 1);
      theta -= 0.1 * v;
    }
    assertThat((double) outcome.parameters()[1]).isCloseTo(theta, within(1e-6));
  }

  @Test
  void fiveRoundsThatFailEndTheRun() {
    var learner = new ScriptedShards(3, 20, (batch, shard) -> batch % 3 == 2);
    var options = scripted(3).withValidation(0, 0);
    var trainer = new Trainer(learner, options, Workers.single(), TrainingListener.NONE);
    assertThatThrownBy(trainer::run)
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining("5 rounds in a row, up to step 15");
  }

  /** Of averaged SGD each round is one set of parameters. */
  @Test
  void roundsAreAveraged() {
    var learner = new ScriptedShards(3, 12, (batch, shard) -> false, 1, 1.5, 2, 0.5);
    var options = scripted(2).withValidation(3, 0).withAveraging(1);
    new Trainer(learner, options, Workers.single(), TrainingListener.NONE).run();
    double v = 0;
    double theta = learner.initialize(1)[2];
    double mean = 0;
    int averaged = 0;
    for (int batch = 0; batch < 12; batch++) {
      v = 0.5 * v + ScriptedShards.gradient(batch, 0, 2) + ScriptedShards.gradient(batch, 1, 2);
      theta -= 0.1 * v;
      if (batch == 8 || batch == 10 || batch == 11) { // where it begins; ends of rounds
        averaged++;
        mean += (theta - mean) / averaged;
      }
    }
    assertThat((double) learner.judged.get(3)[2]).isCloseTo(mean, within(1e-6));
  }
}
