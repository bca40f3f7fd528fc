package dev.unroll.spark.train;

import dev.unroll.learn.ForwardingListener;
import dev.unroll.train.TrainingListener;
import java.io.Serializable;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.DoubleAccumulator;
import org.apache.spark.util.LongAccumulator;

/**
 * What Spark's user interface shows of a run: each step is a job, which says where the run is; a
 * stage says how many shards were computed so far, the sum of their losses, and what its tasks
 * spent their time on. Spark's log of events has the same.
 */
final class ClusterProgress implements Serializable {

  private static final long serialVersionUID = 1L;

  private final LongAccumulator shards;
  private final DoubleAccumulator loss;
  private final EnumMap<Work, LongAccumulator> spent = new EnumMap<>(Work.class);

  ClusterProgress(JavaSparkContext context) {
    shards = context.sc().longAccumulator("shards");
    loss = context.sc().doubleAccumulator("loss");
    for (Work each : Work.values()) {
      spent.put(each, context.sc().longAccumulator(each.title));
    }
  }

  /** What a task spends time on. */
  enum Work {
    /** Data and network of the run, once in a JVM. */
    PREPARE("preparing, ms"),
    /** Parameters of the step. */
    RECEIVE("receiving parameters, ms"),
    /** Shards. */
    COMPUTE("computing, ms"),
    /** Gradients of shards to one. */
    ADD("adding gradients, ms");

    /** What Spark calls it. */
    final String title;

    Work(String title) {
      this.title = title;
    }
  }

  /** Measures what a task spends its time on. */
  final class Clock {

    private final Map<Work, Long> nanos = new EnumMap<>(Work.class);
    private long since = System.nanoTime();

    /** Says what the time since the last call was spent on. */
    void spent(Work work) {
      long now = System.nanoTime();
      nanos.merge(work, now - since, Long::sum);
      since = now;
    }

    /** Ends the measurement: Spark shows its times. */
    void stop() {
      nanos.forEach((work, time) -> accumulator(work).add(Math.round(time / 1e6)));
    }
  }

  private LongAccumulator accumulator(Work work) {
    return Objects.requireNonNull(spent.get(work));
  }

  /** Returns the clock of a task, which has begun. */
  Clock clock() {
    return new Clock();
  }

  /**
   * Counts a shard; where executors exchange gradients, one that is computed again counts again.
   */
  void count(Exchange.Done done) {
    shards.add(1);
    for (double own : done.losses()) {
      loss.add(own);
    }
  }

  /** Passes everything on, and tells Spark what the next job is. */
  static TrainingListener watching(JavaSparkContext context, TrainingListener next) {
    context.setJobDescription("unroll: first step");
    return new ForwardingListener(next) {
      @Override
      public void onStep(StepReport report) {
        describe(report);
        super.onStep(report);
      }

      @Override
      public void onSkipped(StepReport report) {
        describe(report);
        super.onSkipped(report);
      }

      private void describe(StepReport report) {
        context.setJobDescription(
            String.format(
                Locale.ROOT,
                "unroll: step %,d of %,d, epoch %d; loss %.4f of the %,d targets before",
                report.step() + 1,
                report.steps(),
                report.epoch(),
                report.loss(),
                report.tokens()));
      }
    };
  }
}
