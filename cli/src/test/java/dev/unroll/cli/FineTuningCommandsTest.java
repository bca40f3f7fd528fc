package dev.unroll.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroll.kernel.Slice;
import dev.unroll.model.Classifier;
import dev.unroll.model.LanguageModel;
import dev.unroll.model.Tagger;
import dev.unroll.result.Model;
import dev.unroll.tasks.Tasks;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code train --from} in every task, beginning with models of version 0.2.0 and before. */
class FineTuningCommandsTest {

  private static final Path COMPAT = Path.of("src/test/resources/compat");

  @TempDir static Path folder;

  private static String compat(String name) {
    return COMPAT.resolve(name).toString();
  }

  private static String model(String name) {
    return compat("models/" + name + ".safetensors");
  }

  private static Session.Result train(String task, String data, Path out, String options) {
    var words = new ArrayList<>(List.of(task, "train", data, "-o", out.toString(), "--epochs=2"));
    words.addAll(List.of("--batch=8", "--threads=1"));
    if (!options.isEmpty()) {
      String own = options.replace("IDS", folder.resolve("ids").toString());
      words.addAll(Arrays.asList(own.split(" ", -1)));
    }
    return Session.run(words.toArray(String[]::new));
  }

  private static Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "lm-words|text.txt|",
        "lm-characters|text.txt|--dropout 0.2",
        "lm-byte-pairs|text.txt|--unit byte-pairs --tied",
        "lm-byte-pairs|text.txt|--ids IDS",
        "lm-adaptive|text.txt|--adaptive-softmax 8,16",
        "lm-stream|text.txt|--optimizer sgd --rate 1",
        "lm-label|names.tsv|--given-column kind",
        "lm-numbers|names.tsv|--given-column vector --given-numbers",
        "old-words|text.txt|",
        "old-relu|text.txt|",
        "classify-one|topics.tsv|--units 4 --embedding 6",
        "classify-several|several.csv|--measure loss",
        "classify-characters|topics.tsv|--longest 8 --pooling last",
        "tag-crf|spans.txt|--crf --columns 2 --scheme iobes",
        "tag-words|words.conllu|--lower-case",
        "transduce-additive|numbers.tsv|--measure exact --target-unit tokens",
        "transduce-plain|numbers.tsv|--attention none --dropout 0.1",
        "recognize-tokens|heard.tsv|",
        "recognize-numbers|signals.tsv|--source-unit numbers --dropout 0.1",
        "forecast-mean|days.csv|--target sales --rows 11..110",
        "forecast-gaussian|days.csv|--calendar weekday --known offer",
        "forecast-quantiles|days.csv|--each --embedding 3 --quantiles 0.1,0.5,0.9",
      })
  void modelsOfOldVersionsAreTrainedFurtherAndVerified(String parent, String data, String options) {
    Path out = folder.resolve(parent + "-further.safetensors");
    Model first = Tasks.open(Path.of(model(parent)));
    String file = compat("data/" + data);
    String given = options == null ? "" : options;
    var trained =
        train(first.task().name(), file, out, (given + " --from " + model(parent)).strip());
    assertThat(trained.status()).as(trained.err()).isZero();
    assertThat(trained.err()).contains("of the parameters begin as in " + model(parent));
    Model second = Tasks.open(out);
    assertThat(second.provenance().option("from")).isEqualTo(first.fingerprint());
    assertThat(second.slices()).extracting(Slice::name).containsAll(names(first));
    assertThat(Session.ok("info", out.toString()).out())
        .contains(first.fingerprint(), "--from " + model(parent));
    assertThat(Session.ok("verify", "" + out, file, "--from", model(parent)).out())
        .contains("the same bits");
  }

  private static List<String> names(Model model) {
    return model.slices().stream().map(Slice::name).toList();
  }

  @Test
  void aRegressorIsTrainedFurther() throws IOException {
    var rows = new StringBuilder("text\tvalue\n");
    for (int i = 0; i < 40; i++) {
      rows.append(i % 2 == 0 ? "good" : "bad").append(" film ").append(i % 9);
      rows.append('\t').append(i % 2 + i % 3).append('\n');
    }
    Path data = write("films.tsv", rows.toString());
    Path more = write("more-films.tsv", rows.toString().replace("bad", "dull"));
    Path first = folder.resolve("films.safetensors");
    Path second = folder.resolve("more-films.safetensors");
    assertThat(train("regress", "" + data, first, "--units 3").err()).contains("RMSE");
    var tuned = train("regress", "" + more, second, "--dropout 0.1 --from " + first);
    assertThat(tuned.status()).as(tuned.err()).isZero();
    assertThat(Session.ok("verify", "" + second, "" + more, "--from", "" + first).out())
        .contains("the same bits");
    assertThat(Tasks.open(second).size()).isGreaterThan(Tasks.open(first).size());
  }

  @Test
  void newFilesAreReadAsThoseOfTheModelWere() throws IOException {
    var rows = new StringBuilder("value,text,Körper,Note\n");
    for (int i = 0; i < 40; i++) {
      rows.append("x,y,").append(i % 2 == 0 ? "gut " : "übel ").append(i % 5);
      rows.append(',').append(i % 2 + i % 3).append('\n');
    }
    Path data = folder.resolve("noten.csv");
    Files.write(data, rows.toString().getBytes(Charset.forName("windows-1252")));
    Path first = folder.resolve("noten.safetensors");
    Path second = folder.resolve("noten-2.safetensors");
    String named = "--units 3 --text Körper --value Note --encoding windows-1252";
    assertThat(train("regress", "" + data, first, named).status()).isZero();
    var tuned = train("regress", "" + data, second, "--from " + first);
    assertThat(tuned.status()).as(tuned.err()).isZero();
    var kept = Tasks.open(second).provenance();
    assertThat(List.of(kept.text("encoding"), kept.text("textColumn"), kept.text("valueColumn")))
        .containsExactly("windows-1252", "Körper", "Note");
    assertThat(Session.ok("verify", "" + second, "" + data, "--from", "" + first).out())
        .contains("the same bits");
  }

  @Test
  void passagesAreThoseOfTheModel() throws IOException {
    Path book = write("book.txt", "The cat sat on\nthe mat. It ran\naway.\n\n".repeat(30));
    Path first = folder.resolve("book.safetensors");
    Path second = folder.resolve("book-2.safetensors");
    assertThat(train("lm", "" + book, first, "--units 3 --split-sentences").status()).isZero();
    var tuned = train("lm", "" + book, second, "--from " + first);
    assertThat(tuned.status()).as(tuned.err()).isZero();
    assertThat(Tasks.open(second).provenance().text("passages")).isEqualTo("sentences");
    assertThat(Session.ok("verify", "" + second, "" + book, "--from", "" + first).out())
        .contains("the same bits");
  }

  @Test
  void newWordsAndLabelsAreAddedAndOldOnesKeepTheirNumbers() throws IOException {
    var more = new StringBuilder("label\ttext\n");
    for (int i = 0; i < 30; i++) {
      more.append(i % 2 == 0 ? "space\trocket moon rocket\n" : "sport\tball goal ball\n");
    }
    Path out = folder.resolve("space.safetensors");
    String from = model("classify-one");
    var trained =
        train("classify", "" + write("space.tsv", more.toString()), out, "--from " + from);
    assertThat(trained.status()).as(trained.err()).isZero();
    Classifier first = Classifier.open(Path.of(from));
    Classifier second = Classifier.open(out);
    assertThat(second.labels()).startsWith(first.labels().toArray(String[]::new)).contains("space");
    assertThat(second.lexicon().hasSeen("rocket")).isTrue();
    for (int id = 0; id < first.lexicon().size(); id++) {
      assertThat(second.lexicon().token(id)).isEqualTo(first.lexicon().token(id));
    }
  }

  @Test
  void tagsOfAnotherSchemeAreReadAsTheModelLearnedThem() throws IOException {
    String sentences = "Anna N U-PER\nsings V O\n\nJohn N B-PER\nSmith N L-PER\nsings V O\n\n";
    Path ended = write("ended.txt", sentences.repeat(20));
    Path out = folder.resolve("ended.safetensors");
    var trained = train("tag", ended.toString(), out, "--from " + model("tag-crf"));
    assertThat(trained.status()).as(trained.err()).isZero();
    assertThat(Tagger.open(out).labelNames().names())
        .isEqualTo(Tagger.open(Path.of(model("tag-crf"))).labelNames().names());
  }

  @Test
  void frozenLayersStayAndOthersUnfreeze() {
    Path out = folder.resolve("frozen.safetensors");
    String from = model("lm-characters");
    var trained =
        train(
            "lm",
            compat("data/text.txt"),
            out,
            "--from "
                + from
                + " --freeze embedding,layers.0 --layer-rates layers.1=0.5"
                + " --unfreeze-after layers.1=1");
    assertThat(trained.status()).as(trained.err()).isZero();
    var first = LanguageModel.open(Path.of(from));
    var second = LanguageModel.open(out);
    float[] before = first.parameters();
    float[] after = second.parameters();
    int changed = 0;
    for (Slice slice : first.slices()) {
      boolean frozen = slice.name().startsWith("embedding") || slice.name().startsWith("layers.0");
      for (int i = slice.offset(); i < slice.offset() + slice.size(); i++) {
        changed += before[i] == after[i] ? 0 : 1;
        assertThat(frozen && before[i] != after[i]).as(slice.name()).isFalse();
      }
    }
    assertThat(changed).isPositive();
    assertThat(second.provenance().option("layer rates")).asString().contains("layers.1 × 0.5");
    String text = compat("data/text.txt");
    assertThat(Session.ok("verify", "" + out, text, "--from", from).out())
        .contains("the same bits");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "lm-words|text.txt|--units 7|--units is 7, but it is 6 in",
        "lm-words|text.txt|--cell gru|--cell is gru, but it is lstm in",
        "lm-words|text.txt|--tied|--tied is yes, but it is no in",
        "lm-words|text.txt|--unit characters|--unit is characters, but it is words in",
        "lm-words|names.tsv|--given-column kind|the model reads none",
        "lm-label|text.txt|--unit characters|the model writes for labels",
        "lm-words|text.txt|--freeze nothing|the network has no layer nothing",
        "lm-words|text.txt|--freeze embedding --layer-rates embedding=2|embedding is frozen",
        "lm-words|text.txt|--freeze embedding,layers,head|all layers are frozen",
        "classify-one|topics.tsv|--direction forward|--direction is forward, but it is both in",
        "classify-one|topics.tsv|--spelling 3|--spelling is 3, but it is 0 in",
        "classify-one|topics.tsv|--several ,|--several is ,, but it is none in",
        "classify-one|topics.tsv|--vectors src/test/resources/compat/data/vectors.txt|vectors",
        "tag-words|words.conllu|--crf|--crf is yes, but it is no in",
        "transduce-plain|numbers.tsv|--attention additive|--attention is additive, but it is none",
        "recognize-numbers|signals.tsv|--source-unit words|is words, but it is numbers in",
        "forecast-mean|days.csv|--horizon 8|--horizon is 8, but it is 7 in",
        "forecast-mean|days.csv|--target visitors|--target is visitors, but it is sales in",
      })
  void whatContradictsTheModelIsRefused(
      String parent, String data, String options, String message) {
    String task = Tasks.open(Path.of(model(parent))).task().name();
    Path out = folder.resolve("refused.safetensors");
    var refused = train(task, compat("data/" + data), out, options + " --from " + model(parent));
    assertThat(refused.status()).as(refused.err()).isEqualTo(2);
    assertThat(refused.err()).contains(message);
    assertThat(out).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "models/classify-one.safetensors",
        "models/lm-words-int8.safetensors",
        "models/mixture.json",
        "models/ngram.arpa",
        "data/text.txt",
        "data/none.safetensors"
      })
  void whatIsNoModelToTrainFurtherIsRefused(String file) {
    Path out = folder.resolve("refused.safetensors");
    var refused = train("lm", compat("data/text.txt"), out, "--from " + compat(file));
    assertThat(refused.status()).as(refused.err()).isEqualTo(2);
    assertThat(refused.err()).contains(file.endsWith("int8.safetensors") ? "int8" : file);
    assertThat(out).doesNotExist();
  }

  @Test
  void aDamagedModelIsRefusedAndTheParentIsNotWrittenOver() throws IOException {
    byte[] bytes = Files.readAllBytes(Path.of(model("lm-words")));
    bytes[bytes.length - 1] ^= 1;
    Path damaged = Files.write(folder.resolve("damaged.safetensors"), bytes);
    Path out = folder.resolve("refused.safetensors");
    var refused = train("lm", compat("data/text.txt"), out, "--from " + damaged);
    assertThat(refused.status()).as(refused.err()).isEqualTo(2);
    assertThat(refused.err()).contains("damaged.safetensors");
    Path parent = Files.copy(Path.of(model("lm-words")), folder.resolve("parent.safetensors"));
    var over = train("lm", compat("data/text.txt"), parent, "--from " + parent);
    assertThat(over.status()).isEqualTo(2);
    assertThat(parent).hasSameBinaryContentAs(Path.of(model("lm-words")));
  }

  @Test
  void verifyNeedsTheParentAndNoOther() {
    Path out = folder.resolve("verified.safetensors");
    String text = compat("data/text.txt");
    assertThat(train("lm", text, out, "--from " + model("lm-words")).status()).isZero();
    var missing = Session.run("verify", "" + out, text);
    assertThat(missing.status()).isEqualTo(2);
    assertThat(missing.err()).contains("--from " + model("lm-words"), "add --from FILE");
    var other = Session.run("verify", "" + out, text, "--from", model("lm-min-lstm"));
    assertThat(other.status()).isEqualTo(2);
    assertThat(other.err()).contains("is not the model that its training began with");
    var data =
        Session.run("verify", "" + out, compat("data/test.txt"), "--from", model("lm-words"));
    assertThat(data.status()).isEqualTo(2);
    assertThat(data.err()).contains("this is not its training data");
  }

  @Test
  void aRunResumesToTheSameBitsFromItsOwnParentOnly() throws IOException, InterruptedException {
    String text = compat("data/text.txt");
    String from = model("lm-words");
    Path whole = folder.resolve("whole.safetensors");
    String options = "--seed=3 --checkpoint-every 2 --from ";
    assertThat(train("lm", text, whole, options + from).status()).isZero();
    Path out = folder.resolve("resumed.safetensors");
    Path run = folder.resolve("resumed.safetensors.run");
    stopped(text, out, options + from);
    assertThat(run).isDirectory();
    var none = train("lm", text, out, "--resume --min-count 1 --units 6 --seed=3");
    assertThat(none.status()).as(none.err()).isEqualTo(2);
    assertThat(none.err()).contains("from is nothing now, but was sha256");
    var other = train("lm", text, out, options + model("old-words") + " --resume");
    assertThat(other.status()).as(other.err()).isEqualTo(2);
    assertThat(other.err()).contains("when the run began");
    var resumed = train("lm", text, out, options + from + " --resume");
    assertThat(resumed.status()).as(resumed.err()).isZero();
    assertThat(out).hasSameBinaryContentAs(whole);
  }

  /** Trains until a checkpoint is there, and stops as by Ctrl-C. */
  private static void stopped(String text, Path out, String options) throws InterruptedException {
    var training = new Thread(() -> train("lm", text, out, options));
    Path run = out.resolveSibling(out.getFileName() + ".run");
    training.start();
    while (training.isAlive() && !hasCheckpoint(run)) {
      Thread.onSpinWait();
    }
    training.interrupt();
    training.join();
  }

  private static boolean hasCheckpoint(Path run) {
    String[] names = run.toFile().list();
    return names != null && Arrays.stream(names).anyMatch(name -> name.endsWith(".safetensors"));
  }
}
