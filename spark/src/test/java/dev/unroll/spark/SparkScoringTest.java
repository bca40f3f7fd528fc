package dev.unroll.spark;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.OperatingSystemMXBean;
import dev.unroll.Unroll;
import dev.unroll.base.Workers;
import dev.unroll.model.LanguageModel;
import dev.unroll.result.SentenceScore;
import dev.unroll.text.Lines;
import dev.unroll.text.Passages;
import dev.unroll.text.Segmentation;
import dev.unroll.text.TokenOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * How many sentences a second Spark scores on two cores, beside what the local command does, each
 * from a file to files, in turns. {@code experiments/spark-scoring} runs it.
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
    try (var out = new PrintWriter(Files.newBufferedWriter(file))) {
      for (int i = 0; i < count; i++) {
        String line = lines.get(i % lines.size());
        if (i % 1000 == 0) {
          var words = new StringBuilder(line);
          int most = 1 + random.nextInt(LONGEST);
          for (int w = line.split(" ").length, next = i; w < most; next++) {
            String more = lines.get(next % lines.size());
            words.append(' ').append(more);
            w += more.split(" ").length;
          }
          line = words.toString();
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

    @Override
    public String toString() {
      return String.format(Locale.ROOT, "%.1f s (%.1f s of CPU)", seconds, cpu);
    }
  }

  private static double median(List<Took> all, ToDoubleFunction<Took> which) {
    return all.stream().mapToDouble(which).sorted().toArray()[all.size() / 2];
  }

  /** As {@code unroll lm score} does. */
  private static void local(LanguageModel model, Path file, Path answers) throws IOException {
    try (var lines = Lines.open(file);
        var workers = new Workers(THREADS);
        var out = new PrintWriter(Files.newBufferedWriter(answers))) {
      for (var some = next(lines); !some.isEmpty(); some = next(lines)) {
        List<SentenceScore> scores = model.score(some, workers);
        for (int i = 0; i < some.size(); i++) {
          double total = scores.get(i).total();
          int tokens = scores.get(i).ids().size();
          out.println(
              String.format(Locale.ROOT, "%.4f\t%.4f\t%d\t", total, total / tokens, tokens)
                  + some.get(i));
        }
      }
    }
  }

  private static List<String> next(Lines lines) {
    var some = new ArrayList<String>();
    long characters = 0;
    while (some.size() < 4096 && characters < 1_000_000) {
      String line = lines.next();
      if (line == null) {
        break;
      }
      some.add(line);
      characters += line.length();
    }
    return some;
  }

  private static void spark(SparkSession session, LanguageModel model, Path file, Path answers) {
    // Parts for both cores, also of a short file.
    session.conf().set("spark.sql.files.maxPartitionBytes", 1 + file.toFile().length() / 8);
    new UnrollScore()
        .setModel(model)
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
    LanguageModel model =
        Unroll.languageModel()
            .tokens(TokenOptions.of(Segmentation.Unit.WORDS).withVocabulary(10_000))
            .sentences()
            .lines(text.subList(0, 4000))
            .lstm(Integer.getInteger("unroll.spark.units", 200))
            .epochs(1)
            .train();
    Local.stop();
    SparkSession session = Local.builder("local[" + THREADS + "]").getOrCreate();
    Path warm = sentences(text, Math.min(count, 20_000));
    local(model, warm, folder.resolve("local"));
    spark(session, model, warm, folder.resolve("spark"));
    Path file = sentences(text, count);
    var locals = new ArrayList<Took>();
    var sparks = new ArrayList<Took>();
    for (int round = 0; round < ROUNDS; round++) {
      locals.add(Took.of(() -> local(model, file, folder.resolve("local"))));
      sparks.add(Took.of(() -> spark(session, model, file, folder.resolve("spark"))));
      System.out.printf(
          Locale.ROOT,
          "%,d sentences, round %d: local %s, Spark %s%n",
          count,
          round + 1,
          locals.getLast(),
          sparks.getLast());
    }
    System.out.printf(
        Locale.ROOT,
        "median: Spark has %.1f%% of the local throughput, and %.1f%% of that per second of CPU%n",
        100 * median(locals, Took::seconds) / median(sparks, Took::seconds),
        100 * median(locals, Took::cpu) / median(sparks, Took::cpu));
    long answered;
    try (var lines = Files.lines(folder.resolve("local"))) {
      answered = lines.count();
    }
    assertThat(session.read().text(folder.resolve("spark").toString()).count()).isEqualTo(answered);
    Local.stop();
  }
}
