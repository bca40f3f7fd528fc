package dev.unroll.task.transduce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.unroll.base.AttentionKind;
import dev.unroll.base.Cancellation;
import dev.unroll.base.Precision;
import dev.unroll.base.Workers;
import dev.unroll.data.Pair;
import dev.unroll.data.Tokenizer;
import dev.unroll.file.Json;
import dev.unroll.measure.TextErrors;
import dev.unroll.model.Transducer;
import dev.unroll.network.Network;
import dev.unroll.result.Decoding;
import dev.unroll.store.ModelFile;
import dev.unroll.store.WarmStart;
import dev.unroll.task.Kills;
import dev.unroll.task.RunOutput;
import dev.unroll.task.transduce.TransducerRun.Counting;
import dev.unroll.train.TinyText;
import dev.unroll.train.Training;
import dev.unroll.train.TrainingListener;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An encoder-decoder that is trained too little, with what was counted in its pairs beside it. */
class CountedPartTest {

  @TempDir Path folder;

  /** Words whose letters become others, one of them two and one none. */
  private static List<Pair> words(int count, long seed) {
    var random = new Random(seed);
    var pairs = new ArrayList<Pair>();
    for (int i = 0; i < count; i++) {
      var source = new StringBuilder();
      var target = new StringBuilder();
      for (int length = 2 + random.nextInt(5); length > 0; length--) {
        int letter = random.nextInt(8);
        source.append((char) ('a' + letter));
        target.append(letter == 0 ? "uv" : letter == 1 ? "" : "" + (char) ('j' + letter));
      }
      pairs.add(new Pair(source.toString(), target.toString()));
    }
    return pairs;
  }

  /** Sentences whose words become longer ones, too long to be cut into pieces. */
  private static List<Pair> sentences(int count, long seed) {
    var random = new Random(seed);
    var words = List.of("a", "bo", "to", "in", "he", "me", "no", "so");
    var longer =
        List.of("einerlei", "bodenlos", "hinaufzu", "darinnen", "ihmselbst", "michauch", "neinnie");
    var pairs = new ArrayList<Pair>();
    for (int i = 0; i < count; i++) {
      var source = new ArrayList<String>();
      var target = new ArrayList<String>();
      for (int length = 2 + random.nextInt(4); length > 0; length--) {
        int word = random.nextInt(7);
        source.add(words.get(word));
        target.add(longer.get(word));
      }
      pairs.add(new Pair(String.join(" ", source), String.join(" ", target)));
    }
    return pairs;
  }

  private static final Training OPTIONS =
      Training.defaults().withEpochs(2).withBatch(8, 30).withThreads(1);

  private static TransducerRun run(
      List<Pair> pairs, Counting counting, Training options, RunOutput output) {
    var network = Network.lstm(6);
    var spec = new TransducerSpec(network, network, AttentionKind.MULTIPLICATIVE, true);
    var fields = TransducerFields.of(spec, TinyText.LETTERS, TinyText.LETTERS);
    var goal = TransducerRun.Goal.LOSS.withCounting(counting);
    return new TransducerRun(fields, Pair.cut(pairs, 0.2), goal, options, output);
  }

  private static TransducerRun run(List<Pair> pairs, Counting counting) {
    return run(pairs, counting, OPTIONS, RunOutput.NOTHING);
  }

  private static ModelFile<TransducerFields> train(List<Pair> pairs, Counting counting) {
    return run(pairs, counting).run(TrainingListener.NONE);
  }

  private static final List<Pair> WORDS = words(150, 1);
  private static final List<Pair> SENTENCES = sentences(120, 1);
  private static final ModelFile<TransducerFields> FILE = train(WORDS, Counting.ALL);
  private static final Transducer MODEL = new Transducer(FILE);
  private static final Transducer DICTIONARY = new Transducer(train(SENTENCES, Counting.ALL));

  private static double errorRate(Transducer model, List<Pair> pairs, Decoding how) {
    var found = model.transduce(pairs.stream().map(Pair::source).toList(), how);
    return TextErrors.of(
            found.stream().map(Transducer.Transduction::text).toList(),
            pairs.stream().map(pair -> List.of(pair.target())).toList(),
            model.target()::cut)
        .tokenRate();
  }

  @Test
  void jointNgramsWriteWhatTheNetworkHasNotLearned() {
    assertThat(MODEL.summary().get("counted").toString()).startsWith("joint n-grams: ");
    for (Decoding how : List.of(Decoding.GREEDY, Decoding.BEAM)) {
      assertThat(errorRate(MODEL, words(100, 2), how)).isLessThan(0.02);
      assertThat(errorRate(MODEL.withoutCounts(), words(100, 2), how)).isGreaterThan(0.5);
    }
  }

  @Test
  void aDictionaryDoesWhereTargetsAreLong() {
    assertThat(DICTIONARY.summary().get("counted").toString()).startsWith("dictionary: ");
    assertThat(errorRate(DICTIONARY, sentences(50, 2), Decoding.BEAM)).isLessThan(0.02);
    assertThat(DICTIONARY.transduce("a, zzz-b!").text()).startsWith("einerlei, zzz-b!");
    assertThat(DICTIONARY.transduce("").text()).isNotNull();
    assertThat(DICTIONARY.transduce("?? .").outputs()).isNotEmpty();
    String lengthy = "b-".repeat(50_000); // a pattern that goes back would take a stack of them
    var drafts =
        DictionaryWriter.of(TinyText.LETTERS, TinyText.LETTERS, SENTENCES).read(lengthy, 1);
    assertThat(drafts.best().getFirst().text()).isEqualTo(lengthy);
  }

  @Test
  void aDictionaryReadsLettersAsTheTokenizersDo() {
    var pairs = List.of(new Pair("The cat", "Die Katze"), new Pair("the Dog", "die Hunde"));
    Tokenizer lower =
        (Tokenizer)
            Proxy.newProxyInstance(
                Tokenizer.class.getClassLoader(),
                new Class<?>[] {Tokenizer.class},
                (proxy, method, given) ->
                    method.getName().equals("spelled")
                        ? given[0].toString().toLowerCase(Locale.ROOT)
                        : method.invoke(TinyText.LETTERS, given));
    assertThat(DictionaryWriter.of(lower, lower, pairs).read("THE Dog", 1).best().getFirst().text())
        .isEqualTo("die hunde");
    assertThat(
            DictionaryWriter.of(TinyText.LETTERS, TinyText.LETTERS, pairs)
                .read("THE Dog", 1)
                .best()
                .getFirst()
                .text())
        .startsWith("THE ");
  }

  @Test
  void scoresAreTheMeanOfWhatBothSay() {
    CountedPart part = FILE.fields().counted();
    Transducer alone = MODEL.withoutCounts();
    var how = Decoding.beam(4);
    for (Pair pair : words(10, 3)) {
      var drafts = part.writer().read(pair.source(), 4);
      double before = Double.POSITIVE_INFINITY;
      for (var output : MODEL.transduce(List.of(pair.source()), how, Workers.single()).getFirst()) {
        int[] ids = MODEL.target().encode(output.text());
        double network =
            -alone.crossEntropy(List.of(new Pair(pair.source(), output.text())), Workers.single());
        assertThat(output.logProbability()).isCloseTo(network * (ids.length + 1), within(1e-4));
        double counted = drafts.score().applyAsDouble(new CountedWriter.Draft(ids, null));
        double penalty = Math.pow((5.0 + ids.length + 1) / 6, how.lengthPower());
        double score =
            (1 - part.weight()) * output.logProbability() / penalty + part.weight() * counted;
        assertThat(output.score()).isCloseTo(score, within(1e-9)).isLessThanOrEqualTo(before);
        before = output.score();
      }
    }
  }

  /** The network, its loss and its choice are those of a run that counts nothing. */
  @Test
  void theNetworkIsTheSame() {
    ModelFile<TransducerFields> alone = train(WORDS, Counting.NONE);
    assertThat(FILE.parameters()).isEqualTo(alone.parameters());
    assertThat(alone.fields().counted()).isNull();
    assertThat(alone.provenance().part(CountedChoice.NAME)).isEmpty();
    assertThat(FILE.provenance().validationLoss()).isEqualTo(alone.provenance().validationLoss());
    assertThat(FILE.provenance().run()).isNotEqualTo(alone.provenance().run());
    assertThat(MODEL.withoutCounts().transduce("abc"))
        .isEqualTo(new Transducer(alone).transduce("abc"));
    assertThat(MODEL.withoutCounts().provenance().part(CountedChoice.NAME)).isEmpty();
    assertThat(MODEL.withoutCounts().provenance().validationLoss())
        .isEqualTo(alone.provenance().validationLoss());
    assertThat(MODEL.withoutCounts().withoutCounts().hasCounts()).isFalse();
  }

  @Test
  void afterTheValidationPartHasDecidedItIsCountedToo() {
    ModelFile<TransducerFields> chosen = train(WORDS, Counting.TRAINING);
    TransducerRun run = run(WORDS, Counting.ALL);
    assertThat(run.chosen(FILE).fields().toJson()).isEqualTo(chosen.fields().toJson());
    assertThat(MODEL.chosenBy(run).summary()).isEqualTo(new Transducer(chosen).summary());
    var all = new ArrayList<>(run.training());
    all.addAll(run.validation());
    CountedPart part = FILE.fields().counted();
    assertThat(part.writer().toJson())
        .isEqualTo(PieceWriter.of(TinyText.LETTERS, TinyText.LETTERS, all).toJson());
    assertThat(part.weight()).isEqualTo(chosen.fields().counted().weight());
    var said = new LinkedHashMap<Object, Object>(FILE.provenance().part(CountedChoice.NAME));
    assertThat(said.remove("counted")).isEqualTo("training and validation data");
    assertThat(said).isEqualTo(chosen.provenance().part(CountedChoice.NAME));
    assertThat((double) said.get("errorRate")).isLessThan((double) said.get("errorRateOfNetwork"));
  }

  @Test
  void pairsThatAreTooManyAreNotCounted() {
    var lengthy = Collections.nCopies(200_000, new Pair("abcdefgh", "abcdefgh"));
    assertThat(PieceWriter.of(TinyText.LETTERS, TinyText.LETTERS, lengthy)).isNull();
    var many = new ArrayList<Pair>();
    for (int i = 0; i < 1_000; i++) {
      many.add(new Pair("a ".repeat(400), "b"));
    }
    assertThat(DictionaryWriter.of(TinyText.LETTERS, TinyText.LETTERS, many)).isNull();
    assertThat(
            DictionaryWriter.of(TinyText.LETTERS, TinyText.LETTERS, List.of(new Pair("..", "!!"))))
        .isNull();
  }

  @Test
  void theBitsDoNotDependOnThreads() {
    var three =
        run(WORDS, Counting.ALL, OPTIONS.withThreads(3), RunOutput.NOTHING)
            .run(TrainingListener.NONE);
    assertThat(Json.write(three.fields().toJson())).isEqualTo(Json.write(FILE.fields().toJson()));
    assertThat(three.provenance().part(CountedChoice.NAME))
        .isEqualTo(FILE.provenance().part(CountedChoice.NAME));
    var sources = words(80, 4).stream().map(Pair::source).toList();
    try (var workers = new Workers(3)) {
      var together = MODEL.transduce(sources, Decoding.BEAM, workers);
      for (int i = 0; i < sources.size(); i++) {
        assertThat(together.get(i)).isEqualTo(MODEL.transduce(sources.get(i)).outputs());
      }
    }
  }

  @Test
  void aRunThatIsKilledEndsWithTheSameBytes() {
    Kills.assertSameBytes(folder, output -> run(WORDS, Counting.ALL, OPTIONS, output));
  }

  @Test
  void aRunThatIsStoppedHasTheSameParts() {
    Kills.assertSameParts(
        folder, output -> run(WORDS, Counting.ALL, OPTIONS, output), CountedChoice.NAME);
  }

  @Test
  void itIsKeptInTheFileAndWhereWeightsAreRounded() {
    for (Transducer model : List.of(MODEL, DICTIONARY)) {
      var out = new ByteArrayOutputStream();
      model.save(out);
      var read = Transducer.open(new ByteArrayInputStream(out.toByteArray()));
      assertThat(read.transduce("a bo")).isEqualTo(model.transduce("a bo"));
      assertThat(read.summary()).isEqualTo(model.summary());
      assertThat(read.fingerprint())
          .isEqualTo(model.fingerprint())
          .isNotEqualTo(model.withoutCounts().fingerprint());
      assertThat(model.withPrecision(Precision.INT8).summary().get("counted"))
          .isEqualTo(model.summary().get("counted"));
    }
  }

  /** A model that is trained further counts the new pairs only. */
  @Test
  void aNewTrainingCountsAnew() {
    var options = OPTIONS.withStart(WarmStart.from(MODEL.file()));
    var none = run(WORDS, Counting.NONE, options, RunOutput.NOTHING);
    assertThat(none.run(TrainingListener.NONE).fields().counted()).isNull();
    TransducerRun further = run(words(120, 9), Counting.TRAINING, options, RunOutput.NOTHING);
    assertThat(further.run(TrainingListener.NONE).fields().counted().writer().toJson())
        .isEqualTo(PieceWriter.of(TinyText.LETTERS, TinyText.LETTERS, further.training()).toJson());
  }

  @Test
  void anEnsembleIsComparedByTheMeanOfItsParts() {
    Transducer alone = MODEL.withoutCounts();
    var sources = List.of("abcd", "hgf");
    var with =
        Transducer.transduce(List.of(MODEL, MODEL), sources, Decoding.BEAM, Workers.single());
    for (int i = 0; i < sources.size(); i++) {
      assertThat(with.get(i).getFirst().text()).isEqualTo(MODEL.transduce(sources.get(i)).text());
    }
    var one = Transducer.transduce(List.of(MODEL, alone), sources, Decoding.BEAM, Workers.single());
    var other =
        Transducer.transduce(List.of(alone, MODEL), sources, Decoding.BEAM, Workers.single());
    assertThat(one).isEqualTo(other);
  }

  @Test
  void attentionIsThatOfTheNetwork() {
    var how = Decoding.BEAM.withAttention();
    for (Transducer model : List.of(MODEL, DICTIONARY)) {
      for (var output : model.transduce(List.of("a bo"), how, Workers.single()).getFirst()) {
        assertThat(output.attention()).hasSameSizeAs(output.tokens());
        output
            .attention()
            .forEach(
                row ->
                    assertThat(row.stream().mapToDouble(each -> each).sum())
                        .isCloseTo(1, within(1e-5)));
      }
    }
  }

  /** A server gives up at its deadline, in the middle of a source. */
  @Test
  void whoeverWaitsForItMayGiveUp() {
    CountedWriter writer = FILE.fields().counted().writer();
    var asked = new AtomicInteger();
    assertThatThrownBy(
            () ->
                Cancellation.until(
                    () -> asked.incrementAndGet() > 5, () -> writer.read("abcdefgh", 1)))
        .isInstanceOf(CancellationException.class);
  }

  @Test
  void targetsAreNoLongerThanTheyMayBe() {
    var how = Decoding.BEAM.withLongest(3);
    for (var output : MODEL.transduce(List.of("aaaa"), how, Workers.single()).getFirst()) {
      assertThat(output.tokens()).hasSizeLessThanOrEqualTo(3);
    }
  }
}
