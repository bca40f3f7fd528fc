package dev.unroll.spark.train;

import dev.unroll.spark.Cluster;
import dev.unroll.spark.Local;
import dev.unroll.task.RunOutput;
import dev.unroll.train.TrainingListener;
import java.nio.file.Path;
import java.util.Locale;
import org.apache.spark.SparkException;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * The smallest heap with which an executor of one core trains, whose tasks have one shard each.
 * {@code experiments/spark-memory} runs it, and prints its table.
 */
@EnabledIfSystemProperty(named = "unroll.spark.memory", matches = "[0-9,]+")
class ExecutorMemoryTest {

  /** Steps of a run: from the second on an executor also holds what is left of the one before. */
  private static final int STEPS = 4;

  /** Bytes per parameter that are enough in any case. */
  private static final int MOST = 80;

  /** With less Spark does not begin, in MiB. */
  private static final int SPARK = 128;

  @TempDir private Path folder;

  @Test
  void theSmallestHeapThatIsEnough() throws Exception {
    Local.stop();
    print("| parameters | smallest heap | per parameter |");
    print("| --- | --- | --- |");
    try (var cluster = Cluster.start(folder, 1)) {
      for (String size : System.getProperty("unroll.spark.memory").split(",")) {
        SizedModel model = SizedModel.of(size).withSteps(STEPS);
        int parameters = model.prepare(RunOutput.NOTHING).size();
        int heap = smallest(cluster, model, 2 * SPARK + (int) (((long) MOST * parameters) >> 20));
        print(
            "| %.1f M | %,d MiB | %.1f bytes |",
            parameters / 1e6, heap, heap * (double) (1 << 20) / parameters);
      }
    } finally {
      Local.stop();
    }
  }

  /** Returns a heap that is enough, of which a little less is not; in MiB. */
  private static int smallest(Cluster cluster, SizedModel model, int most)
      throws InterruptedException {
    if (!isEnough(cluster, model, most)) {
      throw new IllegalStateException(most + " MiB are not enough");
    }
    int enough = most;
    int little = SPARK;
    while (enough - little > Math.max(8, enough / 40)) {
      int heap = (enough + little) / 2;
      if (isEnough(cluster, model, heap)) {
        enough = heap;
      } else {
        little = heap;
      }
    }
    return enough;
  }

  private static boolean isEnough(Cluster cluster, SizedModel model, int heap)
      throws InterruptedException {
    Local.stop();
    SparkSession session =
        cluster
            .session(1)
            .config("spark.executor.memory", heap + "m")
            .config("spark.executor.extraJavaOptions", "-XX:+UseParallelGC")
            .config("spark.testing.reservedMemory", 1 << 20) // else it refuses small heaps
            .config("spark.default.parallelism", SizedModel.SHARDS)
            .config("spark.task.maxFailures", 1)
            .getOrCreate();
    cluster.awaitExecutors(session, 1);
    try {
      SparkTraining.run(session, model, RunOutput.NOTHING, TrainingListener.NONE);
      return true;
    } catch (Exception e) {
      if (e instanceof SparkException) {
        return false; // the executor was lost, or its task
      }
      throw e;
    }
  }

  private static void print(String format, Object... arguments) {
    System.out.println(String.format(Locale.ROOT, format, arguments));
  }
}
