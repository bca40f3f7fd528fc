package dev.unroll.spark.train;

import dev.unroll.learn.ForwardingListener;
import dev.unroll.train.TrainingListener;
import java.io.Serializable;
import java.util.Locale;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.DoubleAccumulator;
import org.apache.spark.util.LongAccumulator;

/**
 * What Spark's user interface shows of a run: each step is a job, which says where the run is; a
 * stage says how many shards were computed so far, and the sum of their losses.
 */
final class ClusterProgress implements Serializable {

  private static final long serialVersionUID = 1L;

  private final LongAccumulator shards;
  private final DoubleAccumulator loss;

  ClusterProgress(JavaSparkContext context) {
    shards = context.sc().longAccumulator("shards");
    loss = context.sc().doubleAccumulator("loss");
  }

  /** Counts a shard; one that is computed again counts once. */
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
