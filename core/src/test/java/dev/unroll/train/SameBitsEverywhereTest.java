package dev.unroll.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The same model, bit for bit: on any number of threads, with any vectors or none, on any machine.
 */
class SameBitsEverywhereTest {

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 8})
  void onAnyNumberOfThreads(int threads) {
    assertThat(TinyRun.hash(threads)).isEqualTo(TinyRun.SHA256);
  }

  @ParameterizedTest
  @CsvSource({
    "128, 'kernels: vector, 128 bits'",
    "256, 'kernels: vector, 256 bits'",
    "512, 'kernels: vector, 512 bits'"
  })
  void withVectorsOfAnyWidth(int bits, String expected) throws Exception {
    // 512 bits run, slowly, where the CPU has no such registers: the API then works piece by piece.
    var lines = run("--add-modules", "jdk.incubator.vector", "-Dunroll.vector.bits=" + bits);
    assertThat(lines).containsExactly(expected, TinyRun.SHA256);
  }

  @Test
  void withScalarKernelsAsAsked() throws Exception {
    var lines = run("--add-modules", "jdk.incubator.vector", "-Dunroll.kernel=scalar");
    assertThat(lines).containsExactly("kernels: scalar, as unroll.kernel asks", TinyRun.SHA256);
  }

  @Test
  void withScalarKernelsThatHandOverInTheMiddle() throws Exception {
    var lines =
        run(
            "--add-modules",
            "jdk.incubator.vector",
            "-Dunroll.vector.bits=256",
            "-Dunroll.kernel.scalar.start=100000000");
    assertThat(lines).containsExactly("kernels: vector, 256 bits", TinyRun.SHA256);
  }

  @Test
  void withoutTheVectorModule() throws Exception {
    var lines = run();
    assertThat(lines.get(0)).contains("scalar").contains("add --add-modules jdk.incubator.vector");
    assertThat(lines.get(1)).isEqualTo(TinyRun.SHA256);
  }

  private static List<String> run(String... options) throws IOException, InterruptedException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(options));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), TinyRun.class.getName()));
    var process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    var lines = process.inputReader().lines().toList();
    assertThat(process.waitFor()).as("exit status of %s: %s", command, lines).isZero();
    return lines;
  }
}
