package dev.unroll.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Input that cannot be used: a message that names it, status 2, no stack trace, nothing lost. */
class BadInputTest {

  @TempDir static Path shared;
  @TempDir Path folder;
  private static Path text;
  private static Path model;
  private Path out;

  @BeforeAll
  static void train() throws IOException {
    text = shared.resolve("text.txt");
    Files.write(text, Session.sentences(60));
    model = shared.resolve("m.safetensors");
    assertThat(trainOn(text, model).status()).isZero();
  }

  private static Session.Result trainOn(Path file, Path target, String... more) {
    var args =
        new java.util.ArrayList<>(List.of("lm", "train", file.toString(), "-o", target.toString()));
    args.addAll(List.of(more));
    for (var small :
        List.of(List.of("--units", "8"), List.of("--epochs", "1"), List.of("--min-count", "1"))) {
      if (!args.contains(small.get(0))) {
        args.addAll(small);
      }
    }
    return Session.run(args.toArray(String[]::new));
  }

  @BeforeEach
  void place() {
    out = folder.resolve("out.safetensors");
  }

  private void assertRefused(Session.Result result, String... parts) {
    assertThat(result.status()).as(result.err()).isEqualTo(2);
    assertThat(result.err()).contains(parts).doesNotContain("\tat ");
    assertThat(out).doesNotExist();
  }

  private Path file(String name, byte[] content) throws IOException {
    return Files.write(folder.resolve(name), content);
  }

  private Path file(String name, String content) throws IOException {
    return file(name, content.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void emptyFile() throws IOException {
    assertRefused(trainOn(file("empty.txt", ""), out), "empty.txt", "no text");
    assertRefused(trainOn(file("blank.txt", " \n\n"), out), "blank.txt", "no text");
  }

  @Test
  void oneLineAndOneWord() throws IOException {
    Path line = file("line.txt", "a line of words\n");
    assertRefused(trainOn(line, out, "--reading", "sentences"), "1 sentence", "more lines");
    assertRefused(trainOn(file("word.txt", "word"), out, "--unit", "words"), "1 sentence");
    Path one = file("one.txt", "a line of words\n");
    var given = trainOn(one, out, "--unit", "words", "--valid", text.toString());
    assertThat(given.status()).as(given.err()).isZero();
  }

  @Test
  void aLineOfTenMegabytes() throws IOException {
    Path file = file("long.txt", "ab cd ".repeat(1_666_000) + "\nshort line\n");
    var score = Session.run("lm", "score", model.toString(), file.toString(), "--json");
    assertThat(score.status()).as(score.err()).isZero();
    assertThat(score.out().lines()).hasSize(2);
    var result = trainOn(file, out, "--unit", "tokens", "--batch", "1024", "--steps", "500");
    assertThat(result.status()).as(result.err()).isZero();
  }

  @Test
  void binaryAndWrongEncoding() throws IOException {
    assertRefused(
        trainOn(file("bin.dat", new byte[] {'P', 'Q', 3, 4, 0, 0, 1}), out),
        "bin.dat:1",
        "zero byte");
    assertRefused(
        trainOn(file("book.xlsx", new byte[] {'P', 'K', 3, 4, 0, 0, 1}), out),
        "book.xlsx:1: this is a ZIP archive, or a document of Excel",
        "CSV");
    assertRefused(
        trainOn(file("latin.txt", "ok\ncaf\u00e9".getBytes(StandardCharsets.ISO_8859_1)), out),
        "latin.txt:2: not UTF-8: byte 0xE9 at offset 6",
        "iconv");
    assertRefused(
        trainOn(file("wide.txt", "text".getBytes(StandardCharsets.UTF_16LE)), out),
        "wide.txt:1",
        "iconv -f UTF-16LE -t UTF-8 <");
  }

  /** A run that was stopped before its end, as a kill leaves it. */
  private Path stoppedRun() throws IOException {
    Path run = folder.resolve("out.safetensors.run");
    Files.createDirectory(run);
    Files.writeString(run.resolve("step-0000000007.safetensors"), "not a checkpoint");
    return run;
  }

  @Test
  void aRunThatWasStoppedIsNotLostByMistake() throws IOException {
    Path run = stoppedRun();
    assertRefused(trainOn(text, out), run.toString(), "stopped after step 7", "--resume");
    Path metrics = file("metrics.jsonl", "{\"step\":1}\n");
    assertRefused(
        trainOn(text, out, "--resume", "--metrics", metrics.toString()),
        "step-0000000007",
        "not whole",
        "Delete it");
    assertThat(metrics).as("nothing is lost").hasContent("{\"step\":1}");
  }

  @Test
  void checkpointsThatCannotBeKept() throws IOException {
    Path file = file("taken", "text");
    assertRefused(trainOn(text, out, "--checkpoints", file.toString()), "taken", "is not a folder");
    assertRefused(trainOn(text, out, "--checkpoint-every", "soon"), "--checkpoint-every is soon");
    assertRefused(trainOn(text, out, "--checkpoint-every", "0", "--resume"), "no checkpoints");
  }

  @Test
  void filesOfOthersStay() throws IOException {
    Path own = Files.createDirectory(folder.resolve("own"));
    Path download = Files.writeString(own.resolve("download.part"), "mine");
    assertThat(trainOn(text, out, "--checkpoints", own.toString()).status()).isZero();
    assertThat(download).hasContent("mine");
    Files.delete(out);
    var held = file("held.txt", "the cat sat on the mat.\n").toString();
    assertRefused(
        Session.run("lm", "ngram", text.toString(), "-o", held, "--test", held),
        "is also an input");
    assertThat(folder.resolve("held.txt")).hasContent("the cat sat on the mat.");
  }

  @ParameterizedTest
  @CsvSource({
    "--nesterov, --optimizer adam, --nesterov does nothing with adam",
    "--optimizer nadam, --epochs 1, no optimizer is called nadam",
    "--schedule linear, --epochs 1, no schedule is called linear",
    "--label-smoothing 1, --epochs 1, label smoothing is 1",
    "--word-dropout 1, --epochs 1, word dropout is 1",
    "--random-steps, --reading sentences, random steps do nothing",
    "--reset-states 0.01, --reading sentences, reset states do nothing",
    "--reset-states 2, --epochs 1, reset-states is 2",
    "--cell gru, --zoneout-memory 0.1, --zoneout-memory does nothing with --cell gru",
    "--cell min-gru, --weight-dropout 0.1, --weight-dropout does nothing with --cell min-gru",
    "--units 8, --layer-dropout 0.1, --layer-dropout does nothing with one layer",
    "--units 8, --variational, --variational does nothing without dropout",
    "--cell gru, --projection 4, a projection of the cell gru",
    "--units 8, --projection 8, a projection of 8 units to 8",
    "--tied, --adaptive-softmax 5, an adaptive softmax cannot use the embedding's weights",
    "--epochs 1, --adaptive-softmax 9999, for more than the vocabulary's",
    "--find-rate, --warmup 5, --out does nothing with --find-rate"
  })
  void optionsThatMakeNoSense(String one, String other, String message) {
    var options = new java.util.ArrayList<>(List.of(one.split(" ")));
    options.addAll(List.of(other.split(" ")));
    assertRefused(trainOn(text, out, options.toArray(String[]::new)), message);
  }

  /** Text from standard input may not cost a file that has no ids in it. */
  @Test
  void anotherFileInThePlaceOfIds() throws IOException {
    Path notes = file("notes.txt", "dear diary, this is no file of ids but more than forty bytes");
    var before = Files.readAllBytes(notes);
    for (String from : List.of(text.toString(), "-")) {
      assertRefused(
          trainOn(Path.of(from), out, "--ids", notes.toString()), "notes.txt", "has no ids in it");
      assertThat(Files.readAllBytes(notes)).isEqualTo(before);
    }
  }

  @Test
  void missingFilesAndFolders() {
    assertRefused(trainOn(folder.resolve("none.txt"), out), "none.txt", "no such file");
    assertRefused(trainOn(text, folder.resolve("no/out.safetensors")), "a folder that exists");
    assertRefused(trainOn(text, folder), "nothing can be written there");
    assertRefused(
        Session.run("lm", "eval", folder.resolve("no.model").toString(), text.toString()),
        "no.model",
        "no such file");
    assertRefused(Session.run("info", folder.toString()), "folder");
  }

  @Test
  void aModelFileCutShortOrWithAChangedByte() throws IOException {
    byte[] good = Files.readAllBytes(model);
    Path cut = file("cut.safetensors", java.util.Arrays.copyOf(good, good.length - 100));
    assertRefused(Session.run("info", cut.toString()), "is not whole");
    good[good.length - 50] ^= 4;
    Path changed = file("changed.safetensors", good);
    assertRefused(
        Session.run("lm", "score", changed.toString(), text.toString()),
        "checksum",
        "Copy it again");
    assertRefused(Session.run("lm", "sample", text.toString()), "text.txt", "is not whole");
  }

  @Test
  void aVocabularyOfOne() throws IOException {
    assertRefused(trainOn(text, out, "--vocabulary", "1"), "a vocabulary of 1", "at least 3");
    Path same = file("same.txt", "a a a a\na a\na a a\na\n");
    var result = trainOn(same, out);
    assertThat(result.status()).as(result.err()).isZero();
    assertThat(Session.run("lm", "sample", out.toString()).status()).isZero();
  }

  @Test
  void aBatchLargerThanTheCorpusWorks() {
    var result = trainOn(text, out, "--batch", "5000");
    assertThat(result.status()).as(result.err()).isZero();
    var stream = trainOn(text, out, "--batch", "60000", "--reading", "stream");
    assertThat(stream.status()).as(stream.err()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "--dropout, 1.2, 'input dropout is 1.2'",
    "--dropout, -0.1, 'input dropout is -0.1'",
    "--units, 0, 'a layer of 0 units'",
    "--units, x, '--units'",
    "--rate, 0, 'learning rate is 0.0'",
    "--rate, NaN, «NaN» is not a finite number",
    "--rate, 1f, «1f» is not a finite number",
    "--rate, 0x1p-3, «0x1p-3» is not a finite number",
    "--rate, 1e400, «1e400» is not a finite number",
    "--rate, 1e-400, «1e-400» is not a finite number",
    "--rate, ٣, «٣» is not a finite number",
    "--rate, 1_000, «1_000» is not a finite number",
    "--epochs, ٣, «٣» is not a whole number",
    "--epochs, 99999999999, «99999999999» is not a whole number of up to 2147483647",
    "--seed, 1L, «1L» is not a whole number",
    "--epochs, 0, 'epochs is 0'",
    "--batch, -1, 'batch is -1'",
    "--steps, 0, 'steps is 0'",
    "--cell, transformer, 'no cell is called transformer'",
    "--optimizer, magic, 'no optimizer is called magic'",
    "--schedule, magic, 'no schedule is called magic'",
    "--unit, syllables, 'no unit of text is called syllables'",
    "--reading, upside-down, 'no way of reading'",
    "--threads, -2, '--threads is -2'",
    "--valid-share, 1, 'validation share is 1.0'",
    "--min-count, 1000, 'no token occurs 1000 times'",
    "--clip-norm, -1, the norm of clipping is -1.0",
    "--betas, 0.9, '--betas has 1 numbers'",
    "--no-such-option, 1, 'Unknown option'",
    "--vocabulary, 2, 'a vocabulary of 2'",
  })
  void impossibleOptions(String option, String value, String message) {
    assertRefused(trainOn(text, out, option, value), message);
  }

  @Test
  void optionsThatExcludeEachOther() {
    String m = model.toString();
    assertRefused(Session.run("lm", "sample", m, "--beam", "3", "--greedy"), "cannot be combined");
    assertRefused(Session.run("lm", "sample", m, "--greedy", "--count", "2"), "cannot be combined");
    assertRefused(
        Session.run("lm", "sample", m, "--beam", "2", "--count", "4"), "more than --beam 2");
    assertRefused(Session.run("lm", "sample", m, "--beam", "0"), "--count 1 is more than --beam 0");
    assertRefused(
        Session.run("lm", "sample", m, "--temperature", "1e-40"), "temperature is 1.0E-40");
    assertRefused(Session.run("lm", "sample", m, "--top-p", "0"), "top-p is 0.0");
    assertRefused(Session.run("lm", "score", m, text.toString(), "--base", "2"), "--base is 2");
    assertRefused(
        trainOn(text, out, "--tied", "--embedding", "5"), "tied weights with an embedding of 5");
  }

  @Test
  void aFileOfTheUsersIsNeverReplacedByAModel() throws IOException {
    byte[] before = Files.readAllBytes(text);
    var same = Session.run("lm", "train", text.toString(), "-o", text.toString());
    assertThat(same.status()).isEqualTo(2);
    assertThat(same.err()).contains("is also an input");
    Path notes = file("notes.txt", "mine");
    var other = Session.run("lm", "train", text.toString(), "-o", notes.toString());
    assertThat(other.status()).isEqualTo(2);
    assertThat(other.err()).contains("is not a model, so it will not be replaced");
    assertThat(other.err()).contains("--force");
    assertRefused(trainOn(text, out, "--metrics", text.toString()), "is also an input");
    assertRefused(Session.run("demo", text.toString(), "-o", notes.toString()), "not a model");
    assertThat(Files.readAllBytes(text)).isEqualTo(before);
    assertThat(Files.readString(notes)).isEqualTo("mine");
  }

  @Test
  void demoOfTextsThatAreTooSmall() throws IOException {
    assertRefused(Session.run("demo", file("e.txt", "").toString()), "e.txt", "too few");
    assertRefused(Session.run("demo", file("o.txt", "one line\n\n").toString()), "too few");
    var few = Session.run("demo", file("f.txt", "a b\na b\nb a\n\n").toString());
    assertThat(few.status()).as(few.err()).isZero();
  }

  @Test
  void optionsThatWouldDoNothing() {
    assertRefused(trainOn(text, out, "--momentum", "0.9"), "--momentum does nothing with adam");
    assertRefused(trainOn(text, out, "--decay", "0.7"), "--decay does nothing with cosine");
    assertRefused(trainOn(text, out, "--no-punctuation", "--unit", "tokens"), "cannot be combined");
    assertRefused(
        trainOn(text, out, "--valid", text.toString(), "--valid-share", "0.2"),
        "cannot be combined");
  }

  @Test
  void aBatchThatNoArrayCanHold() throws IOException {
    Path file = file("big.txt", "a b c d e f g h\n".repeat(60_000));
    assertRefused(
        trainOn(
            file,
            out,
            "--unit",
            "tokens",
            "--reading",
            "stream",
            "--batch",
            "60000",
            "--steps",
            "64",
            "--units",
            "9000",
            "--embedding",
            "8"),
        "60,000 × 64 × 9,000: more than one array can hold");
  }

  @Test
  void trainingThatDivergesFailsWithAdviceAndKeepsTheLastGoodModel() {
    var result =
        trainOn(
            text,
            out,
            "--cell",
            "rnn-relu",
            "--optimizer",
            "sgd",
            "--rate",
            "1000",
            "--momentum",
            "0.9",
            "--clip-norm",
            "0",
            "--dropout",
            "0",
            "--unit",
            "words",
            "--valid-share",
            "0.05",
            "--batch",
            "32",
            "--epochs",
            "200",
            "--validate-every",
            "1",
            "--patience",
            "0",
            "--schedule",
            "constant");
    assertThat(result.status()).isEqualTo(1);
    assertThat(result.err())
        .contains("diverged", "Lower the learning rate")
        .doesNotContain("\tat ");
    assertThat(Session.run("info", out.toString()).status()).isZero();
  }
}
