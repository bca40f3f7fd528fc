package dev.unroll.spark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroll.kernel.Kernels;
import dev.unroll.model.LanguageModel;
import dev.unroll.spark.train.Recipe;
import dev.unroll.store.ModelFields;
import dev.unroll.task.Run;
import dev.unroll.task.RunOutput;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trained models have one hash, wherever and on whatever their shards are computed. */
class ClusterTest {

  @TempDir private static Path folder;
  private static Cluster cluster;

  /** Of each run the hash of its model by the local engine. */
  private static final Map<String, String> LOCAL = new LinkedHashMap<>();

  @BeforeAll
  static void start() throws Exception {
    Local.stop();
    cluster = Cluster.start(folder, 2);
    Runs.all().forEach((name, run) -> LOCAL.put(name, Runs.local(run)));
    assertThat(Set.copyOf(LOCAL.values())).hasSize(LOCAL.size());
  }

  @AfterAll
  static void end() {
    Local.stop();
    cluster.close();
  }

  @AfterEach
  void stop() {
    Local.stop();
  }

  private static void assertSameHashes(SparkSession session) {
    Runs.all()
        .forEach(
            (name, run) ->
                assertThat(Runs.trained(session, run)).as(name).isEqualTo(LOCAL.get(name)));
  }

  @Test
  void onOneThreadAndOnTwo() throws Exception {
    assertSameHashes(Local.builder("local[1]").getOrCreate());
    Local.stop();
    assertSameHashes(Local.builder("local[2]").getOrCreate());
  }

  @Test
  void onOneExecutor() throws Exception {
    SparkSession session = cluster.session(1).getOrCreate();
    cluster.awaitExecutors(session, 1);
    assertSameHashes(session);
  }

  /** Of a slow task a second one is started elsewhere, and the first to end counts. */
  @Test
  void onTwoExecutorsWhereSlowTasksAreRepeated() throws Exception {
    SparkSession session =
        cluster
            .session(2)
            .config("spark.speculation", true)
            .config("spark.speculation.interval", "20ms")
            .config("spark.speculation.multiplier", 1.1)
            .config("spark.speculation.quantile", 0.1)
            .config("spark.speculation.minTaskRuntime", "20ms")
            .config("spark.sql.adaptive.enabled", true)
            .getOrCreate();
    cluster.awaitExecutors(session, 2);
    var watch = new Watch(cluster);
    session.sparkContext().addSparkListener(watch);
    assertThat(Runs.trained(session, new Slow<>(Runs.all().get("classifier"))))
        .isEqualTo(LOCAL.get("classifier"));
    assertThat(watch.repeated.get()).isPositive();
    assertSameHashes(session);
  }

  /** A run that the first task of the first step is slow to prepare. */
  private record Slow<F extends ModelFields>(Recipe<F> recipe) implements Recipe<F> {
    @Override
    public Run<F> prepare(RunOutput output) {
      TaskContext task = TaskContext.get();
      if (task != null && task.partitionId() == 0 && task.attemptNumber() == 0) {
        LockSupport.parkNanos(Duration.ofSeconds(4).toNanos());
      }
      return recipe.prepare(output);
    }
  }

  /** One of three has scalar kernels, another collector and another compiler. */
  @Test
  void onExecutorsThatDiffer() throws Exception {
    Path java = Files.createDirectories(folder.resolve("other-java/bin")).resolve("java");
    Files.writeString(
        java,
        """
        #!/bin/sh
        for each; do
          shift
          [ "$each" = --add-modules=jdk.incubator.vector ] || set -- "$@" "$each"
        done
        exec "%s/bin/java" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:-UseCompressedOops "$@"
        """
            .replace("%s", System.getProperty("java.home")));
    assertThat(java.toFile().setExecutable(true)).isTrue();
    int other = cluster.addWorker(Map.of("JAVA_HOME", java.getParent().getParent().toString()));
    try {
      SparkSession session = cluster.session(3).getOrCreate();
      cluster.awaitExecutors(session, 3);
      var kernels =
          JavaSparkContext.fromSparkContext(session.sparkContext())
              .parallelize(IntStream.range(0, 30).boxed().toList(), 30)
              .map(
                  each -> {
                    LockSupport.parkNanos(Duration.ofMillis(50).toNanos()); // so all get some
                    return Kernels.description();
                  })
              .distinct()
              .collect();
      assertThat(kernels).hasSize(2).anyMatch(each -> each.contains("scalar"));
      assertSameHashes(session);
    } finally {
      Local.stop();
      cluster.stopWorker(other);
    }
  }

  @Test
  void whereAnExecutorIsKilledInTheMiddleOfAStep() throws Exception {
    SparkSession session = cluster.session(2).getOrCreate();
    cluster.awaitExecutors(session, 2);
    var watch = new Watch(cluster);
    watch.kill(1);
    session.sparkContext().addSparkListener(watch);
    assertSameHashes(session);
    assertThat(watch.lost.get()).isPositive();
  }

  /** Five tasks exchange slices of their gradients, which an executor loses. */
  @Test
  void whereAnExecutorIsKilledWhileGradientsAreExchanged() throws Exception {
    SparkSession session =
        cluster
            .session(2)
            .config("spark.default.parallelism", 5)
            .config("spark.stage.maxConsecutiveAttempts", 20)
            .getOrCreate();
    cluster.awaitExecutors(session, 2);
    var watch = new Watch(cluster);
    watch.killAfterShuffle(1);
    session.sparkContext().addSparkListener(watch);
    assertThat(Runs.trained(session, Runs.all().get("tagger"))).isEqualTo(LOCAL.get("tagger"));
    assertThat(watch.lost.get()).isPositive();
  }

  /** What the sessions of a stream have come to is taken up by another executor. */
  @Test
  void whereAnExecutorIsKilledInTheMiddleOfABatchOfAStream() throws Exception {
    var builder = cluster.session(2);
    Streams.store().forEach(builder::config);
    SparkSession session = builder.getOrCreate();
    cluster.awaitExecutors(session, 2);
    LanguageModel model = Streams.model();
    var streams = new Streams(folder.resolve("streams"));
    streams.add(4, 12);
    var watch = new Watch(cluster);
    watch.kill(1);
    session.sparkContext().addSparkListener(watch);
    streams.run(new UnrollScoreSessions().setModel(model).transform(streams.stream(session)));
    assertThat(watch.lost.get()).isPositive();
    assertThat(streams.written(session)).isEqualTo(streams.expected(model));
  }
}
