package dev.unroll;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A class of the tests as a program in a JVM of its own. */
public final class OtherJvm {

  private OtherJvm() {}

  /** Returns the command that runs it with these options of the JVM. */
  public static List<String> command(Class<?> main, List<String> options, String... arguments) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(List.of(arguments));
    return command;
  }

  /** Runs it, which has to succeed, and returns what it prints. */
  public static List<String> lines(Class<?> main, String... options)
      throws IOException, InterruptedException {
    var command = command(main, List.of(options));
    var process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    var lines = process.inputReader().lines().toList();
    assertThat(process.waitFor()).as("exit status of %s: %s", command, lines).isZero();
    return lines;
  }
}
