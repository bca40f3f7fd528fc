package dev.unroll.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a training says of its data at the start, and of its model at the end. */
class CoachTest {

  @TempDir Path folder;

  private String write(String name, List<String> lines) throws IOException {
    return Files.write(folder.resolve(name), lines).toString();
  }

  private String train(String task, String file, String... more) {
    var command = new ArrayList<>(List.of(task, "train", file));
    command.addAll(List.of("-o", folder.resolve(task + ".safetensors").toString()));
    command.addAll(List.of("--units", "4", "--embedding", "4", "--epochs", "1", "--force"));
    command.addAll(List.of(more));
    if (!command.contains("--valid-share")) {
      command.addAll(List.of("--valid-share", "0.1"));
    }
    return Session.ok(command.toArray(String[]::new)).err();
  }

  private static List<String> rows(int count, IntFunction<String> row) {
    return IntStream.range(0, count).mapToObj(row).toList();
  }

  @Test
  void namesReadAsWordsAreUnknown() throws IOException {
    var names = rows(300, i -> i % 50 == 0 ? "rex" : "saurus" + i * 7919 % 1000);
    String said = train("lm", write("names.txt", names), "--unit", "words");
    assertThat(said)
        .contains("vocabulary  ", "of the validation part is <UNK>")
        .contains("try --unit characters")
        .contains("most lines are a single word")
        .contains(", most of it <UNK>;")
        .contains("validation perplexity without <UNK> ", "a 3-gram model");
  }

  @Test
  void aNetworkThatNaiveBayesBeatsIsToldSo() throws IOException {
    var texts = new ArrayList<>(List.of("label\ttext"));
    texts.addAll(
        rows(200, i -> (i % 3 > 0 ? "good\tfine and nice " : "bad\tpoor and dull ") + i % 9));
    Path metrics = folder.resolve("metrics.jsonl");
    String said =
        train(
            "classify",
            write("texts.tsv", texts),
            "--metrics",
            metrics.toString(),
            "--rate",
            "1e-6",
            "--no-ngrams");
    assertThat(said)
        .contains("180 texts to train on, 20 to validate on")
        .containsPattern("labels +2: good 66\\.[0-9]+%, bad 33")
        .contains("are in the training part, too", "--group")
        .contains("naive Bayes 100.00%", "naive Bayes is better", "Try:   --epochs 3");
    assertThat(Files.readAllLines(metrics).getLast())
        .contains("\"event\":\"baseline\"", "\"naive Bayes\":1.0", "\"beats\":false");
    assertThat(train("classify", folder.resolve("texts.tsv").toString(), "-q")).isEmpty();
  }

  /** More is to be held out only where that was little. */
  @Test
  void aLabelThatIsNotValidatedIsNamed() throws IOException {
    var texts = new ArrayList<>(List.of("label\ttext"));
    texts.addAll(rows(60, i -> (i % 2 == 0 ? "good\tfine " : "bad\tpoor ") + i));
    texts.add("rare\tonce");
    String file = write("rare.tsv", texts);
    assertThat(train("classify", file))
        .contains("the validation part has no label «rare»", "--valid-share 0.2, or give data for");
    assertThat(train("classify", file, "--valid-share", "0.2"))
        .contains("the validation part has no label «rare»", "give more data, or some for --valid")
        .doesNotContain("--valid-share 0.2");
  }

  @Test
  void labelsThatDifferInEachRowAreNone() throws IOException {
    var texts = new ArrayList<>(List.of("label\ttext"));
    texts.addAll(rows(40, i -> (i < 8 ? i / 2 : i) + 100 + "\tsome words here " + i));
    assertThat(train("classify", write("ids.tsv", texts)))
        .contains("nearly as many labels as texts", "check that --label names", "by regress")
        .contains("one example to learn from");
  }

  @Test
  void halfAsManyLabelsAsTextsAreNotNearlyAsMany() throws IOException {
    var texts = new ArrayList<>(List.of("label\ttext"));
    texts.addAll(rows(60, i -> "L" + i * 7 % 37 + "\tsome words here " + i));
    assertThat(train("classify", write("many.tsv", texts)))
        .contains("few texts for each label: 1.6 on average", "one example to learn from")
        .doesNotContain("nearly as many", "--label ");
  }

  @Test
  void labelsThatWereHardlyMeantToBeDifferentAreNamed() throws IOException {
    var texts = new ArrayList<>(List.of("text,label"));
    var labels = List.of("Spam", "spam", "h\u00E4m", "ha\u0308m", "eggs");
    texts.addAll(rows(60, i -> "some words here " + i + "," + labels.get(i % 5)));
    assertThat(train("classify", write("alike.csv", texts)))
        .contains("labels «Spam», «ha\u0308m», «h\u00E4m», «spam» look alike", "write them alike");
    var others = new ArrayList<>(List.of("text,label"));
    others.addAll(rows(60, i -> "some words here " + i + ",class " + i % 3));
    assertThat(train("classify", write("others.csv", others))).doesNotContain("look alike");
  }

  @Test
  void aTaggerStandsBesideTheMostFrequentTag() throws IOException {
    var lines = new ArrayList<String>();
    for (int i = 0; i < 60; i++) {
      lines.addAll(List.of("Anna B-PER", "Smith" + i % 7 + " I-PER", "ran O", ""));
    }
    assertThat(train("tag", write("tags.txt", lines), "--rate", "1e-6", "--no-crf"))
        .contains("54 sentences to train on", "tags        3: ")
        .contains("validation span F1 ", "the most frequent tag of each word 100.00%")
        .contains("--crf: ");
  }

  @Test
  void pairsStandBesideADictionaryAndACopy() throws IOException {
    var pairs =
        rows(
            60,
            i -> "ab".repeat(i % 5 + 1) + (char) ('c' + i % 20) + "\tx" + "ab".repeat(i % 5 + 1));
    assertThat(train("transduce", write("pairs.tsv", pairs)))
        .contains("source vocabulary", "targets ", "median ")
        .contains("validation character error rate ", "a dictionary ", "a copy of the source ");
  }

  @Test
  void unknownWordsOfEachSideArePutApart() throws IOException {
    var pairs = rows(60, i -> "a" + i * 7919 % 1000 + " b\tB " + i * 104_729 % 1000);
    assertThat(
            train(
                "transduce",
                write("rare.tsv", pairs),
                "--source-unit=words",
                "--target-unit=words"))
        .contains("of the sources of the validation part is <UNK>")
        .contains("of the targets of the validation part is <UNK>");
  }

  @Test
  void numbersStandBesideALinearModel() throws IOException {
    var rows = new ArrayList<>(List.of("value\ttext"));
    rows.addAll(rows(80, i -> i % 4 + "\tword" + i % 4 + " and word" + i % 3 + " no" + i));
    assertThat(train("regress", write("values.tsv", rows), "--rate", "1e-6"))
        .contains("values      mean 1.4", "linear regression on n-grams ", "the mean ")
        .contains("linear regression on n-grams is better");
  }

  @Test
  void moreToValidateOnThanToLearnFromIsNoted() throws IOException {
    var texts = new ArrayList<>(List.of("text,label"));
    texts.addAll(rows(60, i -> "some words here " + i + "," + (i % 2 == 0 ? "a" : "b")));
    var valid = write("valid.csv", texts);
    var few = write("few.csv", texts.subList(0, 21));
    var command = List.of("classify", "train", few, "--valid", valid, "--dry-run", "--epochs", "1");
    assertThat(Session.ok(command.toArray(String[]::new)).err())
        .contains("20 texts to train on, 60 to validate on")
        .contains("more to validate on than to learn from", "--valid-share");
  }

  @Test
  void aTableThatIsReadAsTextIsNoted() throws IOException {
    var lines = rows(40, i -> "the cat sat and the dog ran," + "abc".charAt(i % 3));
    assertThat(train("lm", write("table.csv", lines)))
        .contains("table.csv is called like a table", "--given-column");
    assertThat(train("lm", write("table.txt", lines))).doesNotContain("like a table");
  }

  @Test
  void oneLabelIsNothingToLearn() throws IOException {
    var texts = new ArrayList<>(List.of("text,label"));
    texts.addAll(rows(40, i -> "some words here " + i + ",spam"));
    var refused =
        Session.run(
            "classify",
            "train",
            write("one.csv", texts),
            "-o",
            folder.resolve("one.safetensors").toString());
    assertThat(refused.status()).isEqualTo(2);
    assertThat(refused.err()).contains("all have one label, «spam»", "--label");
  }

  /** Unknown words have characters, which taggers read by default. */
  @Test
  void whatIsOnAlreadyIsNotProposed() throws IOException {
    var lines = new ArrayList<String>();
    for (int i = 0; i < 60; i++) {
      lines.addAll(List.of("word" + i * 7919 % 1000 + " N", "ran V", ""));
    }
    String file = write("unknown.txt", lines);
    assertThat(train("tag", file))
        .contains("<UNK>, whose words the network knows only by their characters")
        .contains("give more to learn from, or try --vectors")
        .doesNotContain("--spelling");
    assertThat(train("tag", file, "--spelling", "0"))
        .contains("cannot tell apart", "try --spelling 50");
  }

  @Test
  void theRarestLabelIsNamedWithItsTexts() throws IOException {
    var texts = new ArrayList<>(List.of("label\ttext"));
    texts.addAll(rows(140, i -> "abcdefg".charAt(i % 7) + "\tsome words here " + i));
    assertThat(train("classify", write("seven.tsv", texts)))
        .containsPattern("labels +7: .*% … rarest [a-g], 1[0-9] texts\n");
  }

  @Test
  void infoShowsNoOptionsOfStreamsWhereThereIsNone() throws IOException {
    var texts = new ArrayList<>(List.of("label\ttext"));
    texts.addAll(rows(40, i -> "ab".charAt(i % 2) + "\tsome words here " + i));
    train("classify", write("two.tsv", texts));
    String model = folder.resolve("classify.safetensors").toString();
    assertThat(Session.ok("info", model).out())
        .contains("epochs", "batch")
        .doesNotContain("random steps", "reset states", "reading stream");
    train("lm", write("lines.txt", rows(40, i -> "some words here " + i)));
    assertThat(Session.ok("info", folder.resolve("lm.safetensors").toString()).out())
        .contains("random steps", "reset states");
  }

  @Test
  void pairsWithUnknownWordsAreCounted() throws IOException {
    String text =
        write("text.txt", rows(40, i -> "the cat sat and the dog ran " + "abc".charAt(i % 3)));
    train("lm", text, "--unit", "tokens");
    String model = folder.resolve("lm.safetensors").toString();
    String pairs = write("pairs.tsv", List.of("the cat sat\tthe sat cat", "the cats\tthe zzqqx"));
    assertThat(Session.ok("lm", "score", "--pairs", model, pairs).out())
        .contains("1 of the pairs have words that the model does not know", "--without-unknown");
    var without = Session.ok("lm", "score", "--pairs", "--without-unknown", model, pairs);
    assertThat(without.out()).contains("of     1  all", "1 of 2 pairs were left out");
    var spelled = Session.ok("lm", "score", "--pairs", "--spell-unknown", "--json", model, pairs);
    assertThat(spelled.out()).contains("\"pairs\":2", "\"unknownPairs\":1").doesNotContain("ties");
    var useless = Session.run("lm", "score", "--without-unknown", model, text);
    assertThat(useless.status()).isEqualTo(2);
    assertThat(useless.err()).contains("--without-unknown does nothing here");
  }
}
