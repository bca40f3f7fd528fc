package dev.unroll.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Readers that leave, and disks that are full. */
class StandardOutputTest {

  @TempDir static Path folder;

  @BeforeAll
  static void train() throws IOException {
    Path text = Files.write(folder.resolve("text.txt"), Session.sentences(100));
    Path table = folder.resolve("table.tsv");
    Files.write(table, List.of("label\ttext", "a\tthe cat", "b\ta bird", "a\tthe cat", "b\tbird"));
    String small = " --units 4 --epochs 1";
    assertOk("lm train " + text + small + " --no-ngrams -o " + folder.resolve("lm"));
    assertOk(
        "classify train %s --valid %s%s -o %s"
            .formatted(table, table, small, folder.resolve("classify")));
  }

  private static void assertOk(String line) {
    var result = Session.line(line);
    assertThat(result.status()).as(result.err()).isZero();
  }

  /** Runs a line of the shell, in which "$@" is the command line; it must end soon. */
  private static Session.Result shell(String line, String... args)
      throws IOException, InterruptedException {
    var command = Session.java(args);
    command.addAll(0, List.of("bash", "-o", "pipefail", "-c", line, "bash"));
    Path err = Files.createTempFile(folder, "shell", ".err");
    Path out = Files.createTempFile(folder, "shell", ".out");
    var process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectError(err.toFile())
            .redirectOutput(out.toFile())
            .start();
    boolean ended = process.waitFor(60, TimeUnit.SECONDS);
    if (!ended) {
      process.descendants().forEach(ProcessHandle::destroy);
      process.destroy();
    }
    assertThat(ended).as("ends by itself").isTrue();
    return new Session.Result(process.exitValue(), Files.readString(out), Files.readString(err));
  }

  private static String notes(Session.Result result) {
    return result.err().replaceAll("WARNING.*\n", "");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "lm sample lm --length 20000000",
        "lm sample lm --length 20 --count 20000000",
        "lm sample lm --length 20 --count 20000000 --json",
      })
  void drawingEndsWithItsReader(String line) throws IOException, InterruptedException {
    var result = shell("\"$@\" | head -c 100", line.split(" "));
    assertThat(notes(result)).isEmpty();
    assertThat(result.out()).hasSize(100);
    assertThat(result.status()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "lm score lm -",
        "lm score lm - --per-token",
        "classify predict classify -",
        "classify predict classify - --json",
      })
  void answersToAnEndlessInputEndWithTheirReader(String line)
      throws IOException, InterruptedException {
    var result = shell("yes 'the cat' | \"$@\" | head -n 3", line.split(" "));
    assertThat(notes(result)).isEmpty();
    assertThat(result.out().lines()).hasSize(3);
  }

  @Test
  void rowsOfAnEndlessTableAreAnsweredAsTheyCome() throws IOException, InterruptedException {
    var result =
        shell(
            "(echo text; yes 'the cat') | \"$@\" | head -n 3",
            "classify predict classify - --format csv".split(" "));
    assertThat(notes(result)).isEmpty();
    assertThat(result.out().lines()).hasSize(3);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--help",
        "--version",
        "info lm",
        "lm sample lm",
        "lm sample lm --json",
        "lm eval lm text.txt",
        "lm score lm text.txt",
        "classify predict classify text.txt",
        "classify eval classify table.tsv --json",
      })
  void aFullDiskIsReported(String line) throws IOException, InterruptedException {
    assumeTrue(Files.exists(Path.of("/dev/full")));
    var result = shell("\"$@\" > /dev/full", line.split(" "));
    assertThat(notes(result)).startsWith("unroll: the output cannot be written: No space left");
    assertThat(result.err()).doesNotContain("Exception", "\tat ");
    assertThat(result.status()).isEqualTo(1);
  }
}
