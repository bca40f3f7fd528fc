package dev.unroll.cli.transduce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.unroll.base.Direction;
import dev.unroll.cli.Session;
import dev.unroll.data.Pair;
import dev.unroll.learn.Checkpoints;
import dev.unroll.network.Dropouts;
import dev.unroll.network.Network;
import dev.unroll.task.RunOutput;
import dev.unroll.task.transduce.TransducerFields;
import dev.unroll.task.transduce.TransducerRun;
import dev.unroll.task.transduce.TransducerSpec;
import dev.unroll.text.Corpus;
import dev.unroll.text.Segmentation;
import dev.unroll.text.table.PairTable;
import dev.unroll.train.Training;
import dev.unroll.train.TrainingListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Transducing from the command line: words are to be spelled backwards, each letter a name. */
public class TransduceCommandsTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir static Path folder;

  private static Path pairs;
  private static Path held;
  private static Path model;

  private static String word(Random random) {
    var word = new StringBuilder();
    for (int length = 1 + random.nextInt(4); length > 0; length--) {
      word.append((char) ('a' + random.nextInt(4)));
    }
    return word.toString();
  }

  private static String backwards(String word) {
    var names = new ArrayList<String>();
    for (int i = word.length() - 1; i >= 0; i--) {
      names.add("L" + word.charAt(i));
    }
    return String.join(" ", names);
  }

  public static String table(int count, long seed) {
    var random = new Random(seed);
    var table = new StringBuilder();
    for (int i = 0; i < count; i++) {
      String word = word(random);
      table.append(word).append('\t').append(backwards(word)).append('\n');
    }
    return table.toString();
  }

  private static Session.Result train(Path data, Path out, String... more) {
    var words =
        new ArrayList<>(List.of("transduce", "train", data.toString(), "-o", out.toString()));
    words.addAll(List.of("--target-unit", "tokens", "--units", "24", "--embedding", "8"));
    words.addAll(List.of("--dropout", "0", "--batch", "16", "--rate", "0.02"));
    words.addAll(List.of(more));
    return Session.run(words.toArray(String[]::new));
  }

  @BeforeAll
  static void train() throws IOException {
    pairs = Files.writeString(folder.resolve("pairs.tsv"), table(600, 1));
    held = Files.writeString(folder.resolve("held.tsv"), table(80, 2) + "abc\tnot that\n");
    model = folder.resolve("model.safetensors");
    var trained =
        train(pairs, model, "--epochs", "14", "--measure", "exact", "--scheduled-sampling", "0.2");
    assertThat(trained.status()).as(trained.err()).isZero();
    assertThat(trained.err()).contains("exact match", "Next:  unroll transduce eval");
  }

  @Test
  void evalMeasuresWithSeveralReferences() throws IOException {
    var people = Session.ok("transduce", "eval", model.toString(), held.toString(), "--show", "2");
    assertThat(people.out()).contains("exact match", "token error rate", "BLEU", "chrF2");
    var mixed =
        Session.run(
            "transduce", "eval", model.toString(), held.toString(), "--show", "2", "--json");
    assertThat(mixed.status()).isEqualTo(2);
    assertThat(mixed.err()).contains("--show does nothing with --json");
    JsonNode machines =
        JSON.readTree(
            Session.ok("transduce", "eval", "--json", model.toString(), held.toString()).out());
    assertThat(machines.get("exactMatch").asDouble()).isGreaterThan(0.9);
    assertThat(machines.get("tokenErrorRate").asDouble()).isLessThan(0.1);
    assertThat(machines.get("chrf2").asDouble()).isGreaterThan(90);
  }

  @Test
  void predictAnswersInOrder() throws Exception {
    var answers = Session.process("ab\ncad\n", "transduce", "predict", model.toString(), "-");
    assertThat(answers.out()).isEqualTo("Lb La\nLd La Lc\n");
    Path table = Files.writeString(folder.resolve("sources.tsv"), "ab\tx\nda\ty\n");
    assertThat(Session.ok("transduce", "predict", model.toString(), table.toString()).out())
        .isEqualTo("Lb La\nLa Ld\n");
    String best =
        Session.ok("transduce", "predict", model.toString(), table.toString(), "--nbest", "2")
            .out();
    assertThat(best.lines()).hasSize(4).first().asString().matches("1\t-.*\t-.*\tLb La");
  }

  @Test
  void whatAttentionSawIsShown() throws IOException {
    Path source = Files.writeString(folder.resolve("source.txt"), "bad\n");
    JsonNode json =
        JSON.readTree(
            Session.ok(
                    "transduce",
                    "predict",
                    model.toString(),
                    source.toString(),
                    "--json",
                    "--weights-of-attention")
                .out());
    assertThat(json.get("sourceTokens")).hasSize(4);
    JsonNode target = json.get("targets").get(0);
    assertThat(target.get("text").asText()).isEqualTo("Ld La Lb");
    for (JsonNode row : target.get("attention")) {
      double sum = 0;
      for (JsonNode share : row) {
        sum += share.asDouble();
      }
      assertThat(sum).isCloseTo(1, within(1e-5));
    }
  }

  @Test
  void aModelIsVerifiedShownAndCompressed() throws IOException {
    Path small = folder.resolve("small.safetensors");
    assertThat(train(pairs, small, "--epochs", "1", "--attention", "additive").status()).isZero();
    assertThat(Session.ok("verify", small.toString(), pairs.toString(), "--threads", "1").out())
        .contains("the same bits");
    assertThat(Session.ok("info", small.toString()).out())
        .contains("attention          additive", "unroll transduce train FILE -o MODEL");
    Path smaller = folder.resolve("smaller.safetensors");
    Session.ok("compress", model.toString(), "-o", smaller.toString());
    assertThat(Files.size(smaller)).isLessThan(Files.size(model));
    JsonNode machines =
        JSON.readTree(
            Session.ok("transduce", "eval", "--json", smaller.toString(), held.toString()).out());
    assertThat(machines.get("exactMatch").asDouble()).isGreaterThan(0.9);
  }

  private static JsonNode eval(Path... models) throws IOException {
    var words = new ArrayList<>(List.of("transduce", "eval", "--json", models[0].toString()));
    words.add(held.toString());
    for (int i = 1; i < models.length; i++) {
      words.addAll(List.of("--with", models[i].toString()));
    }
    return JSON.readTree(Session.ok(words.toArray(String[]::new)).out());
  }

  @Test
  void severalModelsWriteTogether() throws IOException {
    Path other = folder.resolve("other.safetensors");
    assertThat(train(pairs, other, "--epochs", "3", "--seed", "2").status()).isZero();
    double one = eval(model).get("crossEntropyPerToken").asDouble();
    double two = eval(other).get("crossEntropyPerToken").asDouble();
    double together = eval(model, other).get("crossEntropyPerToken").asDouble();
    assertThat(together)
        .isLessThan((one + two) / 2)
        .isGreaterThan(Math.min(one, two) - Math.log(2));
    assertThat(eval(model, model)).isEqualTo(eval(model));
    Path source = Files.writeString(folder.resolve("together.txt"), "bad\n");
    String[] command = {
      "transduce", "predict", model.toString(), source.toString(), "--with", other.toString()
    };
    assertThat(Session.ok(command).out()).isEqualTo("Ld La Lb\n");

    Path smaller =
        Files.writeString(folder.resolve("fewer.tsv"), "ab\tLb La\nba\tLa Lb\n".repeat(20));
    Path stranger = folder.resolve("stranger.safetensors");
    assertThat(train(smaller, stranger, "--epochs", "1").status()).isZero();
    command[command.length - 1] = stranger.toString();
    assertRefused(Session.run(command), "model 2 of the ensemble has other vocabularies", "--seed");
  }

  private static final class Stop extends Error {
    private static final long serialVersionUID = 1L;
  }

  /** Stops the run in the middle of a step, as a kill would. */
  private record StopAt(long step) implements TrainingListener {
    @Override
    public void onStep(StepReport report) {
      if (report.step() == step) {
        throw new Stop();
      }
    }
  }

  private static TransducerRun training(int threads, @Nullable Checkpoints checkpoints) {
    List<Pair> all = PairTable.USUAL.read(List.of(pairs));
    var characters = Segmentation.of(Segmentation.Unit.CHARACTERS);
    var options = new Corpus.Options(characters, 100, 1, true);
    var parts = Pair.cut(all, 0.1);
    var drops = new Dropouts(0.2, 0.2, 0.2, 0.1, 0.1, 0.1, 0.1, false);
    Network decoder = Network.lstm(12, 12).withTied(true).withDropouts(drops);
    Network encoder = Network.gru(9).withDirection(Direction.BOTH).withDropouts(drops);
    var fields =
        TransducerFields.of(
            TransducerSpec.of(encoder, decoder, "additive", true),
            Corpus.of(all.stream().map(Pair::source).toList(), options).tokenizer(),
            Corpus.of(all.stream().map(Pair::target).toList(), options).tokenizer());
    return new TransducerRun(
        fields,
        parts,
        new TransducerRun.Goal(0.3, false),
        Training.defaults().withEpochs(2).withThreads(threads),
        new RunOutput(List.of(), false, null, checkpoints));
  }

  @Test
  void aRunThatWasStoppedGoesOnToTheSameBitsOnAnyNumberOfThreads() {
    float[] whole = training(1, null).run(TrainingListener.NONE).parameters();
    var interval = new Checkpoints.Interval(3, Duration.ZERO);
    for (long step : List.of(7L, 20L)) {
      try (var kept = Checkpoints.open(folder.resolve("run"), interval, System::nanoTime)) {
        assertThatExceptionOfType(Stop.class)
            .isThrownBy(() -> training(2, kept).run(new StopAt(step)));
      }
    }
    try (var kept = Checkpoints.open(folder.resolve("run"), interval, System::nanoTime)) {
      assertThat(kept.steps()).isNotEmpty();
      assertThat(training(2, kept).run(TrainingListener.NONE).parameters()).isEqualTo(whole);
    }
  }

  @Test
  void badInputIsNamed() throws IOException {
    Path out = folder.resolve("out.safetensors");
    Path empty = Files.writeString(folder.resolve("empty.tsv"), "ab\tLb\ncd\t\n");
    assertRefused(train(empty, out), "empty.tsv", ":2: ", "target is empty");
    Path narrow = Files.writeString(folder.resolve("narrow.tsv"), "ab\tLb\ncd\n");
    assertRefused(train(narrow, out), "narrow.tsv", ":2: ", "1 field");
    Path named = Files.writeString(folder.resolve("named.tsv"), "en\tde\nab\tLb\n");
    assertRefused(
        train(named, out, "--source", "en", "--target", "fr"), "named.tsv", ":1: ", "«fr»");
    assertRefused(train(pairs, out, "--attention", "none", "--no-input-feeding"), "attention");
    assertRefused(train(pairs, out, "--scheduled-sampling", "2"), "[0, 1]");
    assertRefused(
        Session.run("transduce", "predict", model.toString(), pairs.toString(), "--nbest", "9"),
        "--beam");
    assertRefused(Session.run("lm", "eval", model.toString(), pairs.toString()), "transduce");
    assertThat(out).doesNotExist();
  }

  private static void assertRefused(Session.Result result, String... parts) {
    assertThat(result.status()).as(result.err()).isEqualTo(2);
    assertThat(result.err()).contains(parts).doesNotContain("\tat ");
  }

  @Test
  void aDictionaryTranslatesWordByWord() throws IOException {
    Path words = folder.resolve("words.tsv");
    String learned = "the dog\tder Hund\nthe cat\tdie Katze\na dog\tein Hund\na cat\teine Katze\n";
    Files.writeString(words, learned.repeat(3) + "the dog\tder Hund\n");
    Path test = folder.resolve("words.test.tsv");
    Files.writeString(test, "dog cat\tHund Katze\nzebra\tzebra\n");
    var result = Session.run("transduce", "baseline", words.toString(), "--test", test.toString());
    assertThat(result.status()).as(result.err()).isZero();
    assertThat(result.out()).contains("2 sources, 2 pairs", "exact match            100.00%");
  }

  @Test
  void nGramsOfLettersAndSoundsWriteWordsThatTheyHaveNotSeen() throws IOException {
    Path words = folder.resolve("sounds.tsv");
    Files.writeString(
        words, "hat\tAH T\nbat\tB AH T\ntax\tT AH K S\nax\tAH K S\nbath\tB AH T\nha\tAH\n");
    Path test = folder.resolve("sounds.test.tsv");
    Files.writeString(test, "hab\tAH B\nbax\tB AH K S\nzab\tZ AH B\n");
    var result =
        Session.line(
            "transduce baseline %s --ngrams 3 --source-unit characters --test %s"
                .formatted(words, test));
    assertThat(result.status()).as(result.err()).isZero();
    assertThat(result.err()).contains("6 of 6 pairs could be cut into pieces");
    assertThat(result.out()).contains("exact match             66.67%"); // z is left out
  }

  @Test
  void unknownWordsAreCopied() throws IOException {
    var random = new Random(4);
    var pairs = new StringBuilder();
    for (int i = 0; i < 600; i++) { // every name is rare
      String name = "n" + i;
      pairs.append(name).append(random.nextBoolean() ? " goes\tgeht " : " comes\tkommt ");
      pairs.append(name).append('\n');
    }
    Path names = Files.writeString(folder.resolve("names.tsv"), pairs);
    Path copying = folder.resolve("copying.safetensors");
    var words = List.of("--source-unit", "tokens", "--min-count", "2", "--epochs", "12");
    assertThat(train(names, copying, words.toArray(String[]::new)).status()).isZero();
    Path wanted = Files.writeString(folder.resolve("new.tsv"), "Zoë goes\tgeht Zoë\n");
    String model = copying.toString();
    String table = wanted.toString();
    assertThat(Session.ok("transduce", "predict", model, table, "--copy").out())
        .isEqualTo("geht Zoë\n");
    var measured =
        JSON.readTree(Session.ok("transduce", "eval", model, table, "--copy", "--json").out());
    assertThat(measured.get("exactMatch").asDouble()).isEqualTo(1);
    assertThat(Session.ok("transduce", "predict", model, table).out()).doesNotContain("Zoë");
    var refused =
        Session.run(
            "transduce", "predict", TransduceCommandsTest.model.toString(), table, "--copy");
    assertThat(refused.err()).contains("only whole words are copied");
  }
}
