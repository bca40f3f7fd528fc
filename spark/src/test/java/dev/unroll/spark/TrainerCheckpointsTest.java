package dev.unroll.spark;

import static dev.unroll.spark.SmallTrainings.labeled;
import static dev.unroll.spark.SmallTrainings.parameters;
import static dev.unroll.spark.SmallTrainings.small;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.concurrent.TimeoutException;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An estimator whose driver is lost continues with its next fit. */
class TrainerCheckpointsTest {

  @TempDir Path folder;

  /** Files of this machine, where a driver is lost in the middle of a checkpoint. */
  public static final class Losing extends RawLocalFileSystem {

    private static int left = Integer.MAX_VALUE;

    @Override
    public URI getUri() {
      return URI.create("losing:///");
    }

    @Override
    public boolean rename(org.apache.hadoop.fs.Path from, org.apache.hadoop.fs.Path to)
        throws IOException {
      if (left-- == 0) {
        throw new IllegalStateException("the driver is lost");
      }
      return super.rename(from, to);
    }
  }

  /** Counts the steps of trainings. */
  private static final class Steps extends SparkListener {

    private int count;

    @Override
    public void onJobStart(SparkListenerJobStart start) {
      String what = start.properties().getProperty("spark.job.description", "");
      count += what.startsWith("unroll: ") ? 1 : 0;
    }

    /** Returns how many steps something takes. */
    static int of(Runnable work) throws TimeoutException {
      var context = Local.session().sparkContext();
      var steps = new Steps();
      context.addSparkListener(steps);
      work.run();
      context.listenerBus().waitUntilEmpty();
      context.removeSparkListener(steps);
      return steps.count;
    }
  }

  @Test
  void aFitResumesFromItsCheckpoints() throws Exception {
    var rows = labeled(2);
    var trainer = small(new UnrollClassifyTrainer());
    var models = new ArrayList<UnrollClassify>();
    int whole = Steps.of(() -> models.add(trainer.fit(rows)));
    var files = Local.session().sparkContext().hadoopConfiguration();
    files.set("fs.losing.impl", Losing.class.getName());
    trainer
        .setParam("checkpoints", "losing://" + folder.resolve("kept"))
        .setParam("checkpointEvery", 2);
    Losing.left = 1;
    assertThatThrownBy(() -> trainer.fit(rows)).hasStackTraceContaining("the driver is lost");
    Losing.left = Integer.MAX_VALUE;
    assertThat(Steps.of(() -> models.add(trainer.fit(rows)))).isBetween(1, whole - 2);
    assertThat(parameters(models.getLast())).isEqualTo(parameters(models.getFirst()));
    assertThat(folder.resolve("kept")).doesNotExist();
  }
}
