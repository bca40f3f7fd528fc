package dev.unroll.spark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroll.base.Precision;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;

/** Gradients of many tasks are added up in slices, to the same bits. */
class SlicedSumsTest {

  /** Counts stages that read what another has shuffled. */
  private static final class Shuffles extends SparkListener {
    private final AtomicInteger count = new AtomicInteger();

    @Override
    public void onStageSubmitted(SparkListenerStageSubmitted submitted) {
      count.addAndGet(submitted.stageInfo().parentIds().isEmpty() ? 0 : 1);
    }
  }

  @Test
  void fiveTasksShareTheSums() throws Exception {
    Local.stop();
    SparkSession session = Local.builder("local[5]").getOrCreate();
    var shuffles = new Shuffles();
    session.sparkContext().addSparkListener(shuffles);
    try {
      var four = Runs.all().get("classifier");
      assertThat(Runs.trained(session, four)).isEqualTo(Runs.local(four));
      session.sparkContext().listenerBus().waitUntilEmpty();
      assertThat(shuffles.count).hasValue(0);
      var five = Runs.all().get("tagger");
      assertThat(Runs.trained(session, five)).isEqualTo(Runs.local(five));
      session.sparkContext().listenerBus().waitUntilEmpty();
      assertThat(shuffles.count).hasPositiveValue();
      var rounded = RoundedShardsTest.recipe(Precision.BFLOAT16, 5);
      assertThat(Runs.trained(session, rounded)).isEqualTo(Runs.local(rounded));
    } finally {
      Local.stop();
    }
  }
}
