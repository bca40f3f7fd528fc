package dev.unroll.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unroll.Unroll;
import dev.unroll.kernel.Kernels;
import dev.unroll.model.LanguageModel;
import dev.unroll.spark.train.Recipe;
import dev.unroll.spark.train.SparkTraining;
import dev.unroll.store.ModelFields;
import dev.unroll.task.Run;
import dev.unroll.task.RunOutput;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Trained models have one hash, wherever and on whatever their shards are computed. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ClusterTest {

  /** Runs whose networks differ; the others differ in how shards work together. */
  private static final List<String> TASKS =
      List.of("language model", "classifier", "tagger", "transducer");

  /** How often a task is tried where executors are killed. */
  private static final int ATTEMPTS = 6;

  /** What outlives several kills, and lets five tasks exchange their gradients. */
  private static final Map<String, Object> FOR_KILLS = new HashMap<>(Streams.store());

  static {
    FOR_KILLS.putAll(Cluster.brief());
    FOR_KILLS.put("spark.task.maxFailures", ATTEMPTS);
    FOR_KILLS.put("spark.default.parallelism", 5);
    FOR_KILLS.put("spark.stage.maxConsecutiveAttempts", 20);
  }

  @TempDir private static Path folder;
  private static Cluster cluster;

  /** Of each run the hash of its model by the local engine. */
  private static final Map<String, String> LOCAL = new LinkedHashMap<>();

  /** What the session that there is was asked for with. */
  private static Map<String, Object> begun = Map.of();

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

  /**
   * Returns a session on some executors. Those take seconds to begin, so that tests which need the
   * same follow each other, and share them.
   */
  private static SparkSession session(int executors, Map<String, Object> settings)
      throws InterruptedException {
    var asked = new HashMap<>(settings);
    asked.put("executors", executors);
    if (!asked.equals(begun)) {
      stop();
      cluster.session(executors).config(settings).getOrCreate();
      begun = asked;
    }
    SparkSession session = SparkSession.active();
    cluster.awaitExecutors(session, executors); // also those that follow on killed ones
    return session;
  }

  /** Gives back what a session has of the cluster. */
  private static void stop() {
    Local.stop();
    begun = Map.of();
  }

  private static void assertSameHashes(SparkSession session, Collection<String> runs) {
    for (String name : runs) {
      assertThat(Runs.trained(session, Runs.all().get(name))).as(name).isEqualTo(LOCAL.get(name));
    }
  }

  private interface Work {
    void run() throws Exception;
  }

  /** Does something while executors are killed, with which tasks are lost. */
  private static void withKilled(SparkSession session, Consumer<Watch> kill, Work work)
      throws Exception {
    var watch = new Watch(cluster);
    kill.accept(watch);
    session.sparkContext().addSparkListener(watch);
    work.run();
    session.sparkContext().listenerBus().waitUntilEmpty();
    session.sparkContext().removeSparkListener(watch);
    assertThat(watch.lost.get()).isPositive();
  }

  /** Two threads are those of {@link SparkTrainingTest}. */
  @Test
  @Order(8)
  void onOneThread() {
    stop();
    assertSameHashes(Local.builder("local[1]").getOrCreate(), LOCAL.keySet());
    stop();
  }

  @Test
  @Order(2)
  void onOneExecutor() throws Exception {
    assertSameHashes(session(1, Map.of()), TASKS);
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

  /** Of a slow task a second one is started elsewhere, and the first to end counts. */
  private static final Map<String, Object> REPEATED =
      Map.of(
          "spark.speculation",
          true,
          "spark.speculation.interval",
          "20ms",
          "spark.speculation.multiplier",
          1.1,
          "spark.speculation.quantile",
          0.1,
          "spark.speculation.minTaskRuntime",
          "20ms",
          "spark.sql.adaptive.enabled",
          true);

  /** One of three has scalar kernels, another collector and another compiler. */
  @Test
  @Order(7)
  void onExecutorsThatDifferWhereSlowTasksAreRepeated() throws Exception {
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
      SparkSession session = session(3, REPEATED);
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
      var watch = new Watch(cluster);
      session.sparkContext().addSparkListener(watch);
      assertThat(Runs.trained(session, new Slow<>(Runs.classifier(1))))
          .isEqualTo(LOCAL.get("classifier"));
      assertThat(watch.repeated.get()).isPositive();
      assertSameHashes(session, LOCAL.keySet());
    } finally {
      stop();
      cluster.stopWorker(other);
    }
  }

  /**
   * A run that tasks fail to prepare, up to some attempts: all tasks, since what one has prepared
   * would serve another's next attempt on the same executor.
   */
  private record Failing<F extends ModelFields>(Recipe<F> recipe, int attempts)
      implements Recipe<F> {
    @Override
    public Run<F> prepare(RunOutput output) {
      TaskContext task = TaskContext.get();
      if (task != null && task.attemptNumber() < attempts) {
        throw new IllegalStateException("attempt " + task.attemptNumber() + " fails");
      }
      return recipe.prepare(output);
    }
  }

  @Test
  @Order(3)
  void onTwoExecutors() throws Exception {
    assertSameHashes(session(2, FOR_KILLS), TASKS);
  }

  @Test
  @Order(4)
  void whereTasksThrowAndAShardIsNotFinite() throws Exception {
    SparkSession session = session(2, FOR_KILLS);
    assertThat(Runs.trained(session, new Failing<>(Runs.classifier(1), 2)))
        .isEqualTo(LOCAL.get("classifier"));
    var never = new Failing<>(Runs.classifier(2), ATTEMPTS);
    assertThatThrownBy(() -> Runs.trained(session, never))
        .hasMessageContainingAll(
            "failed " + ATTEMPTS + " times",
            "IllegalStateException: attempt " + (ATTEMPTS - 1) + " fails");

    var here = new ArrayList<String>();
    String local = Runs.local(Runs.notFinite(), Runs.telling(here));
    var there = new ArrayList<String>();
    assertThat(Runs.trained(session, Runs.notFinite(), RunOutput.NOTHING, Runs.telling(there)))
        .isEqualTo(local);
    assertThat(there).isEqualTo(here).isNotEmpty();
  }

  /** It is resumed on one executor; once more with the last checkpoint damaged. */
  @Test
  @Order(1)
  void whereTheDriverIsKilledInTheMiddleOfAStep() throws Exception {
    stop();
    Path whole = folder.resolve("kept");
    Path log = folder.resolve("driver.log");
    String[] arguments = {cluster.url(), "2", "language model", whole.toUri().toString()};
    TrainMain.End end;
    do { // until it was not between two steps
      end = TrainMain.kill(TrainMain.start(log, arguments), 2, 5);
      assertThat(end.killed()).as(() -> Cluster.end(log)).isTrue();
    } while (!end.inAStep());
    Path damaged = Files.createDirectories(folder.resolve("damaged"));
    List<Path> files;
    try (Stream<Path> kept = Files.list(whole)) {
      files = kept.filter(file -> file.toString().endsWith(".safetensors")).sorted().toList();
    }
    for (Path file : files) {
      Files.copy(file, damaged.resolve(file.getFileName()));
    }
    assertThat(files).hasSize(2);
    Runs.damage(damaged.resolve(files.getLast().getFileName()));

    SparkSession session = session(1, Map.of());
    for (Path each : List.of(whole, damaged)) {
      var told = new ArrayList<String>();
      String address = each.toUri().toString();
      try (var checkpoints = SparkTraining.checkpoints(session, address, TrainMain.EVERY)) {
        assertThat(
                Runs.trained(
                    session, Runs.languageModel(), Runs.keeping(checkpoints), Runs.telling(told)))
            .isEqualTo(LOCAL.get("language model"));
      }
      assertThat(told).hasSize(each.equals(whole) ? 1 : 2);
      assertThat(told.getLast()).startsWith("resumed from ");
      assertThat(told.getFirst()).contains(each.equals(whole) ? "resumed" : "damaged");
    }
  }

  /** Rounded gradients leave something on executors for the next step, which is lost with them. */
  @ParameterizedTest
  @ValueSource(strings = {"language model", "rounded gradients"})
  @Order(5)
  void whereAnExecutorIsKilledInTheMiddleOfAStep(String run) throws Exception {
    SparkSession session = session(2, FOR_KILLS);
    withKilled(session, watch -> watch.kill(1), () -> assertSameHashes(session, List.of(run)));
  }

  /** Five tasks exchange slices of their gradients, which an executor loses. */
  @Test
  @Order(5)
  void whereAnExecutorIsKilledWhileGradientsAreExchanged() throws Exception {
    SparkSession session = session(2, FOR_KILLS);
    withKilled(
        session,
        watch -> watch.killAfterShuffle(1),
        () -> assertSameHashes(session, List.of("tagger")));
  }

  /** What the sessions of a stream have come to is taken up by another executor. */
  @Test
  @Order(6)
  void whereAnExecutorIsKilledInTheMiddleOfABatchOfAStream() throws Exception {
    SparkSession session = session(2, FOR_KILLS);
    LanguageModel model = Streams.model();
    var streams = new Streams(folder.resolve("streams"));
    streams.add(3, 12);
    withKilled(
        session,
        watch -> watch.kill(1),
        () ->
            streams.run(
                new UnrollScoreSessions().setModel(model).transform(streams.stream(session))));
    assertThat(streams.written(session)).isEqualTo(streams.expected(model));
  }

  /**
   * By spark-submit, with jars of its own, and checkpoints and the model on another file system.
   */
  @Test
  @Order(9)
  void commandsThatAreSubmittedEndWithTheSameBits() throws Exception {
    stop();
    Path text = folder.resolve("names.txt");
    Files.writeString(text, "anna\nbert\nclara\ndora\nemil\nfrieda\ngustav\n".repeat(9));
    var options =
        List.of(
            "--unit=characters", "--reading=sentences", "--units=4", "--epochs=2", "--shards=3");
    Path local = folder.resolve("names.safetensors");
    var here = new ArrayList<>(List.of("lm", "train", text.toString(), "-o", local.toString()));
    here.addAll(options);
    var out = new PrintWriter(System.err, true);
    String[] line = here.toArray(String[]::new);
    assertThat(dev.unroll.cli.Main.commandLine(out, out, line).execute(line)).isZero();

    Path mounted = Files.createDirectories(folder.resolve("mounted"));
    List<Path> jars = Submit.jars(Files.createDirectories(folder.resolve("jars")));
    var words =
        new ArrayList<>(List.of("--master", cluster.url(), "--class", "dev.unroll.spark.Main"));
    words.addAll(
        List.of("--jars", jars.stream().map(Path::toString).collect(Collectors.joining(","))));
    words.addAll(List.of("--driver-memory", "600m", "--executor-memory", "500m"));
    words.addAll(List.of("--executor-cores", "1", "--total-executor-cores", "2"));
    for (String setting :
        List.of(
            "driver.extraJavaOptions=" + String.join(" ", Cluster.BRIEF),
            "executor.extraJavaOptions=" + String.join(" ", Cluster.BRIEF),
            "ui.enabled=false",
            "driver.host=127.0.0.1",
            "driver.bindAddress=127.0.0.1",
            "hadoop.fs.viewfs.mounttable.unroll.link./runs=" + mounted.toUri())) {
      words.addAll(List.of("--conf", "spark." + setting));
    }
    words.addAll(List.of(jars.getFirst().toString(), "lm", "train", text.toUri().toString()));
    words.addAll(List.of("-o", "viewfs://unroll/runs/names.safetensors"));
    words.addAll(List.of("--checkpoints", "viewfs://unroll/runs/kept", "--checkpoint-every", "3"));
    words.addAll(List.of("--metrics", "viewfs://unroll/runs/steps.jsonl"));
    words.addAll(options);
    Path log = folder.resolve("submit.log");
    assertThat(Submit.run(log, words)).as(() -> Cluster.end(log)).isZero();
    assertThat(Unroll.open(mounted.resolve("names.safetensors")).parameters())
        .isEqualTo(Unroll.open(local).parameters());
    assertThat(mounted.resolve("steps.jsonl")).isNotEmptyFile();
    assertThat(mounted.resolve("kept")).doesNotExist(); // the run has ended
  }
}
