package dev.unroll.spark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroll.Unroll;
import dev.unroll.cli.Main;
import dev.unroll.spark.train.CommandTraining;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands end with the same bits on executors, with files at addresses. */
class CommandTrainingTest {

  @TempDir Path folder;

  private final StringWriter said = new StringWriter();

  private static final List<String> OPTIONS =
      List.of("--unit=characters", "--reading=sentences", "--units=4", "--epochs=2", "--shards=3");

  private int onSpark(String... arguments) throws Exception {
    var out = new PrintWriter(said, true);
    Path work = Files.createTempDirectory(folder, "work");
    return new CommandTraining(Local.session(), work, out, out).execute(List.of(arguments));
  }

  private static String[] line(String data, String model, String... more) {
    return Stream.of(Stream.of("lm", "train", data, "-o", model), OPTIONS.stream(), Stream.of(more))
        .flatMap(part -> part)
        .toArray(String[]::new);
  }

  @Test
  void aCommandEndsWithTheSameBits() throws Exception {
    Path data = folder.resolve("names.txt");
    Files.writeString(data, "anna\nbert\nclara\ndora\nemil\nfrieda\ngustav\nheinrich\n".repeat(9));
    Path local = folder.resolve("local.safetensors");
    String[] here = line(data.toString(), local.toString());
    var out = new PrintWriter(said, true);
    assertThat(Main.commandLine(out, out, here).execute(here)).as(said.toString()).isZero();
    Path sent = folder.resolve("sent.safetensors");
    Path metrics = folder.resolve("steps.jsonl");
    int status =
        onSpark(
            line(
                data.toUri().toString(),
                sent.toUri().toString(),
                "--metrics=" + metrics.toUri(),
                "--checkpoint-every=3"));
    assertThat(status).as(said.toString()).isZero();
    assertThat(Unroll.open(sent).parameters()).isEqualTo(Unroll.open(local).parameters());
    assertThat(metrics).isNotEmptyFile();
    assertThat(folder.resolve("sent.safetensors.run")).doesNotExist();
    assertThat(said.toString())
        .contains("Next:  unroll lm sample " + local, "Next:  unroll lm sample file:" + sent)
        .doesNotContain(folder.resolve("work").toString());
  }

  /** The file of options, and the files that it names, are on the machine of the driver only. */
  @Test
  void optionsMayBeInAFile() throws Exception {
    Path data = Files.writeString(folder.resolve("names.txt"), "anna\nbert\nclara\n".repeat(9));
    Path valid = Files.writeString(folder.resolve("valid.txt"), "dora\nemil\n");
    Path model = folder.resolve("model.safetensors");
    Path config =
        Files.writeString(
            folder.resolve("run.toml"),
            "valid = \"" + valid.toUri() + "\"\nshards = 2\nunits = [4, 5]\nepochs = 1\n");
    int status =
        onSpark(
            "lm", "train", data.toUri().toString(), "--config", config.toString(), "-o" + model);
    assertThat(status).as(said.toString()).isZero();
    Path local = folder.resolve("local.safetensors");
    String[] here = {
      "lm",
      "train",
      data.toString(),
      "--valid=" + valid,
      "--shards=2",
      "--units=4,5",
      "--epochs=1",
      "-o",
      local.toString()
    };
    var out = new PrintWriter(said, true);
    assertThat(Main.commandLine(out, out, here).execute(here)).as(said.toString()).isZero();
    assertThat(Unroll.open(model).parameters()).isEqualTo(Unroll.open(local).parameters());
  }

  @Test
  void whatCannotBeDoneIsSaid() throws Exception {
    assertThat(onSpark("lm", "train", folder.resolve("no.txt").toUri().toString(), "--shards=2"))
        .isEqualTo(2);
    assertThat(said.toString()).contains("no.txt");
    assertThat(onSpark("lm", "train", "a.txt", "--seeds=3")).isEqualTo(2);
    assertThat(said.toString()).contains("--seeds does nothing on Spark");
  }
}
