package dev.unroll.cli.label;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.unroll.cli.Main;
import dev.unroll.cli.Session;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each option of classifying and tagging does what it says, and a run that was stopped goes on. */
class LabelOptionsTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir static Path folder;

  private static Path texts;
  private static Path held;
  private static Path sentences;

  @BeforeAll
  static void write() throws IOException {
    texts = write("texts.tsv", LabelCommandsTest.table(80, 1, false));
    held = write("held.tsv", LabelCommandsTest.table(40, 9, false));
    sentences = write("sentences.txt", LabelCommandsTest.columns(60, 2, false));
  }

  private static Path write(String name, String content) throws IOException {
    return Files.writeString(folder.resolve(name), content);
  }

  private static Path model(String name) {
    return folder.resolve(name + ".safetensors");
  }

  private static String run(String... command) {
    var result = Session.run(command);
    assertThat(result.status()).as(result.err()).isZero();
    return result.out();
  }

  /** The command of a small training; {@code more} may have other epochs. */
  private static String[] training(String task, Path data, Path out, String... more) {
    var words = new ArrayList<>(List.of(task, "train", data.toString(), "-o", out.toString()));
    words.addAll(List.of("--units", "8", "--embedding", "8", "--rate", "0.02"));
    words.addAll(List.of("--dropout", "0.1", "--batch", "8", "--valid-share", "0.1"));
    words.addAll(List.of(more));
    if (!words.contains("--epochs")) {
      words.addAll(List.of("--epochs", "6"));
    }
    return words.toArray(String[]::new);
  }

  private static Path train(String name, String task, Path data, String... more) {
    Path out = model(name);
    run(training(task, data, out, more));
    return out;
  }

  private static JsonNode measured(String task, Path model, Path data, String... more)
      throws IOException {
    var command = Stream.of(task, "eval", "--json", model.toString(), data.toString());
    return JSON.readTree(run(Stream.concat(command, Arrays.stream(more)).toArray(String[]::new)));
  }

  private static double accuracy(String task, Path model, Path data) throws IOException {
    return measured(task, model, data).get("accuracy").asDouble();
  }

  /** Runs a command that is torn off where it first tells of something, as by a kill. */
  private static int stopped(String moment, String... command) {
    var torn =
        new PrintWriter(new StringWriter()) {
          private boolean stands = true;

          @Override
          public void write(String text, int from, int count) {
            if (stands && text.contains(moment)) {
              stands = false;
              throw new IllegalStateException("torn off");
            }
            super.write(text, from, count);
          }
        };
    return Main.commandLine(new PrintWriter(new StringWriter()), torn, command).execute(command);
  }

  @ParameterizedTest
  @ValueSource(strings = {"classify", "tag", "tag --spelling 5 --crf"})
  void aRunThatWasStoppedGoesOnToTheBytesOfOneThatWasNot(String how) throws IOException {
    String[] words = how.split(" ", -1);
    String[] more = Arrays.copyOfRange(words, 1, words.length);
    String task = words[0];
    Path data = task.equals("tag") ? sentences : texts;
    String own = String.join("", words);
    Path whole = train("whole" + own, task, data, more);
    Path out = model("stopped" + own);
    Path kept = folder.resolve(out.getFileName() + ".run");
    String[] again = training(task, data, out, join(more, "--checkpoint-every", "1", "--resume"));
    for (String moment : List.of("epoch 2 ", "epoch 4 ")) {
      assertThat(stopped(moment, again)).isNotZero();
      assertThat(kept).isDirectoryContaining(each -> !each.toString().endsWith(".part"));
    }
    var refused = Session.run(training(task, data, out, more));
    assertThat(refused.status()).isEqualTo(2);
    assertThat(refused.err()).contains("a run that was stopped", "Add --resume");
    var result = Session.run(join(again, "--threads", "1"));
    assertThat(result.status()).as(result.err()).isZero();
    assertThat(result.err()).contains("resumed after step").doesNotContain("epoch 3 ");
    assertThat(out).hasSameBinaryContentAs(whole);
    assertThat(kept).doesNotExist();
  }

  private static String[] join(String[] first, String... more) {
    return Stream.concat(Arrays.stream(first), Arrays.stream(more)).toArray(String[]::new);
  }

  @Test
  void aRunOfOtherOptionsOrTextsIsNotGoneOnWith() throws IOException {
    Path out = model("other");
    String[] first =
        training("classify", texts, out, "--checkpoint-every", "1", "--pooling", "mean");
    assertThat(stopped("epoch 2 ", first)).isNotZero();
    for (String[] each :
        new String[][] {
          training("classify", texts, out, "--resume", "--pooling", "last"),
          training("classify", held, out, "--resume", "--pooling", "mean"),
          training(
              "classify", texts, out, "--resume", "--pooling", "mean", "--class-weights", "bad=2")
        }) {
      assertThat(Session.run(each).status()).as(String.join(" ", each)).isEqualTo(2);
    }
    assertThat(Session.run(join(first, "--resume")).err()).contains("resumed after step");
  }

  @ParameterizedTest
  @ValueSource(strings = {"both", "sum", "forward"})
  void layersReadTheWayThatIsAskedFor(String direction) throws IOException {
    String layer = direction.equals("forward") ? "lstm 8\n" : "lstm 8, " + direction + "\n";
    Path classifier = train("way", "classify", texts, "--direction", direction);
    assertThat(run("info", classifier.toString())).contains("layers             " + layer);
    assertThat(accuracy("classify", classifier, held)).isGreaterThan(0.9);
    Path tagger = train("tagged", "tag", sentences, "--direction", direction, "--epochs", "12");
    assertThat(run("info", tagger.toString())).contains("layers             " + layer);
    assertThat(accuracy("tag", tagger, sentences)).isGreaterThan(0.9);
  }

  @ParameterizedTest
  @ValueSource(strings = {"last", "mean", "max", "attention"})
  void textsArePooledAsAskedFor(String pooling) throws IOException {
    Path model = train("pooled", "classify", texts, "--pooling", pooling);
    String told = run("info", model.toString());
    assertThat(told).contains("pooling            " + pooling + "\n");
    assertThat(told.contains("attention.vector")).isEqualTo(pooling.equals("attention"));
    assertThat(accuracy("classify", model, held)).isGreaterThan(0.9);
  }

  @Test
  void onlyTheFirstTokensAreLearnedFromWhereAsked() throws IOException {
    var rows = new StringBuilder("label\ttext\n");
    for (int i = 0; i < 80; i++) {
      boolean good = i % 2 == 0;
      String first = List.of("the cat", "a bird").get(i / 2 % 2);
      rows.append(good ? "good" : "bad").append('\t').append(first);
      rows.append(good ? " loved\n" : " hated\n");
    }
    Path ends = write("ends.tsv", rows.toString());
    String[] choice = {"--measure", "loss", "--epochs", "12"};
    Path blind = train("blind", "classify", ends, join(choice, "--longest", "2"));
    assertThat(run("info", blind.toString())).containsPattern("trainingTokens +144\n"); // 72 texts
    // of what it cannot see it may be as sure as of a coin
    assertThat(crossEntropy(blind, ends)).isGreaterThan(0.4);
    Path all = train("all", "classify", ends, join(choice, "--longest", "3"));
    assertThat(crossEntropy(all, ends)).isLessThan(0.2);
    assertThat(run("info", all.toString())).containsPattern("trainingTokens +216\n");
    Path tagger = train("short", "tag", sentences, "--longest", "3");
    assertThat(run("info", tagger.toString())).containsPattern("trainingTokens +162\n"); // of 54
    var refused = Session.run(training("tag", sentences, model("no"), "--longest", "-1"));
    assertThat(refused.err()).contains("--longest is -1");
  }

  private static double crossEntropy(Path classifier, Path data) throws IOException {
    return measured("classify", classifier, data).get("crossEntropy").asDouble();
  }

  @Test
  void fieldsBetweenTabsMayStandBetweenQuotes() throws IOException {
    String quoted =
        LabelCommandsTest.table(60, 1, false)
            .replaceAll("(?m)^(good|bad)\t(\\S+) (.*)$", "$1\t\"$2\t$3\"");
    Path data = write("quoted.tsv", quoted);
    Path out = model("quoted");
    var plain = Session.run(training("classify", data, out));
    assertThat(plain.status()).isEqualTo(2);
    assertThat(plain.err()).contains("3 fields, where the header has 2");
    train("quoted", "classify", data, "--quotes");
    assertThat(accuracy("classify", out, data)).isGreaterThan(0.9); // as in training
    Path one = write("one.tsv", "text\n\"she\tsaid \"\"loved\"\"\"\n");
    String answer = run("classify", "predict", "--json", out.toString(), one.toString());
    assertThat(JSON.readTree(answer).get("text").asText()).isEqualTo("she\tsaid \"loved\"");
    Path unquoted = train("unquoted", "classify", texts);
    String letters =
        run(
            "classify",
            "predict",
            "--json",
            unquoted.toString(),
            write("q.tsv", "text\n\"a\"\n").toString());
    assertThat(JSON.readTree(letters).get("text").asText()).isEqualTo("\"a\"");
    String asked =
        run(
            "classify",
            "predict",
            "--json",
            "--quotes",
            unquoted.toString(),
            folder.resolve("q.tsv").toString());
    assertThat(JSON.readTree(asked).get("text").asText()).isEqualTo("a");
  }

  @Test
  void theFormOfFilesMayBeNamed() throws IOException {
    String table = LabelCommandsTest.table(60, 1, false);
    Path tabs = write("tabs.csv", table);
    Path commas = write("commas.tsv", table.replace('\t', ','));
    Path of = train("tsv", "classify", tabs, "--format", "tsv");
    Path same = train("csv", "classify", commas, "--format", "CSV");
    assertThat(run("classify", "eval", of.toString(), commas.toString(), "--format", "csv"))
        .isEqualTo(run("classify", "eval", same.toString(), tabs.toString(), "--format", "tsv"))
        .contains("accuracy");
    Path lines = write("lines.csv", "she loved the film .\na bird, my friend\n");
    String answers =
        run("classify", "predict", "--json", "--format", "lines", of.toString(), lines.toString());
    assertThat(answers.lines()).hasSize(2);
    assertThat(JSON.readTree(answers.lines().toList().get(1)).get("text").asText())
        .isEqualTo("a bird, my friend");
    var labeled =
        Session.run("classify", "eval", of.toString(), tabs.toString(), "--format", "lines");
    assertThat(labeled.status()).isEqualTo(2);
    assertThat(labeled.err()).contains("lines have no labels");
    var unknown = Session.run(training("classify", tabs, model("no"), "--format", "xml"));
    assertThat(unknown.err()).contains("the format is xml", "Use csv, tsv, jsonl");
  }

  /** One text, whose label is «often» in four of five, so that only weights say what is found. */
  private static String ambiguous(String row) {
    var rows = new StringBuilder();
    for (int i = 0; i < 50; i++) {
      rows.append(row.formatted(i % 5 == 0 ? "rare" : "often"));
    }
    return rows.toString();
  }

  @Test
  void labelsCountAsTheirWeightsSay() throws IOException {
    Path data = write("ambiguous.tsv", "label\ttext\n" + ambiguous("%s\tx y\n"));
    Path line = write("ambiguous.txt", "x y\n");
    String[] choice = {"--measure", "loss", "--epochs", "12"};
    assertThat(rare(train("plain", "classify", data, choice), line)).isBetween(0.1, 0.3);
    Path balanced =
        train("balanced", "classify", data, join(choice, "--class-weights", "balanced"));
    assertThat(rare(balanced, line)).isBetween(0.4, 0.6);
    Path given = train("given", "classify", data, join(choice, "--class-weights", "rare=36"));
    assertThat(rare(given, line)).isGreaterThan(0.55);
    assertThat(run("info", given.toString())).contains("labelWeights       [1.0, 36.0]");
    assertThat(run("classify", "predict", given.toString(), line.toString())).isEqualTo("rare\n");
    var both =
        Session.run(
            training("classify", data, model("no"), "--several", "|", "--class-weights", "rare=2"));
    assertThat(both.err()).contains("labels cannot be weighted where there are several");
  }

  private static double rare(Path classifier, Path line) throws IOException {
    String answer =
        run(
            "classify",
            "predict",
            "--json",
            "--probabilities",
            classifier.toString(),
            line.toString());
    return JSON.readTree(answer).get("probabilities").get("rare").asDouble();
  }

  @Test
  void tagsCountAsTheirWeightsSay() throws IOException {
    Path data = write("tags.txt", ambiguous("x %s\n\n"));
    String[] choice = {"--measure", "loss", "--epochs", "12", "--min-count", "1"};
    Path plain = train("plain-tags", "tag", data, choice);
    Path line = write("x.txt", "x\n");
    assertThat(run("tag", "predict", "--lines", plain.toString(), line.toString()))
        .isEqualTo("x often\n\n");
    Path given = train("given-tags", "tag", data, join(choice, "--class-weights", "rare=36"));
    String[] answer =
        run("tag", "predict", "--lines", "--probabilities", given.toString(), line.toString())
            .strip()
            .split(" ", -1);
    assertThat(answer).startsWith("x", "rare");
    assertThat(Double.parseDouble(answer[2])).isGreaterThan(0.55);
    var chained =
        Session.run(training("tag", data, model("no"), "--crf", "--class-weights", "rare=2"));
    assertThat(chained.err()).contains("labels cannot be weighted with a CRF");
  }

  @Test
  void aThresholdSaysFromWhichProbabilityOnATextHasALabel() throws IOException {
    Path data = write("several.tsv", LabelCommandsTest.table(100, 3, true));
    Path model = train("several", "classify", data, "--several", "|", "--epochs", "12");
    JsonNode own = measured("classify", model, data);
    assertThat(own.get("microF1").asDouble()).isGreaterThan(0.9);
    JsonNode strict = measured("classify", model, data, "--threshold", "0.999999");
    assertThat(strict.get("microF1").asDouble()).isZero();
    JsonNode generous = measured("classify", model, data, "--threshold", "0.000001");
    for (String label : List.of("good", "loud")) {
      assertThat(generous.get("labels").get(label).get("recall").asDouble()).isEqualTo(1);
    }
    Path line = write("loud.txt", "she loved the film !\n");
    for (String threshold : List.of("0.3", "0.999")) {
      String answer =
          run(
              "classify",
              "predict",
              "--json",
              "--probabilities",
              "--threshold",
              threshold,
              model.toString(),
              line.toString());
      JsonNode fields = JSON.readTree(answer);
      assertThat(fields.has("label")).isFalse();
      var found = fields.get("labels").valueStream().map(JsonNode::asText).toList();
      for (String label : List.of("good", "loud")) {
        double probability = fields.get("probabilities").get(label).asDouble();
        assertThat(found.contains(label)).isEqualTo(probability >= Double.parseDouble(threshold));
      }
    }
  }

  @Test
  void machinesAreToldTheProbabilityOfEachTag() throws IOException {
    Path model = train("probable", "tag", sentences, "--crf");
    Path line = write("met.txt", "she met Mrb Von\n");
    String answer =
        run(
            "tag",
            "predict",
            "--json",
            "--probabilities",
            "--lines",
            model.toString(),
            line.toString());
    JsonNode fields = JSON.readTree(answer);
    assertThat(fields.get("words").valueStream().map(JsonNode::asText))
        .containsExactly("she", "met", "Mrb", "Von");
    assertThat(fields.get("tags")).hasSize(4);
    assertThat(fields.get("probabilities")).hasSize(4);
    String people =
        run("tag", "predict", "--probabilities", "--lines", model.toString(), line.toString());
    for (int i = 0; i < 4; i++) {
      double probability = fields.get("probabilities").get(i).asDouble();
      assertThat(people.lines().toList().get(i))
          .isEqualTo(
              "%s %s %s",
              fields.get("words").get(i).asText(),
              fields.get("tags").get(i).asText(),
              String.format(Locale.ROOT, "%.4f", probability));
    }
  }

  @Test
  void tagsThatTrainingDidNotKnowAreToldAndMissed() throws IOException {
    Path model = train("known", "tag", sentences);
    String line = "she W O\nmet W O\nMrb N B-PER\nVon N I-PER\n";
    Path known = write("known.txt", line + "\n");
    Path other = write("unknown.txt", line + "Acme N B-ORG\n\n");
    assertThat(run("tag", "eval", model.toString(), known.toString())).doesNotContain("note:");
    assertThat(run("tag", "eval", model.toString(), other.toString()))
        .contains("note: the model does not know B-ORG: missed");
    JsonNode machines = measured("tag", model, other);
    assertThat(machines.get("unknownTags").toString()).isEqualTo("[\"B-ORG\"]");
    assertThat(measured("tag", model, known).get("unknownTags")).isEmpty();
    assertThat(machines.get("words").asInt()).isEqualTo(5);
    assertThat(machines.get("spans").get("ORG").get("recall").asDouble()).isZero();
    assertThat(machines.get("spans").get("ORG").get("count").asInt()).isEqualTo(1);
  }
}
