package dev.unroll.spark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroll.Unroll;
import dev.unroll.base.Precision;
import dev.unroll.spark.train.Recipe;
import dev.unroll.spark.train.SparkTraining;
import dev.unroll.store.ModelFile;
import dev.unroll.task.RunOutput;
import dev.unroll.task.label.LabelFields;
import dev.unroll.train.TrainingListener;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.junit.jupiter.api.Test;

/** Gradients that executors send with two bytes a value. */
class RoundedShardsTest {

  static Recipe<LabelFields> recipe(Precision precision, int shards) {
    ArrayList<String> texts = Runs.texts();
    return output ->
        Unroll.classifier()
            .data(texts, text -> text, text -> "c" + text.charAt(1))
            .gru(70)
            .epochs(4)
            .batch(6)
            .shards(shards)
            .training(
                usual -> usual.withSharding(usual.sharding().withGradientPrecision(precision)))
            .prepare(output);
  }

  private static ModelFile<LabelFields> trained(
      Recipe<LabelFields> recipe, TrainingListener listener) {
    return SparkTraining.run(Local.session(), recipe, RunOutput.NOTHING, listener);
  }

  /** Counts the bytes of what tasks return. */
  private static final class Returned extends SparkListener {
    private final AtomicLong bytes = new AtomicLong();

    @Override
    public void onTaskEnd(SparkListenerTaskEnd end) {
      bytes.addAndGet(end.taskMetrics().resultSize());
    }
  }

  /** Returns for each step how many bytes tasks returned for each parameter and shard. */
  private static List<Double> bytes(Precision precision) throws Exception {
    var returned = new Returned();
    var context = Local.session().sparkContext();
    context.addSparkListener(returned);
    var steps = new ArrayList<Double>();
    int size = recipe(precision, 2).prepare(RunOutput.NOTHING).size();
    var listener =
        new TrainingListener() {
          @Override
          public void onStep(StepReport report) {
            try {
              context.listenerBus().waitUntilEmpty();
            } catch (Exception e) {
              throw new IllegalStateException(e);
            }
            steps.add(returned.bytes.getAndSet(0) / (2.0 * size));
          }
        };
    try {
      trained(recipe(precision, 2), listener);
    } finally {
      context.removeSparkListener(returned);
    }
    return steps;
  }

  @Test
  void twoBytesTravelForEachValue() throws Exception {
    List<Double> exact = bytes(Precision.FLOAT32);
    List<Double> rounded = bytes(Precision.BFLOAT16);
    assertThat(rounded).hasSameSizeAs(exact).hasSizeGreaterThan(20);
    assertThat(exact).allSatisfy(each -> assertThat(each).isBetween(4.0, 4.5));
    for (int step = 0; step < rounded.size(); step++) {
      double least = step % 16 == 15 ? 4 : 2;
      assertThat(rounded.get(step)).as("step %d", step + 1).isBetween(least, least + 0.5);
    }
  }

  /** What executors hold is lost after some steps; all since the last whole step is made again. */
  @Test
  void whatExecutorsHeldAndLostIsComputedAgain() {
    Recipe<LabelFields> recipe = recipe(Precision.BFLOAT16, 3);
    var local = recipe.prepare(RunOutput.NOTHING).run(TrainingListener.NONE);
    var lost = new ArrayList<Long>();
    var losing =
        new TrainingListener() {
          @Override
          public void onStep(StepReport report) {
            if (report.step() % 5 == 0) {
              var held = Local.session().sparkContext().getPersistentRDDs().values().toList();
              held.foreach(
                  rdd -> {
                    lost.add(report.step());
                    return rdd.unpersist(true);
                  });
            }
          }
        };
    assertThat(trained(recipe, losing).parameters()).isEqualTo(local.parameters());
    assertThat(lost).contains(5L, 10L, 15L, 20L);
  }
}
