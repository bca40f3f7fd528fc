package dev.unroll.cli.recognize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.unroll.cli.Session;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Labels without alignment from the command line: a bump of some steps is a letter by its height.
 */
public class RecognizeCommandsTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir static Path folder;

  private static Path pairs;
  private static Path held;
  private static Path model;

  private static String line(Random random) {
    var text = new StringBuilder();
    var steps = new ArrayList<String>();
    for (int length = 1 + random.nextInt(4); length > 0; length--) {
      int letter = random.nextInt(3);
      text.append((char) ('a' + letter));
      for (int t = 1 + random.nextInt(3); t > 0; t--) {
        steps.add(String.format(Locale.ROOT, "%.3f,1", letter + 0.1 * random.nextGaussian()));
      }
      for (int t = 1 + random.nextInt(2); t > 0; t--) {
        steps.add(String.format(Locale.ROOT, "%.3f,0", 0.1 * random.nextGaussian()));
      }
    }
    return String.join(" ", steps) + "\t" + text + "\n";
  }

  public static String table(int count, long seed) {
    var random = new Random(seed);
    var table = new StringBuilder();
    for (int i = 0; i < count; i++) {
      table.append(line(random));
    }
    return table.toString();
  }

  private static Session.Result train(Path data, Path out, String... more) {
    var words =
        new ArrayList<>(List.of("recognize", "train", data.toString(), "-o", out.toString()));
    words.addAll(List.of("--source-unit", "numbers", "--units", "16", "--dropout", "0"));
    words.addAll(List.of("--batch", "16", "--rate", "0.02"));
    words.addAll(List.of(more));
    return Session.run(words.toArray(String[]::new));
  }

  @BeforeAll
  static void train() throws IOException {
    pairs = Files.writeString(folder.resolve("pairs.tsv"), table(400, 1));
    held = Files.writeString(folder.resolve("held.tsv"), table(60, 2));
    model = folder.resolve("model.safetensors");
    var trained = train(pairs, model, "--epochs", "8");
    assertThat(trained.status()).as(trained.err()).isZero();
    assertThat(trained.err()).contains("label error rate", "Next:  unroll recognize eval");
  }

  private static double errors(String... more) throws IOException {
    var words =
        new ArrayList<>(List.of("recognize", "eval", "--json", model.toString(), held.toString()));
    words.addAll(List.of(more));
    JsonNode json = JSON.readTree(Session.ok(words.toArray(String[]::new)).out());
    return json.get("labelErrorRate").asDouble();
  }

  @Test
  void sequencesAreLabeled() throws IOException {
    assertThat(errors()).isLessThan(0.05);
    assertThat(errors("--beam", "1")).isLessThan(0.05);
    String predicted = Session.ok("recognize", "predict", model.toString(), held.toString()).out();
    assertThat(predicted.lines()).hasSize(60);
    String best =
        Session.ok("recognize", "predict", model.toString(), held.toString(), "--nbest", "2").out();
    assertThat(best.lines()).hasSizeGreaterThan(60);
    String objects =
        Session.ok("recognize", "predict", model.toString(), held.toString(), "--json").out();
    var written = new ArrayList<String>();
    for (String line : objects.lines().toList()) {
      JsonNode each = JSON.readTree(line);
      assertThat(each.get("source").asText()).isNotEmpty();
      written.add(each.get("targets").get(0).get("text").asText());
    }
    assertThat(written).isEqualTo(predicted.lines().toList());
  }

  @Test
  void aLanguageModelLeadsTheBeam() throws IOException {
    Path text = Files.writeString(folder.resolve("text.txt"), "aab\n".repeat(60));
    Path lm = folder.resolve("lm.safetensors");
    Path all = Files.writeString(folder.resolve("all.txt"), "aab\n".repeat(60) + "abc\ncab\n");
    Session.ok(
        "lm",
        "train",
        all.toString(),
        "-o",
        lm.toString(),
        "--valid",
        text.toString(),
        "--unit",
        "characters",
        "--reading",
        "sentences",
        "--units",
        "8",
        "--epochs",
        "20",
        "--rate",
        "0.05");
    Path heard = Files.writeString(folder.resolve("heard.txt"), "0.5,1 0,0 0,1 0,0 1,1 0,0\n");
    String plain =
        Session.ok("recognize", "predict", model.toString(), heard.toString()).out().strip();
    String led =
        Session.ok(
                "recognize",
                "predict",
                model.toString(),
                heard.toString(),
                "--lm",
                lm.toString(),
                "--lm-weight",
                "5")
            .out()
            .strip();
    assertThat(plain).hasSize(3);
    assertThat(led).isEqualTo("aab");
  }

  @Test
  void aModelIsVerifiedShownAndCompressed() throws IOException {
    Path small = folder.resolve("small.safetensors");
    assertThat(train(pairs, small, "--epochs", "1").status()).isZero();
    assertThat(Session.ok("verify", small.toString(), pairs.toString(), "--threads", "1").out())
        .contains("the same bits");
    assertThat(Session.ok("info", small.toString()).out())
        .contains("2 numbers a step", "unroll recognize train FILE -o MODEL");
    Session.ok(
        "compress", model.toString(), "-o", folder.resolve("smaller.safetensors").toString());
  }

  @Test
  void aLanguageModelMustReadTheLabels() throws IOException {
    Path text = Files.writeString(folder.resolve("xyz.txt"), "xyz\nzyx\n".repeat(20));
    for (String reading : List.of("stream", "sentences")) {
      Path lm = folder.resolve(reading + ".safetensors");
      Session.ok(
          "lm",
          "train",
          text.toString(),
          "-o",
          lm.toString(),
          "--unit",
          "characters",
          "--reading",
          reading,
          "--units",
          "8",
          "--epochs",
          "1");
      assertRefused(
          Session.run(
              "recognize", "predict", model.toString(), held.toString(), "--lm", lm.toString()),
          reading.equals("stream") ? "reads a stream" : "knows none of the labels");
      assertRefused(
          Session.run(
              "recognize",
              "predict",
              model.toString(),
              held.toString(),
              "--lm",
              lm.toString(),
              "--lm-weight",
              "NaN"),
          "«NaN» is not a finite number");
    }
  }

  @Test
  void aLabelNeverSeenIsOneErrorAndNotMore() throws IOException {
    Path seen = Files.writeString(folder.resolve("seen.tsv"), "0,1 0,0 0,1 0,0\taa\n");
    Path unseen = Files.writeString(folder.resolve("unseen.tsv"), "0,1 0,0 0,1 0,0\taaé\n");
    double before = errorsOf(seen);
    assertThat(errorsOf(unseen)).isCloseTo((2 * before + 1) / 3, within(1e-9));
  }

  private static double errorsOf(Path file) throws IOException {
    var result = Session.ok("recognize", "eval", "--json", model.toString(), file.toString());
    return JSON.readTree(result.out()).get("labelErrorRate").asDouble();
  }

  @Test
  void badInputIsNamed() throws IOException {
    for (String command : List.of("eval", "predict")) {
      Path nan = Files.writeString(folder.resolve("n.tsv"), "1,1 0,0\ta\n1,NaN 2,1\ta\n");
      assertRefused(
          Session.run("recognize", command, model.toString(), nan.toString()),
          "n.tsv:2: ",
          "«NaN»");
    }
    Path plain = Files.writeString(folder.resolve("n.txt"), "1,1 0,0\n1,1 2\n");
    assertRefused(
        Session.run("recognize", "predict", model.toString(), plain.toString()),
        "n.txt:2: ",
        "step 2");
    Path out = folder.resolve("out.safetensors");
    assertRefused(bad("short.tsv", "1,1\taa\n", out), "short.tsv:2: ", "needs 3 steps");
    assertRefused(bad("nan.tsv", "1,NaN 2,1\ta\n", out), "nan.tsv:2: ", "step 1", "«NaN»");
    assertRefused(bad("ragged.tsv", "1,1 2\ta\n", out), "ragged.tsv:2: ", "step 2");
    assertRefused(train(pairs, out, "--embedding", "5"), "--embedding");
    assertThat(out).doesNotExist();
  }

  private static Session.Result bad(String name, String line, Path out) throws IOException {
    return train(Files.writeString(folder.resolve(name), "1,1 0,0\ta\n" + line), out);
  }

  private static void assertRefused(Session.Result result, String... parts) {
    assertThat(result.status()).as(result.err()).isEqualTo(2);
    assertThat(result.err()).contains(parts).doesNotContain("\tat ");
  }
}
