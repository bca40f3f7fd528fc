package dev.unroll.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.unroll.Unroll;
import dev.unroll.data.Provenance;
import dev.unroll.store.ModelFile;
import dev.unroll.task.lm.LanguageModelFields;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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

  @Test
  void shardsAreTrainedAgain() {
    String model = folder.resolve("sharded.safetensors").toString();
    Session.ok(
        "lm", "train", text.toString(), "-o", model, "--units=4", "--epochs=1", "--shards=3");
    assertThat(Session.ok("verify", model, text.toString()).out()).contains("the same bits");
    assertThat(Session.ok("info", model).out()).contains("--shards 3");
    for (String option : List.of("--local-steps=3", "--gradient-precision=bfloat16")) {
      Session.ok(
          "lm", "train", text + "", "-o", model, "--units=4", "--epochs=1", "--shards=3", option);
      assertThat(Session.ok("verify", model, text.toString()).out()).contains("the same bits");
      assertThat(Session.ok("info", model).out()).contains(option.replace('=', ' '));
      var alone = Session.run("lm", "train", text.toString(), "-o", model, option);
      assertThat(alone.status()).isEqualTo(2);
      assertThat(alone.err()).contains("--shards 4");
    }
    var refused =
        Session.run("lm", "train", text.toString(), "-o", model, "--batch=4", "--shards=5");
    assertThat(refused.status()).isEqualTo(2);
    assertThat(refused.err()).contains("5 shards for batches of 4", "--shards 4");
  }

  @Test
  void aModelTrainedWithoutAnOptionIsVerified() throws IOException {
    Path plain = folder.resolve("plain.safetensors");
    Path few = Files.write(folder.resolve("few.txt"), Session.sentences(20));
    Session.ok("lm", "train", few.toString(), "-o", plain.toString());
    assertThat(Session.ok("verify", plain.toString(), few.toString()).out())
        .contains("the same bits");
    assertThat(Session.ok("info", plain.toString()).out())
        .contains("unroll lm train FILE -o MODEL --seed 1");
  }

  @Test
  void aModelFromJavaIsVerifiedWhereItHasTheUsualOptions() throws IOException {
    Path few = Files.write(folder.resolve("few-java.txt"), Session.sentences(20));
    Path usual = folder.resolve("usual.safetensors");
    Unroll.languageModel().lines(few).train().save(usual);
    assertThat(Session.ok("info", usual.toString()).out()).doesNotContain("command ");
    assertThat(Session.ok("verify", usual.toString(), few.toString()).out())
        .contains("the same bits");

    Path small = folder.resolve("small.safetensors");
    Unroll.languageModel().lstm(8).epochs(1).lines(few).train().save(small);
    assertThat(Session.run("verify", small.toString(), few.toString()).err())
        .contains("it was trained neither by a command nor with the usual options", "from Java");
    Path longer = folder.resolve("longer.safetensors");
    Unroll.languageModel().epochs(1).lines(few).train().save(longer);
    assertThat(Session.run("verify", longer.toString(), few.toString()).err())
        .contains("nor with the usual options: epochs is 100 now, but was 1");
  }

  @Test
  void aModelOfAnotherTaskIsReplacedByForceOnly() throws IOException {
    Path model = folder.resolve("task.safetensors");
    Path labels =
        Files.writeString(folder.resolve("l.tsv"), "label\ttext\n" + "a\tb c\nd\te f\n".repeat(9));
    Session.ok("lm", "train", text.toString(), "-o", model.toString(), "--units=4", "--epochs=1");
    String[] classify = {
      "classify", "train", labels.toString(), "-o", model.toString(), "--units=4", "--epochs=1"
    };
    var refused = Session.run(classify);
    assertThat(refused.status()).isEqualTo(2);
    assertThat(refused.err())
        .contains("is a model of lm, so it will not be replaced by one of classify", "--force");
    var forced = Stream.concat(Stream.of(classify), Stream.of("--force")).toArray(String[]::new);
    Session.ok(forced);
    Session.ok(classify);

    Path foreign = folder.resolve("foreign.safetensors");
    byte[] header =
        "{\"x\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}".getBytes(UTF_8);
    var bytes = ByteBuffer.allocate(8 + header.length + 4).order(ByteOrder.LITTLE_ENDIAN);
    Files.write(foreign, bytes.putLong(header.length).put(header).array());
    classify[4] = foreign.toString();
    assertThat(Session.run(classify).err()).contains("is not a model of Unroll");
  }
}
