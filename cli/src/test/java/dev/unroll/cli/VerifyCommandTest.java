package dev.unroll.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroll.file.ModelFile;
import dev.unroll.file.Provenance;
import dev.unroll.task.lm.LanguageModelFields;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code verify} of models whose command a stranger wrote: it decides no file. */
class VerifyCommandTest {

  private static final Path COMPAT = Path.of("src/test/resources/compat");

  @TempDir static Path folder;

  private static Path text;
  private static Path trained;

  @BeforeAll
  static void train() throws IOException {
    text = Files.write(folder.resolve("text.txt"), Session.sentences(60));
    trained = folder.resolve("trained.safetensors");
    Session.ok("lm", "train", text.toString(), "-o", trained.toString(), "--units=4", "--epochs=1");
  }

  /** Writes the model with further words in its command. */
  private static Path hostile(String... words) {
    var read = ModelFile.read(trained, LanguageModelFields.CODEC);
    var json = new LinkedHashMap<>(read.provenance().json());
    var command = new ArrayList<>(read.provenance().command());
    command.addAll(List.of(words));
    json.put("command", command);
    Path file = folder.resolve("hostile.safetensors");
    new ModelFile<>(read.fields(), read.parameters(), read.precision(), new Provenance(json))
        .write(file);
    return file;
  }

  @Test
  void theOptionsOfTrainAreTaken() {
    assertThat(Session.ok("verify", hostile().toString(), text.toString()).out())
        .contains("the same bits");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--ids PRECIOUS",
        "--ids=PRECIOUS",
        "--metrics PRECIOUS",
        "--plot PRECIOUS",
        "-o PRECIOUS",
        "--out PRECIOUS",
        "--checkpoints FOLDER",
        "--checkpoint-every 1",
        "--resume",
        "--find-rate",
        "--valid PRECIOUS",
        "--threads 1000",
        "--help",
        "--version",
        "--",
        "PRECIOUS",
        "@PRECIOUS",
        "--epochs",
        "--epochs --ids",
        "--epochs=2",
        "--no-such-option",
        "--units @PRECIOUS",
        "--tied --ids PRECIOUS"
      })
  void noOtherWordIs(String words) throws IOException {
    Path place = Files.createTempDirectory(folder, "precious");
    Path precious = Files.writeString(place.resolve("precious.txt"), "mine");
    String own = words.replace("PRECIOUS", "" + precious).replace("FOLDER", place + "/new");
    Path model = hostile(own.split(" ", -1));
    byte[] before = Files.readAllBytes(model);
    var refused = Session.run("verify", model.toString(), text.toString());
    assertThat(refused.status()).as(refused.out() + refused.err()).isEqualTo(2);
    assertThat(refused.err()).contains("hostile.safetensors: it");
    assertThat(precious).hasContent("mine");
    assertThat(model).hasBinaryContent(before);
    try (Stream<Path> files = Files.list(place)) {
      assertThat(files).containsExactly(precious);
    }
  }

  @Test
  void aValueIsNeverAnOption() throws IOException {
    Path precious = Files.writeString(folder.resolve("precious.txt"), "mine");
    var refused =
        Session.run("verify", hostile("--seed", "--ids=" + precious).toString(), text.toString());
    assertThat(refused.status()).isEqualTo(2);
    assertThat(precious).hasContent("mine");
  }

  @Test
  void vectorsAreThoseThatTheUserNames() {
    String model = COMPAT.resolve("models/classify-several.safetensors").toString();
    String data = COMPAT.resolve("data/several.csv").toString();
    var missing = Session.run("verify", model, data);
    assertThat(missing.status()).isEqualTo(2);
    assertThat(missing.err())
        .contains(
            "trained with --vectors src/test/resources/compat/data/vectors.txt",
            "add --vectors FILE");
    var named =
        Session.run("verify", model, data, "--vectors", COMPAT.resolve("data/vectors.txt") + "");
    assertThat(named.err()).doesNotContain("--vectors");
    var needless =
        Session.run("verify", trained.toString(), text.toString(), "--vectors", text.toString());
    assertThat(needless.status()).isEqualTo(2);
    assertThat(needless.err()).contains("it was trained without --vectors");
  }

  @Test
  void aCommandOfAnotherNetworkIsRefused() {
    var refused = Session.run("verify", hostile("--embedding", "7").toString(), text.toString());
    assertThat(refused.status()).isEqualTo(2);
    assertThat(refused.err()).contains("its command trains", "parameters, but it has");
  }
}
