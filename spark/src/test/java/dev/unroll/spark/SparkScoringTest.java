package dev.unroll.spark;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.OperatingSystemMXBean;
import dev.unroll.Unroll;
import dev.unroll.cli.Main;
import dev.unroll.text.Passages;
import dev.unroll.text.Segmentation;
import dev.unroll.text.TokenOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.IntSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * How many sentences a second Spark scores on two cores, beside what {@code unroll lm score} does,
 * each from a file to files, in turns. {@code experiments/spark-scoring} runs it.
 */
@EnabledIfSystemProperty(named = "unroll.spark.sentences", matches = "\\d+")
class SparkScoringTest {

  private static final int ROUNDS = Integer.getInteger("unroll.spark.rounds", 3);
  private static final int LONGEST = 2000;
  private static final int THREADS = 2;

  @TempDir Path folder;

  /** Writes so many sentences: those of a text, again and again, and among them some long ones. */
  private Path sentences(List<String> lines, int count) throws IOException {
    Path file = folder.resolve("sentences" + count + ".txt");
    var random = new Random(1);
    var words = Segmentation.of(Segmentation.Unit.WORDS);
    try (var out = new PrintWriter(Files.newBufferedWriter(file))) {
      for (int i = 0; i < count; i++) {
        String line = lines.get(i % lines.size());
        if (i % 1000 == 0) {
          var longer = new StringBuilder(line);
          int most = 1 + random.nextInt(LONGEST);
          int tokens = 1 + words.cut(line).size(); // with its end
          for (int next = i + 1; tokens < most; next++) {
            String more = lines.get(next % lines.size());
            tokens += words.cut(more).size();
            if (tokens <= LONGEST) {
              longer.append(' ').append(more);
            }
          }
          line = longer.toString();
        }
        out.println(line);
      }
    }
    return file;
  }

  /**
   * How long something took.
   *
   * @param seconds by the clock
   * @param cpu seconds of all processors, compilers and collector included: for a busy machine
   */
  private record Took(double seconds, double cpu) {

    private interface Work {
      void run() throws IOException;
    }

    private static final OperatingSystemMXBean SYSTEM =
        ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

    static Took of(Work work) throws IOException {
      long start = System.nanoTime();
      long cpu = SYSTEM.getProcessCpuTime();
      work.run();
      return new Took((System.nanoTime() - start) / 1e9, (SYSTEM.getProcessCpuTime() - cpu) / 1e9);
    }
  }

  private static double median(List<Took> all, ToDoubleFunction<Took> which) {
    return all.stream().mapToDouble(which).sorted().toArray()[all.size() / 2];
  }

  private static void local(Path model, Path file, Path answers) throws IOException {
    String[] line = {"lm", "score", model.toString(), file.toString(), "--threads=" + THREADS};
    try (var out = new PrintWriter(Files.newBufferedWriter(answers))) {
      var err = new PrintWriter(System.err, true);
      assertThat(Main.commandLine(out, err, line).execute(line)).isZero();
    }
  }

  private static void spark(SparkSession session, Path model, Path file, Path answers) {
    // Parts for both cores, also of a short file.
    session.conf().set("spark.sql.files.maxPartitionBytes", 1 + file.toFile().length() / 8);
    new UnrollScore()
        .setModelFile(model.toString())
        .setInputCol("value")
        .transform(session.read().text(file.toString()))
        .write()
        .mode(SaveMode.Overwrite)
        .option("sep", "\t")
        .csv(answers.toString());
  }

  @Test
  void sparkBesideTheLocalCommand() throws Exception {
    int count = Integer.getInteger("unroll.spark.sentences");
    List<String> text =
        Passages.SENTENCES.read(List.of(Path.of(System.getProperty("unroll.spark.text"))));
    Path model = folder.resolve("novels.safetensors");
    Unroll.languageModel()
        .tokens(TokenOptions.of(Segmentation.Unit.WORDS).withVocabulary(10_000))
        .sentences()
        .lines(text.subList(0, 4000))
        .lstm(Integer.getInteger("unroll.spark.units", 200))
        .epochs(1)
        .train()
        .save(model);
    Local.stop();
    SparkSession session = Local.builder("local[" + THREADS + "]").getOrCreate();
    Path local = folder.resolve("local");
    Path spark = folder.resolve("spark");
    Path warm = sentences(text, Math.min(count, 20_000));
    local(model, warm, local);
    spark(session, model, warm, spark);
    Path file = sentences(text, count);
    var locals = new ArrayList<Took>();
    var sparks = new ArrayList<Took>();
    for (int round = 1; round <= ROUNDS; round++) {
      locals.add(Took.of(() -> local(model, file, local)));
      sparks.add(Took.of(() -> spark(session, model, file, spark)));
    }
    assertThat(session.read().text(spark.toString()).count()).isEqualTo(count);
    Local.stop();
    report(lengths(local, count), locals, sparks);
  }

  /** Returns how many tokens each row has, as the command says. */
  private static IntSummaryStatistics lengths(Path answers, int count) throws IOException {
    try (var lines = Files.lines(answers)) {
      var lengths =
          lines.mapToInt(line -> Integer.parseInt(line.split("\t")[2])).summaryStatistics();
      assertThat(lengths.getCount()).isEqualTo(count);
      return lengths;
    }
  }

  private static void report(IntSummaryStatistics rows, List<Took> locals, List<Took> sparks) {
    System.out.printf(
        Locale.ROOT,
        "%,d sentences of %d to %,d tokens, %,d tokens in all; medians of %d rounds%n",
        rows.getCount(),
        rows.getMin(),
        rows.getMax(),
        rows.getSum(),
        locals.size());
    System.out.println("| | seconds | sentences/s | tokens/s | seconds of CPU |");
    System.out.println("| --- | --- | --- | --- | --- |");
    row("`unroll lm score`, 2 threads", rows, locals);
    row("`UnrollScore`, `local[2]`", rows, sparks);
    System.out.printf(
        Locale.ROOT,
        "Spark has %.1f%% of the throughput of the command, and %.1f%% of that per second of CPU;"
            + " rounds: %s%n",
        100 * median(locals, Took::seconds) / median(sparks, Took::seconds),
        100 * median(locals, Took::cpu) / median(sparks, Took::cpu),
        IntStream.range(0, locals.size())
            .mapToObj(i -> 100 * locals.get(i).seconds / sparks.get(i).seconds)
            .map(share -> String.format(Locale.ROOT, "%.1f%%", share))
            .collect(Collectors.joining(", ")));
  }

  private static void row(String name, IntSummaryStatistics rows, List<Took> all) {
    double seconds = median(all, Took::seconds);
    System.out.printf(
        Locale.ROOT,
        "| %s | %.1f | %,.0f | %,.0f | %.1f |%n",
        name,
        seconds,
        rows.getCount() / seconds,
        rows.getSum() / seconds,
        median(all, Took::cpu));
  }
}
