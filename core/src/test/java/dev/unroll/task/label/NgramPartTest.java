package dev.unroll.task.label;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.unroll.base.InputException;
import dev.unroll.base.PoolingKind;
import dev.unroll.base.Precision;
import dev.unroll.base.Workers;
import dev.unroll.data.LabeledSequence;
import dev.unroll.data.NumberLexicon;
import dev.unroll.data.Provenance;
import dev.unroll.kernel.CounterRandom;
import dev.unroll.model.Classifier;
import dev.unroll.network.Network;
import dev.unroll.result.LabelMeasure;
import dev.unroll.store.ModelFile;
import dev.unroll.store.WarmStart;
import dev.unroll.task.Kills;
import dev.unroll.task.RunOutput;
import dev.unroll.train.Training;
import dev.unroll.train.TrainingListener;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A classifier with n-grams against the product of both in double precision. */
class NgramPartTest {

  @TempDir Path folder;

  private static final NumberLexicon TOKENS = new NumberLexicon(9);
  private static final List<String> LABELS = List.of("A", "B", "C");
  private static final int ORDER = 2;

  /** Ragged texts; the tokens of each label are others, some of them. */
  private static List<LabeledSequence> texts(int count, int seed) {
    var random = CounterRandom.of(seed, CounterRandom.Purpose.SAMPLING, 4);
    var texts = new ArrayList<LabeledSequence>();
    for (int i = 0; i < count; i++) {
      int label = (int) random.below(3 * i, 3);
      int length = (int) random.below(3 * i + 1, 7);
      var tokens = new ArrayList<String>();
      for (int t = 0; t < length; t++) {
        long any = random.below(10_000 + 10 * i + t, 100);
        tokens.add(String.valueOf(any < 40 ? 2 + label : 2 + any % 7));
      }
      texts.add(new LabeledSequence(tokens, List.of(LABELS.get(label))));
    }
    return texts;
  }

  private static LabelRun run(int order, List<List<LabeledSequence>> parts) {
    return run(new LabelRun.Counting(order, List.of()), parts, 1, RunOutput.NOTHING);
  }

  private static LabelRun run(
      LabelRun.Counting counting,
      List<List<LabeledSequence>> parts,
      int threads,
      RunOutput output) {
    var labels = new Labels(LABELS, List.of(), List.of(), Map.of());
    var whole = new LabelSpec.PerSequence(LABELS.size(), PoolingKind.MAX, false);
    var spec = new LabelSpec(Network.gru(3), null, whole);
    var task = new LabelTask(TOKENS, labels, spec, TokenVectors.NONE);
    var goal = new LabelRun.Goal(LabelMeasure.ACCURACY, List.of(), false, counting);
    var training = Training.defaults().withEpochs(2).withThreads(threads);
    return new LabelRun(task, parts, goal, training, output);
  }

  private static final List<List<LabeledSequence>> PARTS = List.of(texts(300, 1), texts(200, 2));

  private static ModelFile<LabelFields> trained(int order) {
    return run(order, PARTS).run(TrainingListener.NONE);
  }

  /** A text that no network reads, as only counts have to know its token. */
  private static final LabeledSequence NEW = new LabeledSequence(List.of("new"), List.of("A"));

  /** The validation part and another text. */
  private static final List<LabeledSequence> MORE =
      Stream.concat(PARTS.get(1).stream(), Stream.of(NEW)).toList();

  private static final LabelRun.Counting REFIT = new LabelRun.Counting(ORDER, MORE);

  private static LabelRun refit(RunOutput output) {
    return run(REFIT, PARTS, 1, output);
  }

  /** n-grams as lists, so that nothing depends on how they are written. */
  private static List<List<String>> ngrams(List<String> tokens) {
    var padded = new ArrayList<>(tokens);
    padded.addFirst("");
    padded.add("");
    var found = new ArrayList<List<String>>();
    for (int n = 1; n <= ORDER; n++) {
      for (int i = 0; i + n <= padded.size(); i++) {
        found.add(List.copyOf(padded.subList(i, i + n)));
      }
    }
    return found;
  }

  /** What speaks for each label, added up in the order of the text. */
  private static double[] scores(NgramWeights learned, List<String> tokens) {
    var rows = new HashMap<List<String>, double[]>();
    List<String> texts = learned.ngrams().texts();
    for (int number = 0; number < texts.size(); number++) {
      rows.put(List.of(texts.get(number).split("\u001f", -1)), learned.weights()[number]);
    }
    double[] scores = learned.priors().clone();
    for (List<String> ngram : ngrams(tokens)) {
      double[] row = rows.getOrDefault(ngram, new double[LABELS.size()]);
      for (int label = 0; label < scores.length; label++) {
        scores[label] += row[label];
      }
    }
    return scores;
  }

  @Test
  void probabilitiesAreThoseOfTheProduct() {
    assertProduct(trained(ORDER), PARTS.getFirst());
  }

  @Test
  void afterTheValidationPartHasDecidedItIsCountedToo() {
    ModelFile<LabelFields> file = refit(RunOutput.NOTHING).run(TrainingListener.NONE);
    assertProduct(file, Stream.concat(PARTS.getFirst().stream(), MORE.stream()).toList());
    assertThat(file.fields().ngrams().texts()).contains("new");
    Provenance chosen = trained(ORDER).provenance();
    assertThat(file.provenance().validationLoss()).isEqualTo(chosen.validationLoss());
    assertThat(file.provenance().validationMeasure()).isEqualTo(chosen.validationMeasure());
    assertThat(file.provenance().run()).isNotEqualTo(chosen.run());
    var said = new LinkedHashMap<Object, Object>(file.provenance().part(NgramPart.NAME));
    assertThat(said.remove("counted")).isEqualTo("training and validation data");
    assertThat(said.remove("validationAccuracy")).isEqualTo(chosen.validationMeasure());
    assertThat(said).isEqualTo(chosen.part(NgramPart.NAME));
  }

  /** Of more texts than are counted a sample would be, which may be smaller than one of the two. */
  @Test
  void manyTextsAreNotCountedAgain() {
    var lengthy = new LabeledSequence(Collections.nCopies(1_000_000, "2"), List.of("A"));
    var counting = new LabelRun.Counting(ORDER, List.of(lengthy));
    var file = run(counting, PARTS, 1, RunOutput.NOTHING).run(TrainingListener.NONE);
    assertThat(file.parameters()).isEqualTo(trained(ORDER).parameters());
    assertThat(file.provenance().part(NgramPart.NAME).keySet())
        .isEqualTo(trained(ORDER).provenance().part(NgramPart.NAME).keySet());
  }

  @Test
  void theBitsDoNotDependOnThreads() {
    var one = refit(RunOutput.NOTHING).run(TrainingListener.NONE);
    var three = run(REFIT, PARTS, 3, RunOutput.NOTHING).run(TrainingListener.NONE);
    assertThat(three.parameters()).isEqualTo(one.parameters());
  }

  @Test
  void aRunThatIsKilledEndsWithTheSameBytes() {
    Kills.assertSameBytes(folder, NgramPartTest::refit);
  }

  @Test
  void aRunThatIsStoppedHasTheSameParts() {
    Kills.assertSameParts(folder, NgramPartTest::refit, NgramPart.NAME);
  }

  private static void assertProduct(ModelFile<LabelFields> file, List<LabeledSequence> counted) {
    var alone = new LabelInference(trained(0));
    assertThat(file.provenance().json()).containsKey(NgramPart.NAME);
    var said = file.provenance().part(NgramPart.NAME);
    double a = (double) said.get("networkExponent");
    double b = (double) said.get("exponent");
    assertThat(b).isPositive();
    var both = new Classifier(file);
    NgramWeights learned = NgramRegression.of(counted, ORDER, LABELS);
    for (LabeledSequence text : texts(60, 3)) {
      float[] network = alone.probabilities(List.of(text), Workers.single()).getFirst()[0];
      double[] ngrams = scores(learned, text.tokens());
      double[] wanted = new double[network.length];
      double sum = 0;
      for (int label = 0; label < wanted.length; label++) {
        wanted[label] = Math.exp(a * Math.log(network[label]) + b * ngrams[label]);
        sum += wanted[label];
      }
      var found = both.classify(String.join(" ", text.tokens()));
      for (int label = 0; label < wanted.length; label++) {
        assertThat(found.probability(LABELS.get(label)))
            .as("%s of %s", LABELS.get(label), text.tokens())
            .isCloseTo(wanted[label] / sum, within(2e-6));
      }
    }
  }

  @Test
  void theModelSaysWhatItReachesWithIt() {
    Provenance alone = trained(0).provenance();
    ModelFile<LabelFields> file = trained(ORDER);
    var report = new Classifier(file).evaluate(PARTS.get(1), Workers.single());
    Provenance both = file.provenance();
    assertThat(both.validationLoss()).isLessThan(alone.validationLoss());
    assertThat(both.validationLoss()).isCloseTo(report.crossEntropy(), within(1e-6));
    assertThat(both.validationMeasure()).isEqualTo(report.score().accuracy());
    assertThat(both.run()).isNotEqualTo(alone.run());
  }

  @Test
  void itIsKeptInTheFile() {
    var model = new Classifier(trained(ORDER));
    var out = new ByteArrayOutputStream();
    model.save(out);
    var read = Classifier.open(new ByteArrayInputStream(out.toByteArray()));
    assertThat(read.classify("2 3 4 2")).isEqualTo(model.classify("2 3 4 2"));
    assertThat(read.classify("")).isEqualTo(model.classify(""));
    assertThat(read.summary()).containsKey("n-grams").isEqualTo(model.summary());
    var rounded = model.withPrecision(Precision.INT8).classify("2 3 4 2");
    var plain = model.classify("2 3 4 2");
    for (String label : LABELS) {
      assertThat(rounded.probability(label)).isCloseTo(plain.probability(label), within(0.05));
    }
  }

  @Test
  void textsHaveTheSameBitsInAnyBatch() {
    var model = new Classifier(trained(ORDER));
    var texts = texts(40, 5).stream().map(each -> String.join(" ", each.tokens())).toList();
    var together = model.classify(texts, Workers.single());
    for (int i = 0; i < texts.size(); i++) {
      assertThat(model.classify(texts.get(i))).isEqualTo(together.get(i));
    }
  }

  @Test
  void anotherTrainingBeginsWithoutTheCounts() {
    ModelFile<LabelFields> file = trained(ORDER);
    var model = new Classifier(file);
    var names = new HashSet<String>();
    model.file().fields().trained().forEach(slice -> names.add(slice.name()));
    assertThat(names).doesNotContain(LabelNetwork.NGRAMS).contains("head.weight");
    assertThat(model.trainedSize()).isEqualTo(trained(0).parameters().length);
    var options =
        Training.defaults().withEpochs(1).withThreads(1).withStart(WarmStart.from(model.file()));
    var again = run(0, PARTS);
    var goal = new LabelRun.Goal(LabelMeasure.ACCURACY, List.of(), false);
    var further = new LabelRun(again.task(), PARTS, goal, options, RunOutput.NOTHING);
    assertThat(further.run(TrainingListener.NONE).fields().ngrams().size()).isZero();
  }

  /** A label that only the validation part has is as unlikely as the least likely one. */
  @Test
  void aLabelWithoutTextsToLearnFromIsUnlikely() {
    var training = PARTS.getFirst().stream().filter(each -> !each.labels().contains("C")).toList();
    var file = run(ORDER, List.of(training, PARTS.get(1))).run(TrainingListener.NONE);
    var found = new Classifier(file).classify("2 3 4");
    assertThat(found.probabilities().values()).allSatisfy(p -> assertThat(p).isBetween(0.0, 1.0));
  }

  private static void assertRefused(Ngrams lie, String problem) {
    ModelFile<LabelFields> file = trained(ORDER);
    LabelFields fields = file.fields();
    var lying = new LabelFields(fields.network(), fields.lexicon(), fields.labels(), lie);
    var out = new ByteArrayOutputStream();
    new Classifier(file.withFields(lying)).save(out);
    assertThatThrownBy(() -> Classifier.open(new ByteArrayInputStream(out.toByteArray())))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(problem);
  }

  @Test
  void aFileWithOtherNgramsThanItsNetworkHasIsRefused() {
    Ngrams own = trained(ORDER).fields().ngrams();
    assertRefused(new Ngrams(21, own.texts()), "ngrams.order is 21, not in 1 to 20");
    var fewer = own.texts().subList(1, own.size());
    assertRefused(new Ngrams(2, fewer), "but the network has " + own.size());
    var twice = new ArrayList<>(fewer);
    twice.add(fewer.getFirst());
    assertRefused(new Ngrams(2, twice), "is there twice");
  }
}
