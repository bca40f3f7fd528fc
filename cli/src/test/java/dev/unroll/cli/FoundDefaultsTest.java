package dev.unroll.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroll.Unroll;
import dev.unroll.data.Provenance;
import dev.unroll.data.Reading;
import dev.unroll.model.Classifier;
import dev.unroll.model.LanguageModel;
import dev.unroll.model.Tagger;
import dev.unroll.task.label.LabelSpec;
import dev.unroll.text.Segmentation;
import dev.unroll.text.VocabularyTokenizer;
import dev.unroll.train.Preset;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is found from the data where no option says it, is said, and is found again. */
class FoundDefaultsTest {

  @TempDir static Path folder;

  private static Path names;
  private static Path labeled;
  private static Path spans;

  @BeforeAll
  static void write() throws IOException {
    var lines = new ArrayList<String>();
    var rows = new ArrayList<String>(List.of("label\ttext"));
    var words = new ArrayList<String>();
    for (int i = 0; i < 60; i++) {
      String name =
          (i % 2 == 0 ? "Tyranno" : "Stego")
              + (char) ('a' + i % 26)
              + (char) ('a' + i / 26)
              + "saurus";
      lines.add(name);
      rows.add((i % 2 == 0 ? "eats" : "grazes") + "\t" + name);
      words.addAll(List.of("Anna B-PER", "Smith I-PER", "lives O", "in O", "Rome B-LOC", ""));
    }
    names = Files.write(folder.resolve("names.txt"), lines);
    labeled = Files.write(folder.resolve("labeled.tsv"), rows);
    spans = Files.write(folder.resolve("spans.txt"), words);
  }

  private static Path train(String task, Path file, String name, String... options) {
    Path model = folder.resolve(name + ".safetensors");
    var words = new ArrayList<>(List.of(task, "train", file.toString(), "-o", model.toString()));
    words.addAll(List.of("--units", "4", "--embedding", "4"));
    words.addAll(List.of(options));
    Session.ok(words.toArray(String[]::new));
    return model;
  }

  @Test
  void namesAreReadByCharactersLineByLineAndTheModelIsTrainedAgain() {
    Path file = folder.resolve("names.safetensors");
    String said =
        Session.ok(
                "lm", "train", names.toString(), "-o", file.toString(), "--units=4", "--epochs=2")
            .err();
    assertThat(said)
        .contains("found: unit characters: the texts are names or short")
        .contains("found: batch 8: 60 sequences are few")
        .contains("found: dropout 0.4")
        .doesNotContain("found: epochs");
    LanguageModel model = LanguageModel.open(file);
    assertThat(model.reading()).isEqualTo(Reading.SENTENCES);
    assertThat(((VocabularyTokenizer) model.tokenizer()).segmentation().unit().label())
        .isEqualTo("characters");
    assertThat(model.provenance().option("epochs")).isEqualTo(2L);
    assertThat(model.provenance().option("batch")).isEqualTo(8L);
    assertThat(Session.ok("info", file.toString()).out()).contains("unit characters: the texts");
    assertThat(Session.ok("verify", file.toString(), names.toString()).out())
        .contains("the same bits");
  }

  @Test
  void aLargeVocabularyGetsAnAdaptiveSoftmaxUnlessTheOutputIsChosen() throws IOException {
    List<String> lines =
        IntStream.range(0, 12_500).mapToObj(i -> "the cat saw mouse" + i + " today").toList();
    Path text = Files.write(folder.resolve("large.txt"), lines);
    String train = "lm train " + text + " --unit words --min-count 1 --units 4 --dry-run";
    String found = "found: adaptive softmax 2000,8000: a vocabulary of 12,50";
    assertThat(Session.line(train).err()).contains(found);
    assertThat(Session.line(train + " --vocabulary 9000").err()).doesNotContain("adaptive");
    for (String chosen :
        List.of("--tied", "--adaptive-softmax 0", "--adaptive-softmax 9", "--sampled-softmax 9")) {
      Session.Result result = Session.line(train + " " + chosen);
      assertThat(result.status()).as(result.err()).isZero();
      assertThat(result.err()).doesNotContain(found);
    }
  }

  @Test
  void aPlainSoftmaxMayBeAskedForWhereTheModelHasOne() {
    Path model = train("lm", names, "plain-softmax", "--unit", "characters", "--epochs", "1");
    String further = "lm train " + names + " --from " + model + " --dry-run --adaptive-softmax ";
    assertThat(Session.line(further + "0").status()).isZero();
    assertThat(Session.line(further + "3").err())
        .contains("--adaptive-softmax is 3, but it is 0 in");
  }

  @Test
  void targetsOfBytePairsAreSmoothedUnlessAnotherShareIsGiven() throws IOException {
    var rows = new ArrayList<String>(List.of("source\ttarget"));
    IntStream.range(0, 60).forEach(i -> rows.add("the cat " + i + "\tdie Katze " + i));
    Path pairs = Files.write(folder.resolve("pairs.tsv"), rows);
    String train = "transduce train " + pairs + " --units 4 --dry-run";
    String found = "found: label smoothing 0.1: targets are byte pairs";
    assertThat(Session.line(train + " --target-unit byte-pairs").err()).contains(found);
    assertThat(Session.line(train + " --target-unit byte-pairs --label-smoothing 0").err())
        .contains("network")
        .doesNotContain("smoothing");
    assertThat(Session.line(train + " --target-unit characters").err())
        .contains("network")
        .doesNotContain("smoothing");
  }

  @Test
  void aVocabularyInAnotherOrderHasNoFrequentWordsToBeginWith() {
    var ordinary = IntStream.range(0, 12_500).mapToObj(i -> "mouse" + i);
    var words = Stream.concat(ordinary, Stream.of("a", "cat", "saw", "the")).toList();
    var tokenizer = new VocabularyTokenizer(Segmentation.of(Segmentation.Unit.WORDS), words);
    var trainer =
        Unroll.languageModel()
            .lines(List.of("the cat saw a mouse1", "a cat saw the mouse2", "the cat saw the cat"))
            .tokenizer(tokenizer)
            .lstm(4);
    assertThat(trainer.overview().lines()).noneMatch(line -> line.contains("adaptive"));
  }

  @Test
  void aSequenceOfAStreamIsSaidToBeAWindow() {
    String said =
        Session.ok("lm", "train", names.toString(), "--dry-run", "--reading=stream").err();
    assertThat(said).containsPattern("found: batch 8: [0-9]+ sequences of 64 tokens are few");
  }

  @Test
  void whatIsChosenIsNotSaidToBeFound() {
    String said =
        Session.ok(
                "lm",
                "train",
                names.toString(),
                "-o",
                folder.resolve("dropout.safetensors").toString(),
                "--units=4",
                "--epochs=1",
                "--dropout=0.2")
            .err();
    assertThat(said).contains("found: unit characters").doesNotContain("found: dropout");
  }

  @Test
  void fewTextsAreReadForSixHundredStepsUnlessSomethingIsSaid() {
    var file = train("classify", labeled, "classify");
    Provenance found = Classifier.open(file).provenance();
    assertThat(found.option("epochs")).isEqualTo(100L); // 6 steps of 8 each
    Provenance asked =
        Classifier.open(train("classify", labeled, "asked", "--epochs=10", "--batch=32"))
            .provenance();
    assertThat(asked.option("epochs")).isEqualTo(10L);
    assertThat(asked.option("batch")).isEqualTo(32L);
    assertThat(Session.ok("verify", file.toString(), labeled.toString()).out())
        .contains("the same bits");
  }

  @Test
  void tagsOfSpansHaveCrfSchemeSpellingAndWordDropout() {
    Tagger found = Tagger.open(train("tag", spans, "spans", "--epochs=1"));
    assertThat(found.description().network().dropouts().words()).isEqualTo(0.1);
    assertThat(found.provenance().json().toString()).contains("word dropout 0.1: the tags");
    assertThat(((LabelSpec.PerStep) found.description().output()).crf()).isTrue();
    assertThat(found.description().spelling()).isNotNull();
    assertThat(found.labelNames().names()).anyMatch(label -> label.startsWith("S-"));
    Tagger asked =
        Tagger.open(
            train(
                "tag",
                spans,
                "plain",
                "--epochs=1",
                "--no-crf",
                "--spelling=0",
                "--no-lower-case",
                "--word-dropout=0",
                "--scheme=iob2"));
    assertThat(asked.description().network().dropouts().words()).isZero();
    assertThat(asked.provenance().json().toString()).doesNotContain("word dropout");
    assertThat(((LabelSpec.PerStep) asked.description().output()).crf()).isFalse();
    assertThat(asked.description().spelling()).isNull();
    assertThat(asked.labelNames().names()).noneMatch(label -> label.startsWith("S-"));
  }

  @Test
  void tagsOfSingleWordsDropNoWords() throws IOException {
    Path file = folder.resolve("words.txt");
    Files.write(file, Files.readAllLines(spans).stream().map(FoundDefaultsTest::single).toList());
    assertThat(Tagger.open(train("tag", file, "words", "--epochs=1")).description().network())
        .extracting(each -> each.dropouts().words())
        .isEqualTo(0.0);
  }

  private static String single(String line) {
    return line.isEmpty() ? "" : line.split(" ")[0] + (line.endsWith("O") ? " VERB" : " NOUN");
  }

  /** A CRF that is only usual gives way to what it cannot be combined with. */
  @Test
  void weightsOfLabelsLeaveTheCrfOut() {
    Tagger weighted =
        Tagger.open(train("tag", spans, "weighted", "--epochs=1", "--class-weights=balanced"));
    assertThat(((LabelSpec.PerStep) weighted.description().output()).crf()).isFalse();
  }

  @Test
  void presetsDecideWhatNoOptionSays() {
    Path file = folder.resolve("small.safetensors");
    Session.ok(
        "lm", "train", names.toString(), "-o", file.toString(), "--preset=small", "--epochs=1");
    LanguageModel model = LanguageModel.open(file);
    assertThat(model.network().description().layers().getFirst().units()).isEqualTo(100);
    assertThat(model.provenance().json()).containsEntry("preset", "small");
    assertThat(model.provenance().option("epochs")).isEqualTo(1L);
    assertThat(Session.run("lm", "train", "x", "-o", "y", "--preset=large").err())
        .contains("no preset is called large");
  }

  @Test
  void javaFindsTheSame() throws IOException {
    var notes = new ArrayList<String>();
    LanguageModel model =
        Unroll.languageModel()
            .lines(Files.readAllLines(names))
            .preset(Preset.SMALL)
            .lstm(4)
            .epochs(1)
            .findings(notes::add)
            .train();
    assertThat(model.reading()).isEqualTo(Reading.SENTENCES);
    assertThat(notes).anyMatch(line -> line.startsWith("unit characters"));
  }
}
