package dev.unroll.spark;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Starts programs as {@code bin/spark-submit} does, which is not among what Maven has of Spark. */
final class Submit {

  private static final Pattern OF_TESTS =
      Pattern.compile(
          "(junit|jqwik|assertj|opentest4j|apiguardian|surefire|archunit|byte-buddy).*");

  private Submit() {}

  /**
   * Returns the jars of {@code spark/target/lib} and that of the module: what is on the class path,
   * and neither Spark's nor of tests. Folders of classes are packed.
   */
  static List<Path> jars(Path folder) throws IOException {
    var jars = new ArrayList<Path>();
    for (Path entry : Cluster.ownEntries()) {
      String name = entry.getFileName().toString();
      if (Files.isDirectory(entry)) {
        jars.add(pack(entry, folder.resolve(jars.size() + ".jar")));
      } else if (Files.exists(entry) && !OF_TESTS.matcher(name).matches()) {
        jars.add(entry);
      }
    }
    return jars;
  }

  private static Path pack(Path classes, Path jar) throws IOException {
    try (OutputStream out = Files.newOutputStream(jar);
        var zip = new ZipOutputStream(out);
        Stream<Path> files = Files.walk(classes)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        zip.putNextEntry(new ZipEntry(classes.relativize(file).toString()));
        Files.copy(file, zip);
      }
    }
    return jar;
  }

  /**
   * Submits a program, and waits for its end.
   *
   * @param log for what it prints
   * @return its exit status
   */
  static int run(Path log, List<String> arguments) throws IOException, InterruptedException {
    var launcher = new ArrayList<String>();
    launcher.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    launcher.addAll(Cluster.BRIEF);
    launcher.addAll(List.of("-cp", Cluster.HOME.resolve("jars") + "/*"));
    launcher.addAll(
        List.of("org.apache.spark.launcher.Main", "org.apache.spark.deploy.SparkSubmit"));
    launcher.addAll(arguments);
    Process launched = process(launcher).redirectError(log.toFile()).start();
    String said = new String(launched.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    // A line with a zero byte, then the words of the command, each with one after it.
    String command = said.substring(said.indexOf("\0\n") + 2);
    return process(Arrays.asList(command.split("\0")))
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
        .start()
        .waitFor();
  }

  private static ProcessBuilder process(List<String> command) {
    var builder = new ProcessBuilder(command);
    builder.environment().put("SPARK_HOME", Cluster.HOME.toAbsolutePath().toString());
    builder.environment().put("SPARK_SCALA_VERSION", "2.13");
    builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    return builder;
  }
}
