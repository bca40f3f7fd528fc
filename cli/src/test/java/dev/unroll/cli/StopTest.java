package dev.unroll.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Training processes that are stopped by Ctrl-C and other signals. Where `env` cannot restore what
 * a signal does and the tests were started with SIGINT ignored, those of Ctrl-C reach the time
 * limit.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
@DisabledOnOs(OS.WINDOWS)
class StopTest {

  private static final List<String> HEEDING = heeding();

  @TempDir Path folder;
  private @Nullable Process started;
  private Path text;
  private Path model;
  private Path log;
  private Path metrics;

  @BeforeEach
  void writeText() throws IOException {
    text = Files.write(folder.resolve("my text.txt"), Session.sentences(600));
    model = folder.resolve("model.safetensors");
    log = folder.resolve("log");
    metrics = folder.resolve("metrics");
  }

  private List<String> command(String... more) {
    var command = new ArrayList<>(List.of("lm", "train", text.toString(), "-o", model.toString()));
    command.addAll(List.of("--units", "200", "--batch", "8", "--threads", "1"));
    command.addAll(List.of("--patience", "0"));
    command.addAll(List.of(more));
    return command;
  }

  private Process start(List<String> command) throws IOException {
    return launch(Session.java(command.toArray(String[]::new)));
  }

  /**
   * Starts a program that heeds Ctrl-C. One that is started with SIGINT ignored, as by a shell in
   * the background or by nohup, ignores it as long as it lives; so does what it starts.
   */
  private Process launch(List<String> program) throws IOException {
    var command = new ArrayList<>(HEEDING);
    command.addAll(program);
    started =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    return started;
  }

  /** What stands before a program for that; nothing where there is no such `env`. */
  private static List<String> heeding() {
    var command = List.of("env", "--default-signal=INT");
    try {
      var probe = new ArrayList<>(command);
      probe.add("true");
      return new ProcessBuilder(probe).start().waitFor() == 0 ? command : List.of();
    } catch (IOException e) {
      return List.of();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @AfterEach
  void end() throws InterruptedException {
    if (started != null) {
      started.descendants().forEach(ProcessHandle::destroyForcibly);
      started.destroyForcibly().waitFor();
    }
  }

  /** Waits until a run has made steps, and until it has validated them if {@code validated}. */
  private void await(Process process, boolean validated) throws Exception {
    while (process.isAlive()
        && !(Files.exists(metrics)
            && Files.readString(metrics).contains(validated ? "\"validation\"" : "\"step\""))) {
      process.waitFor(20, TimeUnit.MILLISECONDS);
    }
    assertThat(process.isAlive()).as(Files.readString(log)).isTrue();
  }

  private static void signal(String name, Process process) throws Exception {
    new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid()))
        .inheritIO()
        .start()
        .waitFor();
  }

  @ParameterizedTest
  @CsvSource({"INT, 130", "TERM, 143"})
  void aRunThatIsStoppedSaysWhereItsModelIsAndGoesOn(String name, int status) throws Exception {
    var command = command("--epochs", "100000", "--metrics", metrics.toString());
    Process process = start(command);
    await(process, true);
    signal(name, process);
    assertThat(process.waitFor()).as(Files.readString(log)).isEqualTo(status);
    String said = Files.readString(log);
    assertThat(said)
        .contains("stopping after this step", "stopped after step")
        .contains("Best model so far:  " + model + ", validation perplexity")
        .contains("Continue with:  unroll lm train '" + text + "' -o " + model)
        .contains("--resume")
        .doesNotContain("Exception", "unroll: ");
    assertThat(Session.ok("info", model.toString()).out()).contains("unfinished");
    try (Stream<Path> kept = Files.list(folder.resolve("model.safetensors.run"))) {
      assertThat(kept).anyMatch(file -> file.toString().endsWith(".safetensors"));
    }
    command.add("--resume");
    Process resumed = start(command);
    while (resumed.isAlive() && !Files.readString(log).contains("resumed after step")) {
      resumed.waitFor(20, TimeUnit.MILLISECONDS);
    }
    assertThat(Files.readString(log)).contains("resumed after step");
    resumed.destroyForcibly().waitFor();
  }

  @Test
  void aRunWithoutCheckpointsSaysSo() throws Exception {
    Process process =
        start(command("--epochs", "100000", "--checkpoint-every=0", "--metrics=" + metrics));
    await(process, true);
    signal("INT", process);
    assertThat(process.waitFor()).isEqualTo(130);
    assertThat(Files.readString(log))
        .contains("No checkpoint is kept")
        .doesNotContain("Continue with");
  }

  @ParameterizedTest
  @ValueSource(strings = {"INT", "TERM"})
  void aSecondSignalEndsAtOnceAndLeavesNoEmptyFolder(String name) throws Exception {
    // One step takes minutes.
    Files.write(text, Session.sentences(60_000));
    Process process = start(command("--accumulate", "60000", "--epochs", "50"));
    Path run = folder.resolve("model.safetensors.run");
    while (process.isAlive() && !Files.readString(log).contains("parameters;")) {
      process.waitFor(20, TimeUnit.MILLISECONDS);
    }
    process.waitFor(500, TimeUnit.MILLISECONDS);
    signal(name, process);
    assertThat(process.waitFor(1, TimeUnit.SECONDS)).as(Files.readString(log)).isFalse();
    assertThat(Files.readString(log)).contains("stopping after this step");
    signal(name, process);
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(name.equals("INT") ? 130 : 143);
    assertThat(run).doesNotExist();
  }

  @Test
  void beforeTheFirstStepNothingIsLeft() throws Exception {
    Path run = folder.resolve("model.safetensors.run");
    Process process =
        start(List.of("lm", "train", "-", "-o", model.toString())); // waits for its text
    while (process.isAlive() && !Files.exists(run.resolve("lock"))) {
      process.waitFor(20, TimeUnit.MILLISECONDS);
    }
    process.waitFor(500, TimeUnit.MILLISECONDS);
    signal("INT", process);
    assertThat(process.waitFor()).as(Files.readString(log)).isEqualTo(130);
    assertThat(run).doesNotExist();
    assertThat(model).doesNotExist();
  }

  /** A terminal sends Ctrl-C to all processes in front: the launcher, the program, its filter. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void aLauncherPassesOnCtrlCAndWhatIsSaid() throws Exception {
    var command = new ArrayList<>(List.of("setsid", "bash", "-c", "source ../run.sh; run \"$@\""));
    command.add("bash");
    command.addAll(
        Session.java(command("--epochs=100000", "--metrics=" + metrics).toArray(String[]::new)));
    Process process = launch(command);
    await(process, true);
    new ProcessBuilder("kill", "-INT", "--", "-" + process.pid()).inheritIO().start().waitFor();
    assertThat(process.waitFor()).as(Files.readString(log)).isEqualTo(130);
    assertThat(Files.readString(log))
        .contains("Best model so far", "Continue with")
        .doesNotContain("WARNING");
  }
}
