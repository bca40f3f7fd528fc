package dev.unroll.spark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroll.Unroll;
import dev.unroll.file.Fingerprint;
import dev.unroll.kernel.Kernels;
import dev.unroll.store.ModelFields;
import dev.unroll.store.ModelFile;
import dev.unroll.task.Run;
import dev.unroll.task.RunOutput;
import dev.unroll.task.label.LabelFields;
import dev.unroll.task.lm.LanguageModelFields;
import dev.unroll.train.TrainingListener;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.apache.spark.ExecutorLostFailure;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;
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
    runs().forEach((name, run) -> LOCAL.put(name, local(run)));
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

  private static ArrayList<String> texts() {
    var random = new Random(9);
    var texts = new ArrayList<String>();
    for (int i = 0; i < 40; i++) {
      int words = 1 + random.nextInt(9);
      texts.add(
          String.join(
              " ", IntStream.range(0, words).mapToObj(w -> "w" + random.nextInt(7)).toList()));
    }
    return texts;
  }

  private static Map<String, Recipe<?>> runs() {
    var texts = texts();
    var sentences = new ArrayList<>(texts.stream().map(each -> List.of(each.split(" "))).toList());
    Recipe<LanguageModelFields> languageModel =
        () ->
            Unroll.languageModel().words().stream()
                .lines(texts)
                .lstm(6)
                .epochs(2)
                .training(usual -> usual.withBatch(6, 5))
                .shards(3)
                .prepare(RunOutput.NOTHING);
    Recipe<LabelFields> classifier =
        () ->
            Unroll.classifier()
                .data(texts, text -> text, text -> "c" + text.charAt(1))
                .gru(5)
                .epochs(2)
                .batch(6)
                .shards(4)
                .prepare(RunOutput.NOTHING);
    Recipe<LabelFields> tagger =
        () ->
            Unroll.tagger()
                .data(
                    sentences,
                    each -> each,
                    each -> each.stream().map(word -> "t" + word.hashCode() % 2).toList())
                .lstm(4)
                .crf()
                .epochs(2)
                .batch(8)
                .shards(5)
                .prepare(RunOutput.NOTHING);
    return Map.of("language model", languageModel, "classifier", classifier, "tagger", tagger);
  }

  private static <F extends ModelFields> String local(Recipe<F> recipe) {
    return hash(recipe.prepare().run(TrainingListener.NONE));
  }

  private static <F extends ModelFields> String trained(SparkSession session, Recipe<F> recipe) {
    return hash(SparkTraining.run(session, recipe, TrainingListener.NONE));
  }

  private static String hash(ModelFile<?> model) {
    var out = new ByteArrayOutputStream();
    model.write(out);
    return HexFormat.of().formatHex(Fingerprint.sha256().digest(out.toByteArray()));
  }

  private static void assertSameHashes(SparkSession session) {
    runs()
        .forEach(
            (name, run) -> assertThat(trained(session, run)).as(name).isEqualTo(LOCAL.get(name)));
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
    var watch = new Watch();
    session.sparkContext().addSparkListener(watch);
    assertThat(trained(session, new Slow<>(runs().get("classifier"))))
        .isEqualTo(LOCAL.get("classifier"));
    assertThat(watch.repeated.get()).isPositive();
    assertSameHashes(session);
  }

  /** A run that the first task of the first step is slow to prepare. */
  private record Slow<F extends ModelFields>(Recipe<F> recipe) implements Recipe<F> {
    @Override
    public Run<F> prepare() {
      TaskContext task = TaskContext.get();
      if (task != null && task.partitionId() == 0 && task.attemptNumber() == 0) {
        LockSupport.parkNanos(Duration.ofSeconds(4).toNanos());
      }
      return recipe.prepare();
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
    var watch = new Watch();
    watch.kills = 1;
    session.sparkContext().addSparkListener(watch);
    assertSameHashes(session);
    assertThat(watch.lost.get()).isPositive();
  }

  /** What tasks the driver saw. */
  private static final class Watch extends SparkListener {
    final AtomicInteger repeated = new AtomicInteger();
    final AtomicInteger lost = new AtomicInteger();

    /** How many tasks are to be lost with their executors. */
    volatile int kills;

    private int started;

    @Override
    public void onTaskStart(SparkListenerTaskStart start) {
      repeated.addAndGet(start.taskInfo().speculative() ? 1 : 0);
      if (++started > 4 && lost.get() < kills) {
        cluster.kill(start.taskInfo().executorId());
      }
    }

    @Override
    public void onTaskEnd(SparkListenerTaskEnd end) {
      lost.addAndGet(end.reason() instanceof ExecutorLostFailure ? 1 : 0);
    }
  }
}
