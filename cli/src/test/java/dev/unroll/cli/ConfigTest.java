package dev.unroll.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Options from a file. */
class ConfigTest {

  @TempDir Path folder;
  private Path text;

  @BeforeEach
  void writeText() throws IOException {
    text = Files.write(folder.resolve("text.txt"), Session.sentences(60));
  }

  private Session.Result train(String model, String... more) {
    var command = new ArrayList<>(List.of("lm", "train", text.toString()));
    command.addAll(List.of("-o", folder.resolve(model).toString()));
    command.addAll(List.of(more));
    return Session.run(command.toArray(String[]::new));
  }

  private String config(String content) throws IOException {
    return Files.writeString(folder.resolve("run.toml"), content).toString();
  }

  @Test
  void aFileStandsForItsOptionsAndTheCommandLineWins() throws IOException {
    String config =
        config(
            "# small\nunits = [4, 4]\nepochs = 1\nrate = 0.01\ntied = true\nlayer-norm = false\n");
    assertThat(train("a", "--config", config).status()).isZero();
    String[] same = {"--units=4,4", "--epochs=1", "--rate=0.01", "--tied", "--no-layer-norm"};
    assertThat(train("b", same).status()).isZero();
    assertThat(folder.resolve("a")).hasSameBinaryContentAs(folder.resolve("b"));
    assertThat(train("c", "--rate=0.02", "--config=" + config, "--units", "3").status()).isZero();
    assertThat(Session.ok("info", folder.resolve("c").toString()).out())
        .contains("--units 3", "--rate 0.02", "--epochs 1", "--tied");
  }

  @Test
  void whatIsWrongIsToldWithItsLine() throws IOException {
    var unknown = train("a", "--config", config("epochs = 1\n\nlearning-speed = 3\n"));
    assertThat(unknown.status()).isEqualTo(2);
    assertThat(unknown.err()).contains("run.toml", "3", "no option is called --learning-speed");
    String shares = config("valid-share = 0.2\nvalid = {a = 1}\n");
    assertThat(train("a", "--config", shares).err()).contains("run.toml:2: --valid does not take");
    assertThat(train("a", "--config", config("epochs = = 1")).err()).contains("is no TOML");
    assertThat(train("a", "--config", config("tied = 3")).err()).contains("Write true or false");
    assertThat(train("a", "--config", config("[rate]\nx = 1")).err()).contains("does not take");
    assertThat(train("a", "--config", folder + "/none.toml").err()).contains("cannot be read");
    assertThat(train("a", "--config", config("tied = true\nepochs = 'x'")).err())
        .contains("run.toml:2: ", "--epochs", "whole number");
    assertThat(train("a", "--config", config("rate = [1, 2]")).err())
        .contains("run.toml:1: ", "--rate", "only once");
    assertThat(train("a", "--config", config("units = []")).err()).contains("run.toml:1: ");
  }

  @Test
  void anOptionMayBeCalledByItsNegationAndSwitchedEitherWay() throws IOException {
    String rest = "units = 4\nepochs = 1\n";
    assertThat(train("a", "--units=4", "--epochs=1", "--no-layer-norm").status()).isZero();
    assertThat(train("b", "--units=4", "--epochs=1", "--layer-norm").status()).isZero();
    for (String off : List.of("no-layer-norm = true", "layer-norm = false")) {
      assertThat(train("c", "--config", config(rest + off)).status()).as(off).isZero();
      assertThat(folder.resolve("c")).as(off).hasSameBinaryContentAs(folder.resolve("a"));
    }
    for (String on : List.of("no-layer-norm = false", "layer-norm = true")) {
      var trained = train("c", "--config", config(rest + on));
      assertThat(trained.status()).as(on + trained.err()).isZero();
      assertThat(folder.resolve("c")).as(on).hasSameBinaryContentAs(folder.resolve("b"));
    }
  }

  /** As PowerShell writes what unroll info --config prints. */
  @Test
  void aFileMayBeginWithTheMarkOfItsEncoding() throws IOException {
    assertThat(train("a", "--config", config("epochs = 1\r\nunits = 4\r\n")).status()).isZero();
    for (var encoding : List.of(StandardCharsets.UTF_8, StandardCharsets.UTF_16LE)) {
      String content = "\uFEFFepochs = 1\r\nunits = 4\r\n";
      Path file = Files.write(folder.resolve("b.toml"), content.getBytes(encoding));
      var trained = train("b", "--config", file.toString());
      assertThat(trained.status()).as(trained.err()).isZero();
      assertThat(folder.resolve("a")).hasSameBinaryContentAs(folder.resolve("b"));
    }
  }

  @Test
  void infoWritesAFileThatTrainsTheModelAgain() throws IOException {
    assertThat(train("a", "--units=4,4", "--epochs=1", "--no-layer-norm", "--tied").status())
        .isZero();
    String written = Session.ok("info", "--config", folder.resolve("a").toString()).out();
    assertThat(written)
        .contains("units = \"4,4\"\n", "epochs = 1\n", "layer-norm = false\n", "tied = true\n");
    assertThat(train("b", "--config", config(written)).status()).isZero();
    var both = Session.run("info", "--config", "--json", folder.resolve("a").toString());
    assertThat(both.status()).isEqualTo(2);
    assertThat(both.err()).contains("--json does nothing with --config");
    assertThat(folder.resolve("a")).hasSameBinaryContentAs(folder.resolve("b"));
  }
}
