package dev.unroll.fuzz;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A program: trains the same tiny models of each cell and task ({@code TinyRun}) in many JVMs, each
 * with other settings, and compares their hashes. {@code CLASSPATH}: where the classes and tests of
 * core are. Prints a row of the attack's table; ends with status 1 if a hash was another.
 */
final class JvmSettings {

  private static final String VECTOR = "--add-modules jdk.incubator.vector ";

  private static final List<String> SETTINGS =
      List.of(
          VECTOR,
          "",
          VECTOR + "-Duser.language=ar -Duser.country=EG",
          VECTOR + "-Duser.language=fa -Duser.country=IR",
          VECTOR + "-Duser.language=tr -Duser.country=TR",
          VECTOR + "-Duser.language=de -Duser.country=CH -Dfile.encoding=ISO-8859-1",
          VECTOR + "-XX:UseAVX=0",
          VECTOR + "-XX:UseAVX=1",
          VECTOR + "-XX:UseAVX=2",
          VECTOR + "-XX:UseAVX=3",
          VECTOR + "-XX:MaxVectorSize=16",
          VECTOR + "-XX:MaxVectorSize=32",
          VECTOR + "-XX:-UseFMA",
          VECTOR + "-XX:TieredStopAtLevel=1",
          VECTOR + "-XX:-TieredCompilation",
          VECTOR + "-XX:-UseSuperWord",
          VECTOR + "-XX:+UseSerialGC",
          VECTOR + "-XX:+UseParallelGC -XX:ObjectAlignmentInBytes=64",
          VECTOR + "-XX:+UseZGC",
          VECTOR + "-XX:+UseShenandoahGC",
          VECTOR + "-XX:+UseCompactObjectHeaders",
          VECTOR + "-XX:ActiveProcessorCount=1 -Dthreads=1",
          VECTOR + "-XX:ActiveProcessorCount=64 -Dthreads=7");

  private JvmSettings() {}

  public static void main(String[] args) throws IOException, InterruptedException {
    List<String> expected = List.of();
    int hashes = 0;
    int wrong = 0;
    for (String setting : SETTINGS) {
      long began = System.nanoTime();
      List<String> found = hashes(args[0], setting);
      expected = expected.isEmpty() ? found : expected;
      var others = new ArrayList<>(found);
      others.removeAll(expected);
      int missing = Math.max(0, expected.size() - found.size());
      hashes += expected.size();
      wrong += others.size() + missing;
      System.out.printf(
          "%s: %s, %d s%n",
          setting.isBlank() ? "no vector module" : setting.replace(VECTOR, "").replace("-XX:", ""),
          others.isEmpty() && missing == 0
              ? "the same " + found.size() + " hashes"
              : "OTHER HASHES " + others,
          (System.nanoTime() - began) / 1_000_000_000);
    }
    System.out.printf(
        "| JVM settings | %,d | %,d | %d settings (locales, UseAVX 0 … 3, MaxVectorSize, no FMA, C1 only, C2 only, 4 collectors, compact headers, 1 … 7 threads, no vector module), a hash of each cell and task |%n",
        hashes, wrong, SETTINGS.size());
    System.exit(wrong == 0 ? 0 : 1);
  }

  /** Returns a line for each model: its name and the hash of its parameters. */
  private static List<String> hashes(String classpath, String setting)
      throws IOException, InterruptedException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    Stream.of(setting.split(" ")).filter(word -> !word.isEmpty()).forEach(command::add);
    command.addAll(List.of("-cp", classpath, "dev.unroll.TinyRun"));
    if (setting.contains("-Dthreads=")) {
      command.add(setting.replaceAll(".*-Dthreads=([0-9]+).*", "$1"));
    }
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    List<String> lines = process.inputReader().lines().toList();
    if (process.waitFor() != 0) {
      System.out.println(String.join("\n", lines));
    }
    return lines.stream().filter(line -> line.matches(".* [0-9a-f]{64}")).toList();
  }
}
