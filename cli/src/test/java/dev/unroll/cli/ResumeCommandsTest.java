package dev.unroll.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroll.cli.forecast.ForecastCommandsTest;
import dev.unroll.cli.label.ClassifierNgramsTest;
import dev.unroll.cli.lm.NgramPartTest;
import dev.unroll.cli.recognize.RecognizeCommandsTest;
import dev.unroll.cli.transduce.CountsPartTest;
import dev.unroll.cli.transduce.TransduceCommandsTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A training that was killed goes on to the same model file, byte for byte, in every task. */
class ResumeCommandsTest {

  /** Tasks; {@code KillTest} kills language models more often. */
  enum Task {
    LM("--unit characters --reading sentences --epochs 2"),
    CLASSIFY("--embedding 4 --epochs 2"),
    RECOGNIZE("--source-unit numbers --epochs 2"),
    TRANSDUCE("--target-unit tokens --epochs 2 --scheduled-sampling 0.2"),
    FORECAST("--context 14 --horizon 7 --known offer --head gaussian --epochs 4");

    private final String options;

    Task(String options) {
      this.options = options;
    }

    /** What is said of a part that is added at the end, if any is. */
    String added() {
      return switch (this) {
        case LM -> "with n-grams; trained in";
        case CLASSIFY -> "with n-grams; trained in";
        case TRANSDUCE -> "with joint n-grams; trained in";
        default -> "trained in";
      };
    }

    String data() {
      return switch (this) {
        case LM -> String.join("\n", NgramPartTest.lines(300, 1)) + "\n";
        case CLASSIFY -> ClassifierNgramsTest.table(400, 1);
        case RECOGNIZE -> RecognizeCommandsTest.table(400, 1);
        case TRANSDUCE -> CountsPartTest.table(400, 1);
        case FORECAST -> ForecastCommandsTest.days(0, 240, false);
      };
    }

    String[] train(Path data, Path model, String every) {
      var words = new ArrayList<>(List.of(name().toLowerCase(Locale.ROOT), "train"));
      words.addAll(List.of(data.toString(), "-o", model.toString()));
      words.addAll(List.of("--units", "12", "--batch", "8", "--checkpoint-every", every));
      words.addAll(List.of(options.split(" ", -1)));
      return words.toArray(String[]::new);
    }
  }

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource
  void aKilledRunGoesOnToTheSameBytes(Task task) throws Exception {
    Path data =
        Files.writeString(
            folder.resolve(task == Task.FORECAST ? "data.csv" : "data.tsv"), task.data());
    Path whole = folder.resolve("whole.safetensors");
    var trained = Session.run(task.train(data, whole, "0"));
    assertThat(trained.status()).as(trained.err()).isZero();
    assertThat(trained.err()).contains(task.added());

    Path killed = folder.resolve("killed.safetensors");
    Path run = folder.resolve("killed.safetensors.run");
    String[] command = task.train(data, killed, "1");
    kill(command, run);
    assertThat(killed).doesNotExist();
    assertThat(Session.run(command).err()).contains("a run that was stopped after step");

    var words = new ArrayList<>(List.of(task.train(data, killed, "40")));
    words.add("--resume");
    var resumed = Session.run(words.toArray(String[]::new));
    assertThat(resumed.status()).as(resumed.err()).isZero();
    assertThat(resumed.err()).contains("resumed after step");
    assertThat(Files.readAllBytes(killed)).isEqualTo(Files.readAllBytes(whole));
    assertThat(run).doesNotExist();
  }

  /** Stopped in its first epoch, a run of two becomes one of three. */
  @Test
  void aRunIsLengthenedToTheRunThatHadTheEpochs() throws Exception {
    Path data = Files.writeString(folder.resolve("data.tsv"), RecognizeCommandsTest.table(400, 1));
    Path whole = folder.resolve("whole.safetensors");
    Session.ok(with(3, Task.RECOGNIZE.train(data, whole, "0")));
    Path killed = folder.resolve("killed.safetensors");
    Path run = folder.resolve("killed.safetensors.run");
    String[] command = Task.RECOGNIZE.train(data, killed, "1");
    kill(with(2, command), run);
    var resumed = Session.ok(with(3, command, "--resume"));
    assertThat(resumed.err()).contains("resumed after step");
    assertThat(Files.readAllBytes(killed)).isEqualTo(Files.readAllBytes(whole));
    assertThat(Session.ok("verify", killed.toString(), data.toString()).out())
        .contains("the same bits");
    assertThat(Session.ok(with(4, command, "--resume")).err())
        .contains("there is nothing to resume, so this run starts from scratch");
  }

  @Test
  void whatChangesOverAllEpochsKeepsThem() throws Exception {
    Path data = Files.writeString(folder.resolve("data.tsv"), TransduceCommandsTest.table(400, 1));
    Path killed = folder.resolve("killed.safetensors");
    String[] command = Task.TRANSDUCE.train(data, killed, "1");
    kill(with(2, command), folder.resolve("killed.safetensors.run"));
    var refused = Session.run(with(3, command, "--resume"));
    assertThat(refused.status()).isEqualTo(2);
    assertThat(refused.err())
        .contains("epochs is 3 now, but was 2 when the run began")
        .contains("What a step learns from changes over all epochs", "further with --from");
  }

  /** A command with another number of epochs, a constant rate, and more. */
  private static String[] with(int epochs, String[] command, String... more) {
    var words = new ArrayList<>(List.of(command));
    words.set(words.indexOf("--epochs") + 1, String.valueOf(epochs));
    words.addAll(List.of("--schedule", "constant"));
    words.addAll(List.of(more));
    return words.toArray(String[]::new);
  }

  /** Kills a training as soon as some steps are kept. */
  private void kill(String[] command, Path run) throws Exception {
    Process process = Session.start(folder.resolve("log"), command);
    while (process.isAlive() && !keepsACheckpoint(run)) {
      Thread.onSpinWait();
    }
    process.destroyForcibly(); // SIGKILL
    process.waitFor();
  }

  private static boolean keepsACheckpoint(Path run) throws IOException {
    if (!Files.isDirectory(run)) {
      return false;
    }
    try (Stream<Path> files = Files.list(run)) {
      return files.anyMatch(file -> file.getFileName().toString().endsWith("05.safetensors"));
    }
  }
}
