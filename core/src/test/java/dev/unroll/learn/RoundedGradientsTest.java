package dev.unroll.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.unroll.base.Precision;
import dev.unroll.base.Workers;
import dev.unroll.network.Network;
import dev.unroll.task.lm.LanguageLearner;
import dev.unroll.task.lm.LanguageNetwork;
import dev.unroll.train.Schedule;
import dev.unroll.train.ScriptedShards;
import dev.unroll.train.Sharding;
import dev.unroll.train.TinyText;
import dev.unroll.train.Training;
import dev.unroll.train.TrainingInterruptedException;
import dev.unroll.train.TrainingListener;
import dev.unroll.train.optimizer.Sgd;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Gradients that shards send as bfloat16, with error feedback. */
class RoundedGradientsTest {

  private static final Workers ONE = Workers.single();

  private static Training options(int shards) {
    return Training.defaults()
        .withEpochs(1)
        .withBatch(5, 7)
        .withSharding(Sharding.NONE.withShards(shards).withGradientPrecision(Precision.BFLOAT16));
  }

  @Test
  void twoBytesHoldARoundedValue() {
    float[] values = {0f, -0f, 1.00390625f, -3e38f, 1e-40f, Float.POSITIVE_INFINITY, 0.1f};
    RoundedGradients.round(values, ONE);
    assertThat(RoundedGradients.unpack(RoundedGradients.pack(values))).containsExactly(values);
    float strange = Float.intBitsToFloat(0x7f800001); // its upper half is that of infinity
    assertThat(RoundedGradients.unpack(RoundedGradients.pack(new float[] {strange})))
        .containsExactly(Float.NaN);
  }

  /** One of 256 equal gradients is lost to rounding each time: together they are as large. */
  @Test
  void whatRoundingLeavesOverArrivesLater() {
    float[] sent = new float[2];
    float[] before = null;
    for (int step = 0; step < 1000; step++) {
      float[] gradient = {1.001f, -0.7001f};
      RoundedGradients.addRest(gradient, before, ONE);
      before = gradient.clone();
      RoundedGradients.round(gradient, ONE);
      assertThat(gradient[0]).isEqualTo(Precision.toBfloat16(gradient[0]));
      sent[0] += gradient[0];
      sent[1] += gradient[1];
    }
    assertThat(sent[0]).isCloseTo(1001f, within(0.01f));
    assertThat(sent[1]).isCloseTo(-700.1f, within(0.01f));
    assertThat(1000 * Precision.toBfloat16(1.001f)).isEqualTo(1000f);
  }

  /** Plain SGD ends where all gradients lead, up to what was left over of each shard. */
  @Test
  void theSumOfManyStepsIsRight() {
    for (int batches : new int[] {40, 48}) {
      var learner = new ScriptedShards(3, batches, (batch, shard) -> false);
      var options =
          options(3)
              .withOptimizer(new Sgd(1, 0))
              .withSchedule(new Schedule.Constant(), 0)
              .withClipping(0, 0);
      var ended = new Trainer(learner, options, ONE, TrainingListener.NONE).run();
      for (int i = 0; i < 3; i++) {
        double theta = learner.initialize(1)[i];
        for (int batch = 0; batch < batches; batch++) {
          for (int shard = 0; shard < 3; shard++) {
            theta -= ScriptedShards.gradient(batch, shard, i);
          }
        }
        boolean nothingLeft = batches % ShardedGradient.CYCLE == 0;
        double bound = nothingLeft ? 1e-5 : 3 * 0x1p-8;
        assertThat((double) ended.parameters()[i]).isCloseTo(theta, within(bound));
      }
    }
  }

  /** Every sixteenth step is sent as it is; one that fails takes what was left over with it. */
  @Test
  void howStepsAreSent() {
    var learner = new ScriptedShards(2, 40, (batch, shard) -> batch == 20 && shard == 1);
    var options = options(2);
    var here = new LocalShards(learner, options);
    var sent = new ArrayList<ShardTask.Sending>();
    Shards watched =
        (task, carried, sums, workers) -> {
          sent.add(task.sending());
          return here.compute(task, carried, sums, workers);
        };
    var ended = new Trainer(learner, watched, options, ONE, TrainingListener.NONE).run();
    assertThat(ended.skipped()).isEqualTo(1);
    for (int step = 0; step < 40; step++) {
      int place = step <= 20 ? step % 16 : (step - 21) % 16;
      assertThat(sent.get(step))
          .as("step %d", step)
          .isEqualTo(
              place == 0
                  ? ShardTask.Sending.FIRST
                  : place < 15 ? ShardTask.Sending.NEXT : ShardTask.Sending.LAST);
    }
  }

  private static final Checkpoints.Interval EVERY = new Checkpoints.Interval(3, Duration.ZERO);

  @TempDir Path folder;

  private static final class Stop extends Error {
    private static final long serialVersionUID = 1L;
  }

  private Trainer.Outcome kept(Training options, TrainingListener listener) {
    var text = TinyText.sample();
    var network = new LanguageNetwork(Network.lstm(5).withDropout(0.2), text.tokenizer().size());
    var learner = new LanguageLearner(network, text.part(0, 36), text.part(36, 40), options);
    try (var checkpoints = Checkpoints.open(folder.resolve("run"), EVERY, () -> 0)) {
      return new Trainer(learner, options, ONE, listener)
          .run(new Trainer.Checkpointing(checkpoints, Map.of()));
    }
  }

  /** A run is kept where nothing is left over, so that it resumes to the same bits. */
  @Test
  void aRunResumesWhereNothingIsLeftOver() {
    var kept = new ArrayList<Long>();
    var counting =
        new TrainingListener() {
          @Override
          public void onCheckpoint(long step) {
            kept.add(step);
          }

          @Override
          public void onResumed(long step) {
            kept.add(-step);
          }
        };
    var options = options(3).withEpochs(3);
    var whole = kept(options, counting);
    assertThat(whole.steps()).isGreaterThan(50);
    assertThat(kept).startsWith(16L, 32L, 48L);
    var killed =
        new TrainingListener() {
          @Override
          public void onStep(StepReport report) {
            if (report.step() == 40) {
              throw new Stop();
            }
          }
        };
    try (var checkpoints = Checkpoints.open(folder.resolve("run"), EVERY, () -> 0)) {
      checkpoints.clear();
    }
    kept.clear();
    try {
      kept(options, killed);
    } catch (Stop stopped) {
      kept.add(0L);
    }
    var resumed = kept(options, counting);
    assertThat(kept).startsWith(0L, -32L, 48L);
    assertThat(resumed.parameters()).isEqualTo(whole.parameters());
  }

  /** Asked to stop, a run goes on until nothing is left over. */
  @Test
  void aRunStopsWhereNothingIsLeftOver() {
    var steps = new ArrayList<Long>();
    var stopping =
        new TrainingListener() {
          @Override
          public void onStep(StepReport report) {
            steps.add(report.step());
          }

          @Override
          public boolean stops() {
            return steps.size() >= 5;
          }
        };
    assertThatThrownBy(() -> kept(options(2).withEpochs(4), stopping))
        .isInstanceOf(TrainingInterruptedException.class);
    assertThat(steps).hasSize(16);
  }
}
