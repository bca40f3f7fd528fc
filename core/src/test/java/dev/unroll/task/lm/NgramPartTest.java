package dev.unroll.task.lm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.unroll.base.InputException;
import dev.unroll.base.Precision;
import dev.unroll.base.Workers;
import dev.unroll.batch.BackwardStream;
import dev.unroll.batch.ConditionedStream;
import dev.unroll.data.Condition;
import dev.unroll.data.Provenance;
import dev.unroll.data.Reading;
import dev.unroll.kernel.Softmax;
import dev.unroll.model.DynamicModel;
import dev.unroll.model.LanguageBatch;
import dev.unroll.model.LanguageModel;
import dev.unroll.model.StateBytes;
import dev.unroll.model.StreamState;
import dev.unroll.network.Network;
import dev.unroll.network.NetworkState;
import dev.unroll.ngram.NgramCounts;
import dev.unroll.ngram.NgramTable;
import dev.unroll.result.SentenceScore;
import dev.unroll.store.ModelFile;
import dev.unroll.task.Kills;
import dev.unroll.train.TinyText;
import dev.unroll.train.Training;
import dev.unroll.train.TrainingListener;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A language model with n-grams beside its network: all that uses it agrees, and it is kept. */
class NgramPartTest {

  @TempDir Path folder;

  private static final TinyText TEXT = TinyText.sample();
  private static final int TOKENS = TinyText.LETTERS.size();

  private static LanguageModelRun run(Reading reading, int order) {
    var options = Training.defaults().withEpochs(2).withBatch(4, 30).withReading(reading);
    return LanguageModelRun.of(TEXT, 0.2, Network.lstm(8), options).withNgrams(order);
  }

  private static ModelFile<LanguageModelFields> train(Reading reading, int order) {
    return run(reading, order).run(TrainingListener.NONE);
  }

  private static final ModelFile<LanguageModelFields> FILE = train(Reading.SENTENCES, 4);
  private static final LanguageModel MODEL = new LanguageModel(FILE);
  private static final LanguageModel STREAM = new LanguageModel(train(Reading.STREAM, 5));

  private static List<String> lines() {
    var lines = new ArrayList<>(List.of("", "a", "the cat sat on the mat", "zzz ??", "she slept"));
    lines.add("the dog ran ".repeat(50));
    return lines;
  }

  private static int[] ids(SentenceScore score) {
    return score.ids().stream().mapToInt(Integer::intValue).toArray();
  }

  private static double score(float[] logits, int id) {
    return logits[id] - Softmax.logSumExp(logits, 0, logits.length);
  }

  @Test
  void probabilitiesAreThoseOfTheMixture() {
    NgramMixture ngrams = FILE.fields().network().ngrams();
    assertThat(ngrams).isNotNull();
    var said = FILE.provenance().part(NgramPart.NAME);
    assertThat(said.get("weight")).isEqualTo(ngrams.weight());
    assertThat(ngrams.weight()).isBetween(0.05, 0.999);
    LanguageModel network = MODEL.withoutNgrams();
    for (String line : lines()) {
      int[] history = ngrams.table().begin(1);
      int before = -1;
      var alone = network.score(line).logProbabilities();
      SentenceScore both = MODEL.score(line);
      for (int t = 0; t < both.ids().size(); t++) {
        ngrams.table().read(before, history, 0);
        float[] own = new float[TOKENS];
        ngrams.table().add(1, history, 0, own, 0);
        int id = both.ids().get(t);
        double wanted = (1 - ngrams.weight()) * Math.exp(alone.get(t)) + ngrams.weight() * own[id];
        assertThat(both.logProbabilities().get(t)).isCloseTo(Math.log(wanted), within(3e-6));
        before = id;
      }
    }
  }

  @Test
  void allDoorsGiveTheSameBits() {
    for (LanguageModel model : List.of(MODEL, STREAM, STREAM.withPrecision(Precision.INT8))) {
      assertThat(model.network().ngrams()).isNotNull();
      List<SentenceScore> together;
      try (var workers = new Workers(3)) {
        together = model.scoreWithRanks(lines(), workers);
      }
      var batch = new LanguageBatch(model);
      for (SentenceScore each : together) {
        var alone = model.score(model.tokenizer().decode(ids(each)).replace("\n", ""));
        assertThat(each.logProbabilities()).isEqualTo(alone.logProbabilities());
        var stream = model.stream();
        NetworkState state = model.start();
        float[] logits = new float[TOKENS];
        for (int t = 0; t < each.ids().size(); t++) {
          double wanted = each.logProbabilities().get(t);
          int id = each.ids().get(t);
          model.logits(state, logits);
          assertThat(score(logits, id)).isEqualTo(wanted);
          assertThat(each.ranks().get(t)).isEqualTo(Softmax.rank(logits, 0, TOKENS, id));
          var states = List.of(model.start(), state);
          assertThat(score(batch.logits(states)[1], id)).isEqualTo(wanted);
          assertThat(score(stream.logits(), id)).isEqualTo(wanted);
          state = batch.step(states, 5, id).get(1);
          assertThat(state.history()).isEqualTo(model.step(states.get(1), id).history());
          stream.read(id);
        }
      }
    }
  }

  /** A stream is read part by part, and its sentences begin anew for the n-grams. */
  @Test
  void aTextIsEvaluatedAsItIsRead() {
    for (LanguageModel model : List.of(MODEL, STREAM)) {
      var read = new ArrayList<Double>();
      model.read(TEXT, Workers.single(), (id, score) -> read.add(score));
      var stream = model.stream();
      for (int t = 0; t < TEXT.size(); t++) {
        boolean first = t > 0 && TEXT.id(t - 1) == 1 && model.reading() == Reading.SENTENCES;
        stream = first ? model.stream() : stream;
        assertThat(read.get(t)).isEqualTo(score(stream.logits(), TEXT.id(t)));
        stream.read(TEXT.id(t));
      }
    }
  }

  @Test
  void statesAreKeptWithWhatWasReadLast() {
    var stream = STREAM.stream();
    for (int id : STREAM.tokenizer().encode("the cat")) {
      stream.read(id);
    }
    float[] wanted = stream.logits().clone();
    byte[] bytes = StateBytes.write(new StreamState.OfTokens(7, stream.state()), "m");
    stream.read(9); // the state that was kept does not change
    var kept = (StreamState.OfTokens) StateBytes.read(bytes, "m");
    for (var other : List.of(stream, STREAM.stream())) {
      other.restore(kept.state());
      assertThat(other.logits()).isEqualTo(wanted);
      other.read(9);
    }
    for (int i = 0; i < bytes.length; i++) {
      byte[] cut = Arrays.copyOf(bytes, i);
      assertThatThrownBy(() -> StateBytes.read(cut, "m")).isInstanceOf(InputException.class);
    }
    NetworkState state = kept.state();
    for (int[] history : List.of(new int[0], new int[] {2, 3}, new int[] {1, 2, 3, TOKENS})) {
      assertThatThrownBy(() -> STREAM.stream().restore(state.withHistory(history)))
          .hasMessageContaining("other n-grams");
    }
    assertThatThrownBy(() -> STREAM.withoutNgrams().stream().restore(state))
        .hasMessageContaining("other n-grams");
  }

  @Test
  void theModelSaysWhatItReachesWithThem() {
    var run = run(Reading.SENTENCES, 4);
    ModelFile<LanguageModelFields> alone = train(Reading.SENTENCES, 0);
    assertThat(FILE.parameters()).isEqualTo(alone.parameters());
    assertThat(alone.fields().network().ngrams()).isNull();
    Provenance both = FILE.provenance();
    assertThat(both.validationLoss()).isLessThan(alone.provenance().validationLoss() - 0.05);
    var chosen = MODEL.chosenBy(run);
    assertThat(both.validationLoss())
        .isCloseTo(
            chosen.evaluate(run.validation(), Workers.single()).crossEntropy(), within(1e-9));
    assertThat(both.run()).isEqualTo(run.fingerprint()).isNotEqualTo(alone.provenance().run());
    assertThat(MODEL.summary().get("n-grams").toString()).contains(" of 4 tokens, weight 0.");
  }

  private static LanguageModelRun ofTwoTexts(Training options) {
    var cut = run(options.reading(), 4);
    return new LanguageModelRun(cut.training(), cut.validation(), Network.lstm(8), options)
        .withNgrams(4);
  }

  @Test
  void afterTheValidationPartHasDecidedItIsCountedToo() {
    ModelFile<LanguageModelFields> chosen =
        ofTwoTexts(run(Reading.SENTENCES, 4).options()).run(TrainingListener.NONE);
    assertThat(FILE.parameters()).isEqualTo(chosen.parameters());
    NgramMixture own = chosen.fields().network().ngrams();
    NgramMixture both = FILE.fields().network().ngrams();
    assertThat(both.weight()).isEqualTo(own.weight());
    assertThat(own.table().counts().toJson())
        .isEqualTo(NgramCounts.of(run(Reading.SENTENCES, 4).training(), 4).toJson());
    assertThat(both.table().counts().toJson()).isEqualTo(NgramCounts.of(TEXT, 4).toJson());
    assertThat(FILE.provenance().validationLoss()).isEqualTo(chosen.provenance().validationLoss());
    var said = new LinkedHashMap<Object, Object>(FILE.provenance().part(NgramPart.NAME));
    assertThat(said.remove("counted")).isEqualTo("training and validation data");
    assertThat(said).isEqualTo(chosen.provenance().part(NgramPart.NAME));
    assertThat(run(Reading.SENTENCES, 4).chosen(FILE).fields().toJson())
        .isEqualTo(chosen.fields().toJson());
  }

  @Test
  void aLongTextIsNotCountedAgain() {
    var run = ofTwoTexts(run(Reading.SENTENCES, 4).options());
    var lengthy = new TinyText(List.of("abc ".repeat(80_000)));
    var part = new NgramPart(run.training(), run.validation(), lengthy, 4, run.options());
    var added = part.addedTo(train(Reading.SENTENCES, 0), Workers.single());
    var wanted = run.run(TrainingListener.NONE);
    assertThat(added.fields().toJson()).isEqualTo(wanted.fields().toJson());
    assertThat(added.provenance().part(NgramPart.NAME))
        .isEqualTo(wanted.provenance().part(NgramPart.NAME));
  }

  @Test
  void theBitsDoNotDependOnThreads() {
    var options = run(Reading.STREAM, 5).options().withThreads(3);
    var three = LanguageModelRun.of(TEXT, 0.2, Network.lstm(8), options).withNgrams(5);
    var found = three.run(TrainingListener.NONE);
    var one = train(Reading.STREAM, 5);
    assertThat(found.fields().toJson()).isEqualTo(one.fields().toJson());
    assertThat(found.provenance().validationLoss()).isEqualTo(one.provenance().validationLoss());
  }

  @ParameterizedTest
  @EnumSource(names = {"STREAM", "SENTENCES"})
  void aRunThatIsKilledEndsWithTheSameBytes(Reading reading) {
    Kills.assertSameBytes(folder, output -> run(reading, 4).withOutput(output));
  }

  @Test
  void aRunThatIsStoppedHasTheSameParts() {
    Kills.assertSameParts(
        folder, output -> run(Reading.SENTENCES, 4).withOutput(output), NgramPart.NAME);
  }

  @Test
  void theyAreKeptInTheFile() {
    var out = new ByteArrayOutputStream();
    MODEL.save(out);
    var read = LanguageModel.open(new ByteArrayInputStream(out.toByteArray()));
    assertThat(read.score("the bird")).isEqualTo(MODEL.score("the bird"));
    assertThat(read.summary()).isEqualTo(MODEL.summary());
    assertThat(MODEL.withoutNgrams().score("the bird")).isNotEqualTo(MODEL.score("the bird"));
  }

  /** The validation loss was measured with the n-grams, so the network alone does not record it. */
  @Test
  void theNetworkAloneDoesNotRecordTheLossOfTheMixture() {
    var both = MODEL.provenance().json();
    var alone = new LinkedHashMap<>(both);
    assertThat(alone.remove(NgramPart.NAME)).isNotNull();
    assertThat(alone.remove("validationLoss")).isNotNull();
    LanguageModel network = MODEL.withoutNgrams();
    assertThat(network.provenance().json()).isEqualTo(alone);
    assertThat(network.provenance().validationLoss()).isNaN();
    assertThat(network.withoutNgrams()).isSameAs(network);
  }

  @Test
  void aWeightThatIsNoneIsRefused() {
    NgramTable table = FILE.fields().network().ngrams().table();
    for (double weight : new double[] {0, -1, 1, 1.5}) {
      var out = new ByteArrayOutputStream();
      FILE.withFields(FILE.fields().withNgrams(new NgramMixture(table, weight))).write(out);
      assertThatThrownBy(() -> LanguageModel.open(new ByteArrayInputStream(out.toByteArray())))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("ngrams: weight is ");
    }
  }

  /** Of letters that never came n-grams know less than a network that is hardly taught. */
  @Test
  void whereTheyDoNotHelpTheyAreLeftOut() {
    var other = new TinyText(List.of("z".repeat(90), "q".repeat(90)));
    var options = Training.defaults().withEpochs(1).withBatch(4, 30);
    var file =
        new LanguageModelRun(TEXT, other, Network.lstm(8), options)
            .withNgrams(3)
            .run(TrainingListener.NONE);
    assertThat(file.fields().network().ngrams()).isNull();
    assertThat(file.provenance().json()).doesNotContainKey(NgramPart.NAME);
  }

  /** A gain has to be clear, and worth the place. */
  @Test
  void aGainIsMeasuredByItsError() {
    double[] network = new double[1000];
    double[] ngrams = new double[1000];
    Arrays.fill(network, 1);
    Arrays.fill(ngrams, 1 - Math.log(1.04));
    assertThat(NgramPart.helps(0.25, network, ngrams)).isTrue(); // log 1.01 of each token
    assertThat(NgramPart.helps(0.1, network, ngrams)).isFalse(); // log 1.004
    Arrays.fill(ngrams, 1 + Math.log(1.25));
    ngrams[0] = -30; // once
    assertThat(NgramPart.helps(0.1, network, ngrams)).isFalse();
  }

  @Test
  void aLongTextIsNotCounted() {
    var some = new TinyText(List.of("abc ".repeat(20_000), "abc ".repeat(60_000)));
    var options = Training.defaults();
    var few = new LanguageModelRun(some.part(0, 1), some.part(0, 1), Network.lstm(2), options);
    var many = new LanguageModelRun(some, some.part(0, 1), Network.lstm(2), options);
    assertThat(few.withNgrams(5).identity()).containsKey("n-grams");
    assertThat(many.withNgrams(5).identity()).isEqualTo(many.identity());
  }

  /** Else a text would be written with the tokens of all labels. */
  @Test
  void aTextThatIsWrittenForLabelsIsNotCounted() {
    var labels = Condition.ofLabels(List.of("A", "B"), Condition.Place.STEPS);
    var text = new ConditionedStream(TEXT, labels, new float[(int) TEXT.sentences()][2]);
    var options = Training.defaults().withReading(Reading.SENTENCES);
    var run = new LanguageModelRun(text, text.part(0, 4), Network.lstm(2), options);
    assertThat(run.withNgrams(5).identity()).isEqualTo(run.identity());
  }

  @Test
  void modelsThatReadBackwardAndThoseThatLearnOnHaveThem() {
    var options = Training.defaults().withEpochs(2).withBatch(4, 30).withReading(Reading.SENTENCES);
    var run =
        LanguageModelRun.of(new BackwardStream(TEXT), 0.2, Network.lstm(8), options).withNgrams(4);
    var backward = new LanguageModel(run.run(TrainingListener.NONE));
    assertThat(backward.network().ngrams()).isNotNull();
    assertThat(backward.score("the cat").total())
        .isGreaterThan(backward.withoutNgrams().score("the cat").total());
    var dynamic = DynamicModel.plain(STREAM, new DynamicModel.Options(1e-9, 0, 7));
    var read = new ArrayList<Double>();
    dynamic.read(TEXT, Workers.single(), (id, score) -> read.add(score));
    var own = new ArrayList<Double>();
    STREAM.read(TEXT, Workers.single(), (id, score) -> own.add(score));
    for (int t = 0; t < own.size(); t++) {
      assertThat(read.get(t)).isCloseTo(own.get(t), within(1e-4));
    }
  }

  /** Two tokens by hand: odds of 3 and of 1/2, and one pseudo-token for each side. */
  @Test
  void theWeightIsTheMostProbableOne() {
    double[] network = {Math.log(3), 0};
    double[] ngrams = {0, Math.log(2)};
    double weight = NgramPart.weight(network, ngrams);
    double best = Double.NEGATIVE_INFINITY;
    double at = 0;
    for (double w = 0.0005; w < 1; w += 0.001) {
      double value =
          Math.log(w) + Math.log(1 - w) + Math.log(1 - w + 3 * w) + Math.log(1 - w + w / 2);
      at = value > best ? w : at;
      best = Math.max(best, value);
    }
    assertThat(weight).isCloseTo(at, within(0.001));
  }
}
