package dev.unroll.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How much a training says: {@code --quiet}, {@code --verbose}, {@code --dry-run}. */
class QuietTest {

  @TempDir Path folder;
  private Path text;

  @BeforeEach
  void writeText() throws IOException {
    text = Files.write(folder.resolve("text.txt"), Session.sentences(60));
  }

  private Session.Result train(String... more) {
    var command = new ArrayList<>(List.of("lm", "train", text.toString()));
    command.addAll(List.of("-o", folder.resolve("model.safetensors").toString()));
    command.addAll(List.of("--units", "4", "--epochs", "4"));
    command.addAll(List.of(more));
    return Session.run(command.toArray(String[]::new));
  }

  @Test
  void quietSaysNothingUnlessSomethingIsWrong() {
    var quiet = train("-q");
    assertThat(quiet.status()).isZero();
    assertThat(quiet.out() + quiet.err()).isEmpty();
    assertThat(folder.resolve("model.safetensors")).exists();
    assertThat(train("--quiet", "--rate", "-1").err()).contains("unroll: ");
    assertThat(train("--quiet", "--verbose").err()).contains("contradict");
  }

  @ParameterizedTest
  @ValueSource(strings = {"classify", "regress"})
  void quietDoesNotSayWhichColumnsItFound(String task) throws IOException {
    var rows = new StringBuilder("What was said;Mark\n");
    for (int i = 0; i < 60; i++) {
      rows.append(i % 2 == 0 ? "good food" : "bad soup").append(' ').append(i % 5);
      rows.append(';').append(i % 2).append('\n');
    }
    Path table = Files.writeString(folder.resolve("marks.csv"), rows);
    String model = folder.resolve("marks.safetensors").toString();
    String[] command = {task, "train", "" + table, "-o", model, "--units", "4", "--epochs", "1"};
    assertThat(Session.ok(command).err()).contains("note: ", "What was said");
    var quiet = Stream.concat(Arrays.stream(command), Stream.of("--quiet"));
    assertThat(Session.ok(quiet.toArray(String[]::new)).err()).isEmpty();
  }

  @Test
  void verboseShowsACurve() {
    assertThat(train("-v").err()).containsPattern("validation loss [0-9.]+ [▁▂▃▄▅▆▇█]{4} [0-9.]+");
    assertThat(train().err()).doesNotContain("▁");
  }

  @Test
  void colorIsForTerminals() {
    assertThat(train().err()).contains("best so far").doesNotContain("\u001b");
    assertThat(train("--color", "never").err()).doesNotContain("\u001b");
    assertThat(train("--color", "always").err())
        .contains("\u001b[32m  best so far\u001b[0m")
        .containsPattern("\u001b\\[3[23]mvalidation perplexity .*\u001b\\[0m");
    assertThat(train("--color", "pink").err()).contains("--color");
  }

  @Test
  void aDryRunDescribesAndWritesNothing() throws IOException {
    var dry = train("--dry-run", "--metrics", folder.resolve("metrics").toString());
    assertThat(dry.status()).as(dry.err()).isZero();
    assertThat(dry.err()).contains("tokens to train on").doesNotContain("epoch 1");
    assertThat(dry.out())
        .contains("embedding", "layers.0", "parameters; ", "MiB", "Nothing was trained or written");
    var ids = train("--dry-run", "--ids", folder.resolve("ids").toString());
    assertThat(ids.status()).isZero();
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactly(text);
    }
    assertThat(train("--dry-run", "--units", "0").status()).isEqualTo(2);
    Session.ok(
        "lm", "train", text.toString(), "--dry-run"); // no model is written, so none is named
  }
}
