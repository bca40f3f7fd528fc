package dev.unroll.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Runs commands, in this JVM or as the user's process, and keeps what they print. */
public final class Session {

  public record Result(int status, String out, String err) {}

  private Session() {}

  public static Result run(String... args) {
    var out = new StringWriter();
    var err = new StringWriter();
    int status =
        Main.commandLine(new PrintWriter(out, true), new PrintWriter(err, true), args)
            .execute(args);
    return new Result(status, out.toString(), err.toString());
  }

  /** Runs a command that must succeed. */
  public static Result ok(String... args) {
    Result result = run(args);
    assertThat(result.status).as(result.err).isZero();
    return result;
  }

  /** Runs a command in this JVM; {@code line} has blanks only between its words. */
  public static Result line(String line) {
    return run(line.split(" ", -1));
  }

  public static Result process(String input, String... args)
      throws IOException, InterruptedException {
    Path err = Files.createTempFile("unroll", ".err");
    var process = new ProcessBuilder(java(args)).redirectError(err.toFile()).start();
    try (var writer = process.outputWriter()) {
      writer.write(input);
    }
    String out =
        new String(
            process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    return new Result(process.waitFor(), out, Files.readString(err));
  }

  /** Starts a command whose output goes to a file. */
  public static Process start(Path log, String... args) throws IOException {
    return new ProcessBuilder(java(args))
        .redirectErrorStream(true)
        .redirectOutput(log.toFile())
        .start();
  }

  /**
   * Runs a command that the system lets write no file larger than so many KiB, as on a full disk.
   */
  static Result limited(int kibibytes, String... args) throws IOException, InterruptedException {
    var command =
        new ArrayList<>(List.of("bash", "-c", "ulimit -f " + kibibytes + "; exec \"$@\""));
    command.add("bash");
    command.addAll(java(args));
    Path out = Files.createTempFile("unroll", ".out");
    var process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile()).start();
    int status = process.waitFor();
    return new Result(status, "", Files.readString(out));
  }

  /** Returns the command that runs a command line in a process of its own. */
  static List<String> java(String... args) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("--add-modules", "jdk.incubator.vector"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(List.of(args));
    return command;
  }

  /** Sentences with something to learn, always the same. */
  public static List<String> sentences(int count) {
    var random = new Random(7);
    String[] who = {"the cat", "the dog", "a bird", "my friend", "she", "the old man"};
    String[] does = {"sat on the mat", "ran away", "was full", "sang a song", "slept", "ate fish"};
    String[] when = {"", " today", " again", " in the house"};
    var lines = new ArrayList<String>();
    for (int i = 0; i < count; i++) {
      lines.add(
          who[random.nextInt(who.length)]
              + " "
              + does[random.nextInt(does.length)]
              + when[random.nextInt(when.length)]
              + ".");
    }
    return lines;
  }
}
