package dev.unroll.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.unroll.cli.chart.SvgTexts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands, as a user calls them, on a small text. */
class CommandsTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir static Path folder;
  private static Path text;
  private static Path model;
  private static Session.Result training;

  @BeforeAll
  static void train() throws IOException {
    text = folder.resolve("text.txt");
    Files.write(text, Session.sentences(600));
    model = folder.resolve("m.safetensors");
    training =
        Session.run(
            "lm",
            "train",
            text.toString(),
            "-o",
            model.toString(),
            "--units",
            "32",
            "--epochs",
            "6",
            "--rate",
            "0.01",
            "--metrics",
            folder.resolve("metrics.jsonl").toString());
  }

  @Test
  void trainWritesAModelAndShowsProgress() throws IOException {
    assertThat(training.status()).as(training.err()).isZero();
    assertThat(training.err())
        .contains("tokens to train on")
        .contains("validation loss")
        .contains("best so far")
        .contains("Next:  unroll lm sample " + model);
    List<String> lines = Files.readAllLines(folder.resolve("metrics.jsonl"));
    JsonNode first = JSON.readTree(lines.get(0));
    assertThat(first.get("event").asText()).isEqualTo("step");
    assertThat(first.get("loss").asDouble()).isPositive();
    long validations = lines.stream().filter(line -> line.contains("\"validation\"")).count();
    assertThat(validations).isEqualTo(6);
  }

  @Test
  void trainingAgainGivesTheSameFile() throws IOException {
    Path again = folder.resolve("again.safetensors");
    var result =
        Session.line(
            "lm train %s -o %s --units 32 --epochs 6 --rate 0.01 --threads 1"
                .formatted(text, again));
    assertThat(result.status()).isZero();
    assertThat(Files.readAllBytes(again)).isEqualTo(Files.readAllBytes(model));
  }

  private static String[] small(Path target, String... more) {
    var words = new ArrayList<>(List.of("lm", "train", text.toString(), "-o", target.toString()));
    words.addAll(List.of("--units", "16", "--epochs", "2", "--rate", "0.01"));
    words.addAll(List.of(more));
    return words.toArray(String[]::new);
  }

  @Test
  void aRunThatHasEndedIsNotBegunAgain() throws IOException {
    Path target = folder.resolve("ended.safetensors");
    assertThat(Session.run(small(target, "--resume")).status()).isZero();
    FileTime written = Files.getLastModifiedTime(target);
    var again = Session.run(small(target, "--resume"));
    assertThat(again.status()).isZero();
    assertThat(again.err()).contains("ended.safetensors: this run has ended");
    assertThat(Files.getLastModifiedTime(target)).isEqualTo(written);
    var other = Session.run(small(target, "--resume", "--seed", "2"));
    assertThat(other.err())
        .doesNotContain("this run has ended")
        .contains("nothing to resume", "trained in");
  }

  @Test
  void aModelIsVerifiedByTrainingItAgain() throws IOException {
    Path target = folder.resolve("verified.safetensors");
    String[] command =
        small(target, "--dropout", "0.1", "--tied", "--no-layer-norm", "--optimizer", "adamw");
    assertThat(Session.run(command).status()).isZero();
    var same = Session.run("verify", target.toString(), text.toString(), "--threads", "1");
    assertThat(same.status()).as(same.err()).isZero();
    assertThat(same.out()).contains("the same bits, trained again in");
    var info = Session.run("info", target.toString());
    assertThat(info.out())
        .containsPattern(
            "optimizer +--optimizer adamw --rate [0-9.]+ --betas 0.9,0.999 --epsilon 1.0E-8")
        .containsPattern("schedule +--schedule cosine --final-rate 0.05")
        .doesNotContain("Adam[", "WeightDecay[");
    assertThat(info.out())
        .contains("unroll lm train FILE -o MODEL --units 16 --epochs 2")
        .contains("--tied")
        .contains("--no-layer-norm")
        .contains("sha256:");
    Path other = Files.write(folder.resolve("other.txt"), Session.sentences(50));
    var refused = Session.run("verify", target.toString(), other.toString());
    assertThat(refused.status()).isEqualTo(2);
    assertThat(refused.err()).contains("this is not its training data");
    Path compact = folder.resolve("verified.int8.safetensors");
    Session.run("compress", target.toString(), "-o", compact.toString(), "--weights", "int8");
    assertThat(Session.run("verify", compact.toString(), text.toString()).status()).isZero();
  }

  @Test
  void idsInAFileGiveTheSameModel() throws IOException {
    Path inMemory = folder.resolve("memory.safetensors");
    Path mapped = folder.resolve("mapped.safetensors");
    Path ids = folder.resolve("text.ids");
    assertThat(Session.run(small(inMemory)).status()).isZero();
    var first = Session.run(small(mapped, "--ids", ids.toString()));
    assertThat(first.err()).contains("used again next time");
    assertThat(Files.readAllBytes(mapped)).isEqualTo(Files.readAllBytes(inMemory));
    var second = Session.run(small(mapped, "--ids", ids.toString()));
    assertThat(second.err()).contains("made before");
    assertThat(Files.readAllBytes(mapped)).isEqualTo(Files.readAllBytes(inMemory));
  }

  @Test
  void evalWithACacheAndWithDynamicEvaluation() {
    var cache = Session.line("lm eval %s %s --cache --cache-tune %s".formatted(model, text, text));
    assertThat(cache.status()).as(cache.err()).isZero();
    assertThat(cache.err()).contains("--cache-theta").contains("--cache-lambda");
    var dynamic =
        Session.line(
            "lm eval %s %s --dynamic --dynamic-statistics %s".formatted(model, text, text));
    assertThat(dynamic.status()).as(dynamic.err()).isZero();
    assertThat(dynamic.out()).contains("perplexity");
    var both = Session.run("lm", "eval", model.toString(), text.toString(), "--cache", "--dynamic");
    assertThat(both.status()).isEqualTo(2);
    var nothing =
        Session.run("lm", "eval", model.toString(), text.toString(), "--cache-theta", "0.5");
    assertThat(nothing.err()).contains("Add --cache");
  }

  private static double perplexity(Path model, Path text) throws IOException {
    var result = Session.run("lm", "eval", "--json", model.toString(), text.toString());
    return JSON.readTree(result.out()).get("all").get("perplexity").asDouble();
  }

  @Test
  void pairsAndNbestLists() throws IOException {
    Path pairs = folder.resolve("pairs.tsv");
    Files.writeString(
        pairs,
        "the cat sat on the mat.\tmat the on sat cat the.\torder\nshe ran away.\taway ran she.\tx\n");
    var result = Session.run("lm", "score", model.toString(), pairs.toString(), "--pairs");
    assertThat(result.out()).contains("2 of     2  all").contains("order");
    Path lists = folder.resolve("nbest.tsv");
    Files.writeString(
        lists,
        """
        a\t-10\tcat the mat on sat the.\t3
        a\t-11\tthe cat sat on the mat.\t0
        b\t-5\tshe ran away.\t0
        b\t-6\tshe ran away again.\t1
        """);
    var best = Session.run("lm", "score", model.toString(), lists.toString(), "--nbest");
    assertThat(best.out().lines().map(line -> line.split("\t")[2]))
        .containsExactly("the cat sat on the mat.", "she ran away.");
    var tuned = Session.run("lm", "score", model.toString(), lists.toString(), "--nbest", "--tune");
    assertThat(tuned.err()).contains("0 errors; 3 by the other score only");
    Files.writeString(lists, "a\tmany\ttext\n");
    var bad = Session.run("lm", "score", model.toString(), lists.toString(), "--nbest");
    assertThat(bad.status()).isEqualTo(2);
    assertThat(bad.err()).contains("nbest.tsv:1: the score is «many»");
  }

  @Test
  void aLearningRateIsFoundAndDrawn() throws IOException {
    Path plot = folder.resolve("rates.svg");
    var result = Session.line("lm train %s --units 16 --find-rate --plot %s".formatted(text, plot));
    assertThat(result.status()).as(result.err()).isZero();
    assertThat(result.out()).contains("Try --rate 0.");
    SvgTexts drawn = SvgTexts.of(plot);
    assertThat(drawn.all())
        .contains(
            "The loss is lowest at a learning rate of",
            "loss, nats per",
            "lowest",
            "begin with 0.");
    assertThat(drawn.clipped()).isEmpty();
  }

  @Test
  void activationsThatAreComputedAgainTrainTheSameNetwork() throws IOException {
    Path other = folder.resolve("checkpoint.safetensors");
    String[] command = {
      "lm",
      "train",
      text.toString(),
      "-o",
      other.toString(),
      "--units",
      "32",
      "--epochs",
      "6",
      "--rate",
      "0.01",
      "--checkpoint-steps",
      "3"
    };
    assertThat(Session.run(command).status()).isZero();
    assertThat(perplexity(other)).isCloseTo(perplexity(model), withinPercentage(0.1));
  }

  @Test
  void evalPrintsFiguresForPeopleAndMachines() throws IOException {
    var people = Session.run("lm", "eval", model.toString(), text.toString(), text.toString());
    assertThat(people.status()).isZero();
    assertThat(people.out())
        .contains("perplexity", "without <EOS>", "without <UNK>", "bits per character")
        .contains("outside vocabulary", "tokens/s");
    var machines = Session.run("lm", "eval", "--json", model.toString(), text.toString());
    JsonNode all = JSON.readTree(machines.out()).get("all");
    assertThat(all.get("sentences").asInt()).isEqualTo(600);
    assertThat(all.get("perplexity").asDouble()).isBetween(1.0, 6.0);
    double bits = all.get("crossEntropy").asDouble() * all.get("tokens").asDouble();
    bits = bits / all.get("characters").asDouble() / Math.log(2);
    assertThat(all.get("bitsPerCharacter").asDouble()).isCloseTo(bits, within(1e-9));
  }

  @Test
  void evalOfTheValidationTextIsTheValidationLossOfTraining() throws IOException {
    Path lines = folder.resolve("paragraphs.txt");
    var paragraphs = List.of("the cat ran.", "", "the dog slept.", "", "", "she ran today.");
    Files.write(lines, Collections.nCopies(20, paragraphs).stream().flatMap(List::stream).toList());
    for (String unit : List.of("tokens", "characters")) {
      for (String reading : List.of("sentences", "stream")) {
        Path made = folder.resolve(unit + reading + ".safetensors");
        var train =
            Session.run(
                "lm",
                "train",
                text.toString(),
                "--valid",
                lines.toString(),
                "-o",
                made.toString(),
                "--unit",
                unit,
                "--reading",
                reading,
                "--units",
                "16",
                "--epochs",
                "1",
                "--batch",
                "1",
                "--min-count",
                "1");
        assertThat(train.status()).as(train.err()).isZero();
        JsonNode eval =
            JSON.readTree(
                Session.run("lm", "eval", "--json", made.toString(), lines.toString()).out());
        JsonNode info = JSON.readTree(Session.run("info", "--json", made.toString()).out());
        assertThat(eval.get("all").get("tokens").asLong())
            .isEqualTo(info.get("validationTokens").asLong());
        double expected = info.get("validationLoss").asDouble();
        double tolerance = reading.equals("stream") ? 0.05 : 1e-9; // a stream's first input differs
        assertThat(eval.get("all").get("crossEntropy").asDouble())
            .as(unit + " " + reading)
            .isCloseTo(expected, within(tolerance));
      }
    }
  }

  @Test
  void aTextOfOneLongLineIsAStreamToo() throws IOException {
    Path line = folder.resolve("line8.txt");
    Files.writeString(line, String.join(" ", Session.sentences(300)));
    var result =
        Session.line(
            "lm train %s -o %s --unit characters --units 8 --epochs 1"
                .formatted(line, folder.resolve("l.safetensors")));
    assertThat(result.status()).as(result.err()).isZero();
  }

  @Test
  void scoreAnswersStandardInputLineByLineAsItAnswersFiles() throws Exception {
    Path lines = folder.resolve("lines.txt");
    Files.write(lines, List.of("the cat was full.", "", "cat the full was."));
    var fromFile = Session.run("lm", "score", model.toString(), lines.toString());
    var fromInput = Session.process(Files.readString(lines), "lm", "score", model.toString(), "-");
    assertThat(fromFile.status()).isZero();
    assertThat(fromInput.out()).isEqualTo(fromFile.out());
    List<String> answers = fromFile.out().lines().toList();
    assertThat(answers).hasSize(3);
    assertThat(total(answers.get(0))).isGreaterThan(total(answers.get(2)));
    var decimal = Session.run("lm", "score", "--base", "10", model.toString(), lines.toString());
    assertThat(total(decimal.out())).isCloseTo(total(fromFile.out()) / Math.log(10), within(1e-3));
  }

  private static double total(String answer) {
    return Double.parseDouble(answer.substring(0, answer.indexOf('\t')));
  }

  @Test
  void scorePerTokenSumsToTheTotal() throws IOException {
    Path line = folder.resolve("line.txt");
    Files.writeString(line, "the dog ran away.\n");
    var result =
        Session.run("lm", "score", "--per-token", "--json", model.toString(), line.toString());
    JsonNode answer = JSON.readTree(result.out());
    double sum = 0;
    for (JsonNode token : answer.get("perToken")) {
      sum += token.get("logProbability").asDouble();
      assertThat(token.get("rank").asInt()).isPositive();
    }
    assertThat(sum).isCloseTo(answer.get("logProbability").asDouble(), within(1e-9));
    assertThat(answer.get("perToken").get(5).get("token").asText()).isEqualTo("<EOS>");
    Files.writeString(line, "the dog\nthe dog ran away.\n");
    var table =
        Session.ok(
            "lm", "score", "--per-token", "--output", "csv", model.toString(), line.toString());
    assertThat(table.out().lines())
        .hasSize(10)
        .startsWith("text,token,logProbability,rank")
        .anyMatch(each -> each.startsWith("the dog ran away.,away,"));
  }

  @Test
  void sampleDrawsWhatIsAsked() {
    var three =
        Session.run("lm", "sample", model.toString(), "--count", "3", "--prompt", "the cat");
    assertThat(three.status()).isZero();
    assertThat(three.out().lines()).hasSize(3).allMatch(line -> line.startsWith("the cat"));
    var again =
        Session.run("lm", "sample", model.toString(), "--count", "3", "--prompt", "the cat");
    assertThat(again.out()).isEqualTo(three.out());
    var beam =
        Session.run("lm", "sample", model.toString(), "--beam", "4", "--count", "4", "--scores");
    assertThat(beam.out().lines()).hasSize(4);
    var greedy = Session.run("lm", "sample", model.toString(), "--greedy", "--length", "1");
    assertThat(greedy.out().strip().split(" ")).hasSize(1);
  }

  @Test
  void infoTellsWhereTheModelCameFrom() throws IOException {
    var result = Session.run("info", "--json", model.toString());
    JsonNode info = JSON.readTree(result.out());
    assertThat(info.get("layers").asText()).isEqualTo("lstm 32, layer-normalized");
    assertThat(info.get("training").asText()).startsWith("sha256:");
    assertThat(info.get("seed").asLong()).isEqualTo(1);
    assertThat(Session.run("info", model.toString()).out())
        .contains("layers.0.recurrent.weight")
        .contains("128 × 32");
  }

  @ParameterizedTest
  @ValueSource(strings = {"int8", "bfloat16"})
  void aCompressedModelIsTheModelWithItsWeightsRounded(String kind) throws IOException {
    Path small = folder.resolve(kind + ".safetensors");
    var result =
        Session.run("compress", model.toString(), "-o", small.toString(), "--weights", kind);
    assertThat(result.status()).as(result.err()).isZero();
    assertThat(result.out()).contains(kind).contains("unroll lm eval " + small);
    assertThat(Files.size(small)).isLessThan(Files.size(model));
    assertThat(Session.run("info", small.toString()).out()).containsPattern("weights +" + kind);
    for (String[] use :
        List.of(
            new String[] {"score", text.toString()},
            new String[] {"sample", "--count", "2"},
            new String[] {"eval", "--json", text.toString()})) {
      var command = new ArrayList<>(List.of(use));
      command.addFirst("lm");
      command.add(2, small.toString());
      String compressed = Session.run(command.toArray(String[]::new)).out();
      command.set(2, model.toString());
      String exact = Session.run(command.toArray(String[]::new)).out();
      command.addAll(List.of("--weights", kind));
      String rounded = Session.run(command.toArray(String[]::new)).out();
      assertThat(withoutSpeed(rounded)).isEqualTo(withoutSpeed(compressed)).isNotEmpty();
      if (!use[0].equals("sample")) { // rounding need not change which token is drawn
        assertThat(withoutSpeed(rounded)).isNotEqualTo(withoutSpeed(exact));
      }
    }
  }

  private static double perplexity(Path file) throws IOException {
    var result = Session.run("lm", "eval", "--json", file.toString(), text.toString());
    return JSON.readTree(result.out()).get("all").get("perplexity").asDouble();
  }

  private static String withoutSpeed(String json) {
    return json.replaceAll("\"tokensPerSecond\":[^,]*,", "");
  }

  @Test
  void demoTakesATextOfTheUsers() {
    var result = Session.run("demo", text.toString());
    assertThat(result.status()).as(result.err()).isZero();
    assertThat(result.out()).contains("unigram", "trigram", "Sampled", "Next:");
  }

  @Test
  void standardInputPackedFilesAndFoldersAreCorporaToo() throws Exception {
    Path out = folder.resolve("stdin.safetensors");
    var result =
        Session.process(
            Files.readString(text),
            "lm",
            "train",
            "-",
            "-o",
            out.toString(),
            "--units",
            "8",
            "--epochs",
            "1",
            "--unit",
            "characters");
    assertThat(result.status()).as(result.err()).isZero();
    Path inside = Files.createDirectories(folder.resolve("corpus"));
    Files.copy(text, inside.resolve("a.txt"));
    var ofFolder =
        Session.line(
            "lm train %s -o %s --units 8 --epochs 1 --unit characters"
                .formatted(inside, folder.resolve("f.safetensors")));
    assertThat(ofFolder.status()).isZero();
    assertThat(Files.readAllBytes(folder.resolve("f.safetensors")))
        .isEqualTo(Files.readAllBytes(out));
  }
}
