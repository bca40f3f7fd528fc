package dev.unroll.spark;

import dev.unroll.spark.train.CommandTraining;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;

/**
 * The program for {@code spark-submit}: runs commands such as {@code lm train} on the executors,
 * with the options of the command line. Without a master it uses all processors of this machine.
 */
public final class Main {

  private Main() {}

  /** Runs one command and ends the process with its exit status. */
  public static void main(String[] args) throws IOException {
    Locale.setDefault(Locale.ROOT); // numbers look the same everywhere
    System.exit(run(List.of(args)));
  }

  private static int run(List<String> arguments) throws IOException {
    var out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    var err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    var conf = new SparkConf();
    conf.setIfMissing("spark.master", "local[*]");
    conf.setIfMissing(
        "spark.app.name", String.join(" ", arguments.subList(0, Math.min(2, arguments.size()))));
    Path work = Files.createTempDirectory("unroll");
    try (var session = SparkSession.builder().config(conf).getOrCreate()) {
      return new CommandTraining(session, work, out, err).execute(arguments);
    } finally {
      deleteAll(work);
    }
  }

  /** Deletes a folder with all that is in it. */
  static void deleteAll(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }
}
