package dev.unroll.spark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroll.model.LanguageModel;
import dev.unroll.spark.train.Recipe;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Executors and drivers that are killed, again and again. {@code experiments/spark-kills} runs it;
 * {@link ClusterTest} kills one of each kind.
 */
@EnabledIfSystemProperty(named = "unroll.spark.kills", matches = "\\d+")
class SparkKillsTest {

  private static final int KILLS = Integer.getInteger("unroll.spark.kills", 0);

  private static final int KINDS = 5;
  private static final int OF_A_KIND = (KILLS + KINDS - 1) / KINDS;

  @TempDir private Path folder;
  private Cluster cluster;
  private LanguageModel model;
  private int kills;
  private int lost;

  @BeforeEach
  void begin() throws Exception {
    Local.stop();
    cluster = Cluster.start(folder, 2);
    model = Streams.model();
  }

  @AfterEach
  void end() {
    Local.stop();
    cluster.close();
  }

  private interface Killed {
    void run(SparkSession session, Watch watch) throws Exception;
  }

  /** Repeats what is killed until there were enough kills of the kind. */
  private void repeat(String kind, Killed killed) throws Exception {
    int before = kills;
    int lostBefore = lost;
    int runs = 0;
    for (; kills - before < OF_A_KIND; runs++) {
      var builder = cluster.session(2).config("spark.stage.maxConsecutiveAttempts", 20);
      Streams.store().forEach(builder::config);
      SparkSession session = builder.getOrCreate();
      cluster.awaitExecutors(session, 2);
      var watch = new Watch(cluster);
      session.sparkContext().addSparkListener(watch);
      killed.run(session, watch);
      kills += watch.killed.get();
      lost += watch.lost.get();
      Local.stop();
    }
    row(kind, runs, kills - before, lost - lostBefore);
  }

  @Test
  void nothingThatIsKilledChangesABit() throws Exception {
    System.out.println("| SIGKILL of | runs | kills | tasks lost |\n| --- | --- | --- | --- |");
    Recipe<?> run = Runs.languageModel();
    String hash = Runs.local(run);
    repeat(
        "an executor in the middle of a training step",
        (session, watch) -> {
          watch.kill(2);
          assertThat(Runs.trained(session, run)).isEqualTo(hash);
        });
    var texts = new ArrayList<String>();
    var random = new Random(2);
    for (int i = 0; i < 400; i++) {
      int words = 1 + random.nextInt(30);
      texts.add(
          String.join(
              " ", IntStream.range(0, words).mapToObj(w -> "w" + random.nextInt(7)).toList()));
    }
    List<Double> totals = texts.stream().map(text -> model.score(text).total()).toList();
    repeat(
        "an executor in the middle of a shuffle, while scored rows are grouped",
        (session, watch) -> {
          watch.killAfterShuffle(2);
          var rows = session.createDataset(texts, Encoders.STRING()).toDF("text");
          var scored =
              new UnrollScore()
                  .setModel(model)
                  .transform(rows.repartition(6))
                  .groupBy("text")
                  .agg(functions.first("logProbability").as("logProbability"));
          var found = new HashMap<String, Double>();
          for (Row row : scored.collectAsList()) {
            found.put(row.getString(0), row.getDouble(1));
          }
          assertThat(texts.stream().map(found::get).toList()).isEqualTo(totals);
        });
    repeat(
        "an executor in the middle of a batch of a stream with sessions",
        (session, watch) -> {
          var streams = new Streams(folder.resolve("streams" + kills));
          streams.add(4, 12);
          watch.kill(2);
          streams.run(new UnrollScoreSessions().setModel(model).transform(streams.stream(session)));
          assertThat(streams.written(session)).isEqualTo(streams.expected(model));
        });
    driversOfStreams();
    driversOfTrainings();
    System.out.printf("%d kills in all, and no bit changed%n", kills);
  }

  private void driversOfStreams() throws Exception {
    Path file = folder.resolve("model.safetensors");
    model.save(file);
    var streams = new Streams(folder.resolve("driven"));
    var random = new Random(6);
    int killed = 0;
    while (killed < OF_A_KIND) {
      streams.add(3, 12);
      Process process = streamDriver(file);
      // Some seconds until it has begun, and a batch takes one.
      if (!process.waitFor(8000 + random.nextInt(8000), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly().waitFor();
        killed++;
      }
    }
    assertThat(streamDriver(file).waitFor()).isZero();
    SparkSession session = Local.session();
    assertThat(streams.written(session)).isEqualTo(streams.expected(model));
    Local.stop();
    kills += killed;
    row("the driver of a stream with sessions, 8 to 16 s after its start", 1, killed, 0);
  }

  private Process streamDriver(Path file) throws Exception {
    Path streams = folder.resolve("driven");
    return Driver.start(
        StreamMain.class, streams.resolve("driver.log"), streams.toString(), file.toString());
  }

  /** Each driver has another number of executors than the one before. */
  private void driversOfTrainings() throws Exception {
    Recipe<?> run = Runs.languageModel();
    String hash = Runs.local(run);
    Path log = folder.resolve("driver.log");
    var random = new Random(7);
    int killed = 0;
    int inAStep = 0;
    int runs = 0;
    boolean ended = false;
    for (int turn = 0; killed < OF_A_KIND || !ended; turn++) {
      assertThat(turn).as(() -> Cluster.end(log)).isLessThan(4 * OF_A_KIND);
      String executors = String.valueOf(1 + turn % 2);
      String kept = folder.resolve("run" + runs).toUri().toString();
      Process driver = TrainMain.start(log, cluster.url(), executors, "language model", kept);
      TrainMain.End end =
          killed < OF_A_KIND
              ? TrainMain.kill(driver, 1, 1 + random.nextInt(4))
              : TrainMain.end(driver);
      killed += end.killed() ? 1 : 0;
      inAStep += end.inAStep() ? 1 : 0;
      ended = !end.killed();
      if (ended) {
        assertThat(end.last()).as(() -> Cluster.end(log)).isEqualTo(hash);
        runs++;
      }
    }
    kills += killed;
    row(
        "the driver of a training, " + inAStep + " of them in the middle of a step",
        runs,
        killed,
        0);
  }

  private static void row(String kind, int runs, int kills, int lost) {
    System.out.printf("| %s | %d | %d | %s |%n", kind, runs, kills, lost == 0 ? "" : lost);
  }
}
