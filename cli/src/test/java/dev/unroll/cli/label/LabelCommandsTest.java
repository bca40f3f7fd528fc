package dev.unroll.cli.label;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.unroll.cli.Session;
import dev.unroll.cli.chart.SvgTexts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Classifying and tagging from the command line, on small data with something to learn. */
class LabelCommandsTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String[] WHO = {"the cat", "a bird", "my friend", "she"};
  private static final String[] GOOD = {"loved", "praised", "enjoyed"};
  private static final String[] BAD = {"hated", "blamed", "left"};

  @TempDir static Path folder;

  private static Path texts;
  private static Path classifier;
  private static Path sentences;
  private static Path tagger;

  /** A text is good or bad by its verb, and loud by its end. */
  private static String text(Random random, boolean good, boolean loud) {
    String[] verbs = good ? GOOD : BAD;
    return WHO[random.nextInt(WHO.length)]
        + " "
        + verbs[random.nextInt(verbs.length)]
        + " the film"
        + (loud ? " !" : " .");
  }

  /** Names are of capital letters, places follow «in»; the second column says which is a word. */
  private static String sentence(Random random, boolean universal) {
    var lines = new StringBuilder(universal ? "# text = some\n" : "");
    var words = new ArrayList<String[]>();
    for (String word : WHO[random.nextInt(WHO.length)].split(" ", -1)) {
      words.add(new String[] {word, "W", "O"});
    }
    words.add(new String[] {"met", "W", "O"});
    words.add(new String[] {"Mr" + (char) ('a' + random.nextInt(20)), "N", "B-PER"});
    words.add(new String[] {"Von", "N", "I-PER"});
    words.add(new String[] {"in", "W", "O"});
    words.add(new String[] {"X" + (char) ('a' + random.nextInt(20)) + "ton", "N", "B-LOC"});
    for (int i = 0; i < words.size(); i++) {
      String[] own = words.get(i);
      if (universal) {
        String tag = own[1].equals("N") ? "PROPN" : "X";
        lines.append(
            "%d\t%s\t_\t%s\t_\tCase=%s\t_\t_\t_\t_\n".formatted(i + 1, own[0], tag, own[1]));
      } else {
        lines.append(String.join(" ", own)).append('\n');
      }
    }
    return lines.append('\n').toString();
  }

  private static Path write(String name, String content) throws IOException {
    return Files.writeString(folder.resolve(name), content);
  }

  static String table(int count, long seed, boolean several) {
    var random = new Random(seed);
    var table = new StringBuilder("label\ttext\n");
    for (int i = 0; i < count; i++) {
      boolean good = random.nextBoolean();
      boolean loud = random.nextBoolean();
      String label = good ? "good" : "bad";
      table.append(several ? (good ? "good" : "") + (loud ? "|loud" : "") : label);
      table.append('\t').append(text(random, good, loud)).append('\n');
    }
    return table.toString();
  }

  static String columns(int count, long seed, boolean universal) {
    var random = new Random(seed);
    var all = new StringBuilder();
    for (int i = 0; i < count; i++) {
      all.append(sentence(random, universal));
    }
    return all.toString();
  }

  private static List<String> small(String... first) {
    var words = new ArrayList<>(List.of(first));
    words.addAll(List.of("--units", "8", "--embedding", "8", "--rate", "0.02", "--epochs", "6"));
    words.addAll(List.of("--dropout", "0.1", "--batch", "8"));
    return words;
  }

  private static Session.Result train(Path out, String task, Path data, String... more) {
    var words = small(task, "train", data.toString(), "-o", out.toString());
    words.addAll(List.of(more));
    return Session.ok(words.toArray(String[]::new));
  }

  @BeforeAll
  static void train() throws IOException {
    texts = write("texts.tsv", table(120, 1, false));
    classifier = folder.resolve("classifier.safetensors");
    train(classifier, "classify", texts);
    sentences = write("sentences.txt", columns(80, 2, false));
    tagger = folder.resolve("tagger.safetensors");
    train(tagger, "tag", sentences, "--spelling", "6", "--crf", "--scheme", "iobes");
  }

  @Test
  void evalTellsPeopleAndMachinesHowWellTextsAreClassified() throws IOException {
    Path held = write("held.tsv", table(60, 9, false));
    Path plot = folder.resolve("confusion.svg");
    var people =
        Session.ok(
            "classify", "eval", classifier.toString(), held.toString(), "--plot", plot.toString());
    assertThat(people.out())
        .contains(
            "accuracy           100.00%  (60 of 60)", "macro F1", "confusion", "calibration error");
    SvgTexts drawn = SvgTexts.of(plot);
    assertThat(drawn.all()).contains("100.0% of 60 are right", "true label", "100");
    assertThat(drawn.clipped()).isEmpty();
    JsonNode machines =
        JSON.readTree(
            Session.ok("classify", "eval", "--json", classifier.toString(), held.toString()).out());
    assertThat(machines.get("macroF1").asDouble()).isEqualTo(1);
    assertThat(machines.get("labels").get("good").get("count").asInt()).isBetween(20, 40);
    assertThat(machines.get("calibration")).hasSize(10);
  }

  @Test
  void predictAnswersInOrderFromFilesTablesAndStandardInput() throws Exception {
    String lines = "the cat loved the film .\n\nshe hated the film !\n";
    Path file = write("lines.txt", lines);
    var answers = Session.ok("classify", "predict", classifier.toString(), file.toString()).out();
    assertThat(answers.lines()).hasSize(3).first().isEqualTo("good");
    assertThat(answers.lines().toList().get(2)).isEqualTo("bad");
    var process = Session.process(lines, "classify", "predict", classifier.toString(), "-");
    assertThat(process.out()).isEqualTo(answers);
    Path table = write("p.csv", "id,text\n1,\"she, loved the film .\"\n");
    var json =
        Session.ok(
                "classify",
                "predict",
                "--json",
                "--probabilities",
                classifier.toString(),
                table.toString())
            .out();
    JsonNode answer = JSON.readTree(json);
    assertThat(answer.get("text").asText()).isEqualTo("she, loved the film .");
    assertThat(answer.get("label").asText()).isEqualTo("good");
    var all =
        Session.ok(
            "classify", "predict", "--probabilities", classifier.toString(), file.toString());
    assertThat(all.out().lines().findFirst())
        .get()
        .asString()
        .matches("good\tgood=0\\.\\d{4}\tbad=.*");
  }

  @Test
  void aLabelThatTheModelDoesNotKnowIsMissed() throws IOException {
    Path other =
        write("other.tsv", "label\ttext\ngood\tshe loved the film .\nodd\tshe hated the film .\n");
    var report = Session.ok("classify", "eval", classifier.toString(), other.toString());
    assertThat(report.out()).contains("does not know odd", "accuracy           50.00%  (1 of 2)");
    Path known = write("known.tsv", "label\ttext\ngood\tshe loved the film .\n");
    String alone = Session.ok("classify", "eval", classifier.toString(), known.toString()).out();
    String line =
        alone.lines().filter(each -> each.startsWith("cross-entropy")).findFirst().orElseThrow();
    assertThat(report.out()).contains(line);
  }

  @Test
  void aTextMayHaveSeveralLabels() throws IOException {
    Path data = write("several.tsv", table(160, 3, true));
    Path model = folder.resolve("several.safetensors");
    var result = train(model, "classify", data, "--several", "|", "--unit", "tokens");
    assertThat(result.err()).contains("validation micro F1");
    assertThat(Session.ok("info", model.toString()).out())
        .contains("thresholds")
        .containsPattern("several +\\|");
    var report = Session.ok("classify", "eval", model.toString(), data.toString());
    assertThat(report.out()).contains("micro F1").doesNotContain("confusion");
    Path lines = write("loud.txt", "she loved the film !\nshe hated the film .\n");
    var found = Session.ok("classify", "predict", model.toString(), lines.toString()).out();
    assertThat(found.lines().toList().get(0).split("\\|"))
        .containsExactlyInAnyOrder("good", "loud");
    assertThat(found.lines().toList().get(1)).isEmpty();
    var strict =
        Session.ok(
            "classify", "predict", model.toString(), lines.toString(), "--threshold", "0.9999");
    assertThat(strict.out()).isEqualTo("\n\n");
    assertThat(
            Session.line("classify eval %s %s --threshold 0.5".formatted(classifier, texts)).err())
        .contains("does nothing where a text has one label");
  }

  @Test
  void crossValidationMeasuresEachFold() throws IOException {
    var command = small("classify", "train", texts.toString(), "--cross-validate", "3");
    var result = Session.ok(command.toArray(String[]::new));
    assertThat(result.out().lines().map(String::strip).map(line -> line.split(" ", -1)[0]))
        .containsExactly("fold", "1", "2", "3", "mean", "±");
    assertThat(result.err())
        .containsPattern(
            "validation accuracy [0-9.]+%; naive Bayes [0-9.]+%, the most frequent label ");
    command.addAll(List.of("-o", "x.safetensors"));
    var refused = Session.run(command.toArray(String[]::new));
    assertThat(refused.status()).isEqualTo(2);
    assertThat(refused.err()).contains("--out does nothing with --cross-validate");
    Path few = write("few.tsv", "label\ttext\na\tx y\nb\ty z\na\tx\nb\tz\n");
    var tooFew = Session.run("classify", "train", few.toString(), "--cross-validate", "2");
    assertThat(tooFew.status()).isEqualTo(2);
    assertThat(tooFew.err()).contains("nothing is left to train or to validate on in fold");
    var baseline = Session.ok("classify", "baseline", texts.toString(), "--cross-validate", "3");
    assertThat(baseline.out()).contains("mean", "accuracy");
    var tested = Session.ok("classify", "baseline", texts.toString(), "--test", texts.toString());
    assertThat(tested.out()).contains("accuracy           100.00%");
    assertThat(
            Session.ok("tag", "baseline", sentences.toString(), "--test", sentences.toString())
                .out())
        .contains("spans", "conlleval");
  }

  @Test
  void trainingAgainGivesTheSameFileAndIsVerified() throws IOException {
    Path again = folder.resolve("again.safetensors");
    train(again, "classify", texts, "--threads", "1");
    assertThat(Files.readAllBytes(again)).isEqualTo(Files.readAllBytes(classifier));
    assertThat(Session.ok("verify", classifier.toString(), texts.toString()).out())
        .contains("the same bits");
    assertThat(Session.ok("verify", tagger.toString(), sentences.toString()).out())
        .contains("the same bits");
    Path other = write("o.tsv", table(30, 5, false));
    var refused = Session.run("verify", classifier.toString(), other.toString());
    assertThat(refused.status()).isEqualTo(2);
    assertThat(refused.err()).contains("this is not its training data");
  }

  @Test
  void infoAndCompressKnowTheseModels() {
    assertThat(Session.ok("info", tagger.toString()).out())
        .contains(
            "task               tag",
            "CRF",
            "head.weight",
            "iobes",
            "unroll tag train FILE -o MODEL --");
    Path small = folder.resolve("tagger.int8.safetensors");
    var compressed = Session.ok("compress", tagger.toString(), "-o", small.toString());
    assertThat(compressed.out()).contains("unroll tag eval " + small);
    assertThat(Session.ok("tag", "eval", small.toString(), sentences.toString()).out())
        .contains("accuracy");
    var wrong = Session.run("classify", "eval", tagger.toString(), texts.toString());
    assertThat(wrong.status()).isEqualTo(2);
    assertThat(wrong.err()).contains("is a model of the task tag, not of classify");
    assertThat(Session.run("lm", "score", tagger.toString(), texts.toString()).err())
        .contains("is a model of the task tag, not of language-model");
  }

  @Test
  void calibrationIsDrawn() throws IOException {
    Path plot = folder.resolve("calibration.svg");
    String[] command = {
      "classify",
      "eval",
      classifier.toString(),
      texts.toString(),
      "--plot-calibration",
      plot.toString()
    };
    Session.ok(command);
    SvgTexts drawn = SvgTexts.of(plot);
    assertThat(drawn.all().replace('\n', ' '))
        .contains("right answers, %", "probability that the model gives to its answer, %")
        .contains("calibration error 0.", "as often right as it says", "100.0% are right");
    assertThat(drawn.clipped()).isEmpty();
    String[] twice = Arrays.copyOf(command, command.length + 2);
    twice[command.length] = "--plot";
    twice[command.length + 1] = plot.toString();
    assertThat(Session.run(twice).err()).contains("is named for two outputs");
  }

  @Test
  void curvesMetricsAndRates() throws IOException {
    Path plot = folder.resolve("curve.svg");
    Path metrics = folder.resolve("m.jsonl");
    Path out = folder.resolve("curve.safetensors");
    train(out, "classify", texts, "--plot", plot.toString(), "--metrics", metrics.toString());
    SvgTexts drawn = SvgTexts.of(plot);
    assertThat(drawn.all())
        .contains("Validation accuracy is highest, ", "loss, nats per text", "training\nvalidation")
        .contains("accuracy on the validation part", "steps of training", "the model that is kept");
    assertThat(drawn.clipped()).isEmpty();
    assertThat(Files.readAllLines(metrics)).anyMatch(line -> line.contains("\"accuracy\":"));
    var rate = Session.ok("classify", "train", texts.toString(), "--units", "8", "--find-rate");
    assertThat(rate.out()).contains("Try --rate", "nats per text");
  }

  @Test
  void aTagOfNoSchemeAmongSpansIsNamed() throws IOException {
    String good = columns(80, 2, false);
    Path stray = write("stray.txt", good + "word X baz\n\n");
    String out = folder.resolve("stray.safetensors").toString();
    var trained = Session.run("tag", "train", stray.toString(), "-o", out);
    assertThat(trained.status()).isEqualTo(2);
    assertThat(trained.err()).contains("stray.txt:", "the tag is baz", "one scheme");
    Path other = write("strange.txt", "word X X\nother Y Y\n\n");
    var measured = Session.run("tag", "eval", tagger.toString(), other.toString());
    assertThat(measured.status()).isEqualTo(2);
    assertThat(measured.err()).contains("the model knows none of the tags in column");
  }

  @Test
  void spansAreFoundAndAnswersAreInTheSchemeOfTheFile() throws Exception {
    Path held = write("held.txt", columns(30, 8, false));
    var report = Session.ok("tag", "eval", tagger.toString(), held.toString());
    assertThat(report.out()).contains("F1 100.00", "PER", "LOC", "of unseen words");
    var predicted =
        Session.ok("tag", "predict", tagger.toString(), held.toString(), "--probabilities");
    List<String> lines = predicted.out().lines().toList();
    assertThat(lines).hasSameSizeAs(Files.readAllLines(held));
    for (String line : lines) {
      assertThat(line).matches("|\\S+ \\S (\\S+) \\1 [01]\\.\\d{4}"); // the tag is added, and right
    }
    var json = Session.ok("tag", "predict", "--json", tagger.toString(), held.toString()).out();
    assertThat(JSON.readTree(json.lines().findFirst().orElse("")).get("tags").toString())
        .endsWith("\"B-PER\",\"I-PER\",\"O\",\"B-LOC\"]");
    var input =
        Session.process("she met Mrb Von\n\n", "tag", "predict", tagger.toString(), "--lines", "-");
    assertThat(input.out()).isEqualTo("she O\nmet O\nMrb B-PER\nVon I-PER\n\n\n");
  }

  @Test
  void columnsOfConllUAreReadAndComeBack() throws IOException {
    Path data = write("u.conllu", columns(60, 4, true));
    Path model = folder.resolve("u.safetensors");
    train(model, "tag", data, "--columns", "feats:Case", "--column-width", "4");
    var report = Session.ok("tag", "eval", model.toString(), data.toString());
    assertThat(report.out())
        .containsPattern("accuracy +(99|100)")
        .contains("PROPN")
        .doesNotContain("conlleval");
    String range = "1-2\ta\t_\t_\t_\t_\t_\t_\t_\t_\n";
    Path mixed =
        write("m.conllu", sentence(new Random(1), true).replaceFirst("1\t", range + "1\t"));
    List<String> added =
        Session.ok("tag", "predict", model.toString(), mixed.toString()).out().lines().toList();
    assertThat(added.get(0)).isEqualTo("# text = some");
    assertThat(added.get(1)).isEqualTo(range.strip() + "\t_");
    assertThat(added.get(2).split("\t")).hasSize(11).endsWith("X");
    for (String useless : List.of("--lines --replace", "--json --replace", "--tags upos")) {
      var words = new ArrayList<>(List.of("tag", "predict", model.toString(), mixed.toString()));
      words.addAll(List.of(useless.split(" ")));
      var refused = Session.run(words.toArray(String[]::new));
      assertThat(refused.status()).isEqualTo(2);
      assertThat(refused.err()).contains("does nothing with");
    }
    var replaced = Session.ok("tag", "predict", model.toString(), mixed.toString(), "--replace");
    assertThat(replaced.out()).isEqualTo(Files.readString(mixed));
    var features = train(model, "tag", data, "--tags", "feats");
    assertThat(features.err()).containsPattern("tags +2: Case=");
    assertThat(Session.run("tag", "eval", model.toString(), sentences.toString()).err())
        .contains("is a column of CoNLL-U");
  }

  @Test
  void vectorsThatWereTrainedBeforeAreBegunWithOrKept() throws IOException {
    var rows = new StringBuilder();
    for (String word : List.of("loved", "hated", "blamed", "adored", "film")) {
      boolean good = word.equals("loved") || word.equals("adored");
      rows.append(word).append(good ? " 1 1 1" : " -1 0 0").append('\n');
    }
    Path vectors = write("vectors.txt", rows.toString());
    Path model = folder.resolve("v.safetensors");
    var words =
        new ArrayList<>(List.of("classify", "train", texts.toString(), "-o", model.toString()));
    words.addAll(List.of("--units", "8", "--rate", "0.02", "--epochs", "8", "--batch", "8"));
    words.addAll(List.of("--vectors", vectors.toString(), "--freeze-vectors"));
    assertThat(Session.ok(words.toArray(String[]::new)).err())
        .contains("4 tokens of the data, and 1 others, begin with vectors");
    Path lines = write("adored.txt", "she adored the film .\n");
    assertThat(Session.ok("classify", "predict", model.toString(), lines.toString()).out())
        .isEqualTo("good\n");
    assertThat(Session.ok("verify", "" + model, "" + texts, "--vectors", vectors.toString()).out())
        .contains("the same bits");
    words.addAll(List.of("--embedding", "5"));
    assertThat(Session.run(words.toArray(String[]::new)).err()).contains("vectors", "are 3 wide");
  }

  @Test
  void evalNoticesTagsOfAnotherScheme() throws IOException {
    Path other = write("iob1.txt", columns(30, 3, false).replace("B-", "I-"));
    var noted = Session.ok("tag", "eval", tagger.toString(), other.toString());
    assertThat(noted.err()).contains("the tags are of iob1, the model answers in iob2");
    assertThat(noted.out()).contains("F1 100.00");
    Path mixed =
        write("mixed.txt", columns(15, 3, false) + columns(15, 4, false).replace("B-", "I-"));
    var refused = Session.run("tag", "eval", tagger.toString(), mixed.toString());
    assertThat(refused.status()).isEqualTo(2);
    assertThat(refused.err()).contains("mixed.txt:", "schemes are mixed");
  }

  @Test
  void badDataIsRefusedWithFileAndLine() throws IOException {
    refuse("tag", "ragged.txt", "a N O\nb N O\nc O\n\n", "ragged.txt:3: 2 columns");
    refuse("tag", "mixed.txt", "a B-X\nb E-X\n\na B-X\nb I-X\n\n".repeat(4), "schemes are mixed");
    refuse(
        "tag",
        "gold.txt",
        "a X\nb Y\n\n",
        "gold.txt:1: the tags are in column 2, which is also read",
        "--columns",
        "2");
    refuse(
        "tag",
        "pos.txt",
        "a X\nb Y\n\n".repeat(20),
        "is of tags that describe spans",
        "--measure",
        "span-f1");
    refuse("tag", "empty.txt", "\n\n", "empty.txt: has no token");
    refuse("tag", "one.txt", "a O\na O\n\nc O\n\n", "all have one label");
    refuse(
        "classify", "header.tsv", "good\tfine\nbad\tpoor\n", "header.tsv:1: no column is called");
    refuse("classify", "tabs.tsv", "label\ttext\ngood\ta\tb\n", "tabs.tsv:2: 3 fields");
    refuse("classify", "blank.tsv", "label\ttext\ngood\t\n", "blank.tsv:2: the text is empty");
    refuse("classify", "same.tsv", "label\ttext\na\tx\na\tx\n", "all have one label");
    var once = "label\ttext\n" + "a\tx y\n".repeat(10) + "b\tz\n" + "a\tx y\n".repeat(10);
    var result = train(folder.resolve("once.safetensors"), "classify", write("once.tsv", once));
    assertThat(result.err()).contains("label «b» has one example");
  }

  private static void refuse(String task, String name, String content, String part, String... more)
      throws IOException {
    Path file = write(name, content);
    Path out = folder.resolve("refused.safetensors");
    var words =
        new ArrayList<>(
            List.of(task, "train", file.toString(), "-o", out.toString(), "--min-count", "1"));
    words.addAll(List.of(more));
    var result = Session.run(words.toArray(String[]::new));
    assertThat(result.status()).as(result.err()).isEqualTo(2);
    assertThat(result.err()).contains(part);
    assertThat(out).doesNotExist();
  }

  @Test
  void optionsThatDoNothingAreRefused() {
    String out = folder.resolve("refused.safetensors").toString();
    for (String[] each :
        new String[][] {
          {"--freeze-vectors", "without --vectors"},
          {"--spelling-embedding", "5", "without --spelling"},
          {"--measure", "span-f1", "is of tags that describe spans"},
          {"--class-weights", "odd=2", "The labels are: bad, good"},
          {"--direction", "back", "Use forward, both or sum"},
          {"--pooling", "first", "Use last, mean, max or attention"},
          {"--unit", "byte-pairs", "for language models"},
          {"--quotes", "--format", "csv", "--quotes does nothing with --format csv"}
        }) {
      var words = new ArrayList<>(List.of("classify", "train", texts.toString(), "-o", out));
      words.addAll(List.of(each).subList(0, each.length - 1));
      var result = Session.run(words.toArray(String[]::new));
      assertThat(result.status()).as(String.join(" ", each)).isEqualTo(2);
      assertThat(result.err()).contains(each[each.length - 1]);
    }
    var columns =
        Session.run("tag", "train", sentences.toString(), "-o", out, "--column-width", "5");
    assertThat(columns.err()).contains("--column-width does nothing without --columns");
    var scheme =
        Session.run(
            "tag", "train", sentences.toString(), "-o", out, "--tags", "2", "--scheme", "iob2");
    assertThat(scheme.err()).contains("the tags describe no spans");
    var smooth =
        Session.run(
            "tag", "train", sentences.toString(), "-o", out, "--crf", "--label-smoothing", "0.1");
    assertThat(smooth.err()).contains("label smoothing does nothing with a CRF");
  }
}
