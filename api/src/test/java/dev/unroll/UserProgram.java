package dev.unroll;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A program of a user, run in a JVM of its own in a folder that has some data. */
final class UserProgram {

  private UserProgram() {}

  /**
   * Runs a program, which must end well.
   *
   * @param main a class, or a source file
   * @return all that it printed
   */
  static String run(Path folder, String main) throws IOException, InterruptedException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("--add-modules", "jdk.incubator.vector"));
    command.addAll(List.of("-Dstdout.encoding=UTF-8"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main));
    Path out = folder.resolve("out.txt");
    var process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(out.toFile())
            .start();
    int status = process.waitFor();
    String said = Files.readString(out);
    assertThat(status).as(said).isZero();
    return said;
  }

  /** Writes small data of each task. */
  static void writeData(Path folder) throws IOException {
    var names =
        List.of("Tyrannosaurus", "Stegosaurus", "Allosaurus", "Brachiosaurus", "Triceratops");
    Files.write(folder.resolve("names.txt"), repeated(names, 12));
    var tagged = "Anna B-PER\nlives O\nin O\nRome B-LOC\n\nOtto B-PER\nsees O\nParis B-LOC\n";
    Files.write(folder.resolve("names.conll"), repeated(List.of(tagged), 15));
    var pairs = List.of("ab\tA B", "ba\tB A", "aab\tA A B", "abb\tA B B", "bab\tB A B");
    Files.write(folder.resolve("sounds.tsv"), repeated(pairs, 4));
    table(
        folder.resolve("tickets.csv"),
        "body,queue",
        "the invoice is wrong,billing",
        "the screen is black,support");
    table(
        folder.resolve("reviews.csv"),
        "text,stars",
        "very good,5",
        "good,4",
        "bad,2",
        "very bad,1");
    var rows = new ArrayList<>(List.of("month,sales"));
    for (int month = 0; month < 132; month++) {
      rows.add(
          String.format(
              Locale.ROOT,
              "%d-%02d,%.1f",
              2010 + month / 12,
              1 + month % 12,
              100 + month + 20 * Math.sin(month * Math.PI / 6)));
    }
    Files.write(folder.resolve("sales.csv"), rows);
  }

  private static void table(Path file, String header, String... rows) throws IOException {
    var lines = new ArrayList<>(List.of(header));
    lines.addAll(repeated(List.of(rows), 10));
    Files.write(file, lines);
  }

  static List<String> repeated(List<String> lines, int times) {
    var all = new ArrayList<String>();
    for (int i = 0; i < times; i++) {
      all.addAll(lines);
    }
    return all;
  }
}
