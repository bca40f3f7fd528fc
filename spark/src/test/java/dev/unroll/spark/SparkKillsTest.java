package dev.unroll.spark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroll.model.LanguageModel;
import dev.unroll.spark.train.Recipe;
import java.io.File;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
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

  /** Kinds of kills. */
  private static final int KINDS = 4;

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
    for (; kills - before < (KILLS + KINDS - 1) / KINDS; runs++) {
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
    System.out.printf(
        "%s: %d runs, %d kills, %d tasks lost, no bit changed%n",
        kind, runs, kills - before, lost - lostBefore);
  }

  @Test
  void nothingThatIsKilledChangesABit() throws Exception {
    Recipe<?> run = Runs.all().get("language model");
    String hash = Runs.local(run);
    repeat(
        "executors in the middle of a training step",
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
        "executors in the middle of a shuffle",
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
        "executors in the middle of a batch of a stream",
        (session, watch) -> {
          var streams = new Streams(folder.resolve("streams" + kills));
          streams.add(4, 12);
          watch.kill(2);
          streams.run(new UnrollScoreSessions().setModel(model).transform(streams.stream(session)));
          assertThat(streams.written(session)).isEqualTo(streams.expected(model));
        });
    driversOfStreams();
    System.out.printf("%d kills in all%n", kills);
  }

  private void driversOfStreams() throws Exception {
    Path file = folder.resolve("model.safetensors");
    model.save(file);
    var streams = new Streams(folder.resolve("driven"));
    var random = new Random(6);
    int killed = 0;
    while (killed < (KILLS + KINDS - 1) / KINDS) {
      streams.add(3, 12);
      Process process = driver(folder.resolve("driven"), file);
      // Some seconds until it has begun, and a batch takes one.
      if (!process.waitFor(8000 + random.nextInt(8000), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly().waitFor();
        killed++;
      }
    }
    assertThat(driver(folder.resolve("driven"), file).waitFor()).isZero();
    SparkSession session = Local.session();
    assertThat(streams.written(session)).isEqualTo(streams.expected(model));
    kills += killed;
    System.out.printf("drivers of a stream: %d kills, no row twice, none lost%n", killed);
  }

  private static Process driver(Path streams, Path model) throws Exception {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    Stream<String> options = ManagementFactory.getRuntimeMXBean().getInputArguments().stream();
    command.addAll(options.filter(each -> each.startsWith("--")).toList());
    command.addAll(List.of("-Xmx700m", "-XX:+UseSerialGC", "-cp"));
    command.addAll(List.of(System.getProperty("java.class.path"), StreamMain.class.getName()));
    command.addAll(List.of(streams.toString(), model.toString()));
    var log = new File(streams.toFile(), "driver.log");
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
        .start();
  }
}
