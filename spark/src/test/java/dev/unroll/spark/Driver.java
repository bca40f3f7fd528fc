package dev.unroll.spark;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A driver as a process of its own, which can be killed. */
final class Driver {

  private Driver() {}

  /**
   * Starts a class with the class path and the options of this JVM. What it prints can be read from
   * the process.
   *
   * @param log to which its errors and Spark's messages are added
   */
  static Process start(Class<?> main, Path log, String... arguments) throws IOException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    Stream<String> options = ManagementFactory.getRuntimeMXBean().getInputArguments().stream();
    command.addAll(options.filter(each -> each.startsWith("--")).toList());
    command.add("-Xmx700m");
    command.addAll(Cluster.BRIEF);
    command.add("-Dunroll.spark.home=" + Cluster.HOME);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command)
        .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
        .start();
  }
}
