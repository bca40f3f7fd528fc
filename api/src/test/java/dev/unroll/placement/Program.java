package dev.unroll.placement;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** {@code example.App} in a JVM of its own. */
final class Program {

  /** Has a tokenizer, which is found by a service loader. */
  static final Path MODEL =
      Path.of("../cli/src/test/resources/compat/models/lm-byte-pairs.safetensors").toAbsolutePath();

  static final String NAME = "example.App";
  static final List<String> VECTOR = List.of("--add-modules", "jdk.incubator.vector");

  private final Path folder;

  /** A program that is started in a folder. */
  Program(Path folder) {
    this.folder = folder;
  }

  /** What a program wrote. */
  record Said(String out, String err) {
    /** Checks that the vector kernels ran, or did not, and that all threads found that answer. */
    void answers(String answer, boolean vector) {
      var lines = out.lines().toList();
      assertThat(lines).as(out + err).hasSize(6);
      assertThat(lines.getFirst()).startsWith(vector ? "kernels: vector" : "kernels: scalar");
      assertThat(lines.subList(1, 6)).allMatch(line -> line.endsWith(": " + answer));
    }
  }

  /** Returns the compiled program. */
  static Map<String, byte[]> classes() {
    Path all =
        Path.of(example.App.class.getProtectionDomain().getCodeSource().getLocation().getPath());
    var program = new TreeMap<>(Jars.contents(all));
    program.keySet().removeIf(name -> !name.startsWith("example/"));
    return program;
  }

  /** Runs {@code java} with some arguments and the model after them. */
  Said run(List<String> arguments) throws IOException, InterruptedException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx256m");
    command.addAll(arguments);
    command.add(MODEL.toString());
    Path logs = Files.createTempDirectory(folder.getParent(), "logs");
    var builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"));
    builder
        .redirectOutput(logs.resolve("out").toFile())
        .redirectError(logs.resolve("err").toFile());
    int status = builder.start().waitFor();
    var said =
        new Said(Files.readString(logs.resolve("out")), Files.readString(logs.resolve("err")));
    assertThat(status).as(command + "\n" + said.out + said.err).isZero();
    return said;
  }

  /** Returns a path of jars. */
  static String path(List<Path> jars) {
    return jars.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
  }
}
