package dev.unroll.spark.train;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.OperatingSystemMXBean;
import dev.unroll.base.Workers;
import dev.unroll.file.Fingerprint;
import dev.unroll.learn.Shards;
import dev.unroll.learn.Trainer;
import dev.unroll.spark.Cluster;
import dev.unroll.spark.Local;
import dev.unroll.spark.train.Exchange.Gathering;
import dev.unroll.spark.train.SizedModel.Way;
import dev.unroll.task.Run;
import dev.unroll.task.RunOutput;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a step of training takes on executors, beside the same step on this machine, and where the
 * time goes. {@code experiments/spark-train} runs it, and prints its tables.
 */
@EnabledIfSystemProperty(named = "unroll.spark.train", matches = "[0-9,]+")
class TrainingSpeedTest {

  /** Language models, by about how many million parameters they have. */
  private final Map<Integer, SizedModel> models = new TreeMap<>();

  /** Ways to bring gradients together on two executors, by their names. */
  private static final Map<String, Gathering> GATHERINGS = new LinkedHashMap<>();

  static {
    int shards = SizedModel.SHARDS;
    GATHERINGS.put(SpeedReport.TWO_EXECUTORS, JavaRDD::collect);
    GATHERINGS.put("`treeAggregate`", Gatherings.tree(shards));
    GATHERINGS.put("slices, by a shuffle", results -> SlicedSums.inSlices(results, shards, 2));
    GATHERINGS.put("slices, in a barrier stage", Gatherings.blocks(shards));
  }

  /** Tasks of a job that does nothing, to see what each costs. */
  private static final int TASKS = 256;

  @TempDir private Path folder;
  private final SpeedReport report = new SpeedReport();

  /** The hash of each model after its last step, wherever that was computed. */
  private final Map<SizedModel, String> hashes = new HashMap<>();

  @Test
  void aStepOnExecutorsBesideOneHere() throws Exception {
    for (String size : System.getProperty("unroll.spark.train").split(",")) {
      models.put(Integer.valueOf(size), model(size));
    }
    steps(1);
    steps(2);
    ways(SpeedReport.threads(2), (model, times) -> trainHere(model, 2, times));
    begin(Local.builder("local[2]"), 2);
    steps(SpeedReport.LOCAL_2, JavaRDD::collect);
    try (var cluster = Cluster.start(folder, 2)) {
      begin(cluster, 1, true);
      steps(SpeedReport.ONE_EXECUTOR, JavaRDD::collect);
      begin(cluster, 2, true);
      report.task((secondsOfJob(TASKS) - secondsOfJob(2)) / (TASKS - 2));
      for (var each : GATHERINGS.entrySet()) {
        steps(each.getKey(), each.getValue());
      }
      ways(
          SpeedReport.TWO_EXECUTORS,
          (model, times) -> trainOnCluster(model, JavaRDD::collect, times));
      begin(cluster, 2, false);
      steps("collected, `spark.broadcast.compress=false`", JavaRDD::collect);
    } finally {
      Local.stop();
    }
    report.print();
  }

  private static SizedModel model(String millions) {
    return switch (millions) {
      case "1" -> new SizedModel(2_000, 160, 30, 10, Way.EACH_STEP);
      case "10" -> new SizedModel(10_000, 380, 8, 2, Way.EACH_STEP);
      case "50" -> new SizedModel(10_000, 1_250, 4, 1, Way.EACH_STEP);
      default -> throw new IllegalArgumentException(millions + " is not 1, 10 or 50");
    };
  }

  private void begin(Cluster cluster, int executors, boolean compressed)
      throws InterruptedException {
    begin(
        cluster
            .session(executors)
            .config("spark.executor.memory", "4600m")
            .config("spark.driver.maxResultSize", "2g") // moments of 50 million parameters, twice
            .config("spark.executor.extraJavaOptions", "-XX:+UseParallelGC")
            .config("spark.broadcast.compress", compressed),
        executors);
    cluster.awaitExecutors(SparkSession.active(), executors);
  }

  /** Begins a session with as many tasks in a stage as there are cores. */
  private static void begin(SparkSession.Builder builder, int cores) {
    Local.stop();
    builder.config("spark.default.parallelism", cores).getOrCreate();
  }

  private static JavaSparkContext context() {
    return JavaSparkContext.fromSparkContext(SparkSession.active().sparkContext());
  }

  /** Returns how much time the driver's processors spend on a job whose tasks do nothing. */
  private static double secondsOfJob(int tasks) {
    var system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    List<Integer> numbers = IntStream.range(0, tasks).boxed().toList();
    double[] seconds = new double[5];
    for (int i = 0; i < seconds.length; i++) {
      long start = system.getProcessCpuTime();
      context().parallelize(numbers, tasks).map(each -> each).collect();
      seconds[i] = (system.getProcessCpuTime() - start) / 1e9;
    }
    Arrays.sort(seconds);
    return seconds[seconds.length / 2];
  }

  /** Trains all models on the cluster that there is. */
  private void steps(String where, Gathering gathering) throws TimeoutException {
    for (var each : models.entrySet()) {
      SizedModel model = each.getValue();
      var times = new StepTimes(1);
      trainOnCluster(model, gathering, times);
      report.add(each.getKey(), where, times.median(model.warm()), times.bytes());
    }
  }

  /** Trains all models on this machine. */
  private void steps(int threads) throws TimeoutException {
    for (var each : models.entrySet()) {
      SizedModel model = each.getValue();
      var times = new StepTimes(1);
      report.parameters(each.getKey(), trainHere(model, threads, times));
      report.add(
          each.getKey(), SpeedReport.threads(threads), times.median(model.warm()), times.bytes());
    }
  }

  /** Trains a model somewhere, and returns how many parameters it has. */
  @FunctionalInterface
  private interface Place {
    int train(SizedModel model, StepTimes times) throws TimeoutException;
  }

  /** Trains all models in a place, with shards that meet less often, or send less. */
  private void ways(String where, Place place) throws TimeoutException {
    for (var each : models.entrySet()) {
      for (Way way : EnumSet.complementOf(EnumSet.of(Way.EACH_STEP))) {
        SizedModel model = each.getValue().with(way);
        var times = new StepTimes(way.round);
        place.train(model, times);
        report.add(each.getKey(), way, where, times.median(model.warm()), times.bytes());
      }
    }
  }

  private int trainHere(SizedModel model, int threads, StepTimes times) {
    return train(model, model.prepare(RunOutput.NOTHING), null, threads, times);
  }

  private int trainOnCluster(SizedModel model, Gathering gathering, StepTimes times)
      throws TimeoutException {
    Run<?> run = model.prepare(RunOutput.NOTHING);
    var job = new Exchange.Job(run.fingerprint(), model, SizedModel.SHARDS);
    context().sc().addSparkListener(times);
    try (var cluster = new ClusterShards(context(), job, gathering)) {
      train(model, run, times.watching(cluster), 2, times);
    }
    context().sc().listenerBus().waitUntilEmpty();
    context().sc().removeSparkListener(times);
    return run.size();
  }

  private int train(
      SizedModel model, Run<?> run, @Nullable Shards elsewhere, int threads, StepTimes times) {
    try (var workers = new Workers(threads)) {
      var outcome = new Trainer(run.learner(), elsewhere, run.options(), workers, times).run();
      assertThat(outcome.steps()).isEqualTo(model.steps());
      String hash = hash(outcome.parameters());
      assertThat(hashes.merge(model, hash, (before, now) -> before)).isEqualTo(hash);
    }
    return run.size();
  }

  private static String hash(float[] numbers) {
    var digest = Fingerprint.sha256();
    var some = ByteBuffer.allocate(4096 * Float.BYTES);
    for (int i = 0; i < numbers.length; i++) {
      some.putFloat(numbers[i]);
      if (!some.hasRemaining() || i == numbers.length - 1) {
        digest.update(some.flip());
        some.clear();
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }
}
