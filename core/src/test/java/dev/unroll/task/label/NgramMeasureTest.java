package dev.unroll.task.label;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroll.base.PoolingKind;
import dev.unroll.base.Workers;
import dev.unroll.data.LabeledSequence;
import dev.unroll.data.NumberLexicon;
import dev.unroll.data.Provenance;
import dev.unroll.kernel.Slice;
import dev.unroll.model.Classifier;
import dev.unroll.network.Cells;
import dev.unroll.network.Network;
import dev.unroll.result.LabelMeasure;
import dev.unroll.result.LabelScore;
import dev.unroll.store.ModelFile;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * N-grams are added where the measure that chose the network does not fall, whatever becomes of the
 * other one. Texts have a single token, 2, 3 or 4, and a label, A or B; of each token a pair says
 * how many texts have either.
 */
class NgramMeasureTest {

  private static final int TOKENS = 5;
  private static final List<String> LABELS = List.of("A", "B");

  /** Token 2 is of B and 4 of A; 3 is a bit more often of B. */
  private static final List<LabeledSequence> TRAINING =
      texts(new int[][] {{5, 45}, {45, 50}, {50, 5}});

  private static List<LabeledSequence> texts(int[][] counts) {
    var texts = new ArrayList<LabeledSequence>();
    for (int token = 0; token < counts.length; token++) {
      for (int label = 0; label < LABELS.size(); label++) {
        var text =
            new LabeledSequence(List.of(Integer.toString(2 + token)), List.of(LABELS.get(label)));
        texts.addAll(Collections.nCopies(counts[token][label], text));
      }
    }
    return texts;
  }

  private static final LabelTask TASK =
      new LabelTask(
          new NumberLexicon(TOKENS),
          new Labels(LABELS, List.of(), List.of(), Map.of()),
          new LabelSpec(
              Network.of(Cells.RNN_RELU, TOKENS).withEmbedding(TOKENS),
              null,
              new LabelSpec.PerSequence(LABELS.size(), PoolingKind.MAX, false)),
          TokenVectors.NONE);

  /** A network that scores A of a text by its token, and B by 0; its layer copies the token. */
  private static float[] scoring(double... scores) {
    LabelNetwork network = TASK.build();
    float[] parameters = new float[network.size()];
    for (Slice slice : network.slices()) {
      if (slice.name().endsWith("embedding.weight") || slice.name().endsWith("input.weight")) {
        for (int i = 0; i < TOKENS; i++) {
          parameters[slice.offset() + i * slice.columns() + i] = 1;
        }
      }
      for (int token = 0; slice.name().equals("head.weight") && token < scores.length; token++) {
        parameters[slice.offset() + 2 + token] = (float) scores[token];
      }
    }
    return parameters;
  }

  /** A network, the texts that validate it, and the texts whose n-grams are added. */
  private record Case(
      List<LabeledSequence> training, float[] parameters, List<LabeledSequence> validation) {

    /** What the network gets by itself. */
    LabelScore alone() {
      return score(file(Provenance.NONE));
    }

    /** What it gets with n-grams, which lower its loss. */
    LabelScore together() {
      return score(added(file(Provenance.NONE), LabelMeasure.LOSS, true));
    }

    private ModelFile<LabelFields> file(Provenance provenance) {
      var fields = new LabelFields(TASK.build(), TASK.lexicon(), TASK.labels());
      return new ModelFile<>(fields, parameters, provenance);
    }

    private LabelScore score(ModelFile<LabelFields> file) {
      return new Classifier(file).evaluate(validation, Workers.single()).score();
    }

    private double loss(ModelFile<LabelFields> file) {
      return new Classifier(file).evaluate(validation, Workers.single()).crossEntropy();
    }

    private ModelFile<LabelFields> added(
        ModelFile<LabelFields> file, LabelMeasure measure, boolean strict) {
      return new NgramPart(training, List.of(), 1, LABELS)
          .addedTo(
              file,
              validation,
              LabelMeasures.judge(measure, validation, TASK, strict),
              Workers.single());
    }

    /** Returns whether n-grams are added to the network that a measure has chosen. */
    boolean adds(LabelMeasure measure, boolean strict) {
      double own = measure == LabelMeasure.ACCURACY ? alone().accuracy() : alone().macroF1();
      ModelFile<LabelFields> file = file(new Provenance(Map.of("validationMeasure", own)));
      ModelFile<LabelFields> found = added(file, measure, strict);
      assertThat(added(file(Provenance.NONE), measure, strict).parameters())
          .as("where a run that was resumed does not know the measure")
          .isEqualTo(found.parameters());
      if (found == file) {
        return false;
      }
      assertThat(found.fields().ngrams().size()).isPositive();
      assertThat(found.provenance().validationLoss()).isLessThan(loss(file));
      return true;
    }
  }

  private static Case of(float[] parameters, int[][] validation) {
    return new Case(TRAINING, parameters, texts(validation));
  }

  /** A network that knows nothing says A, which is right of most. */
  private static final float[] OF_MOST = scoring(0.002, 0.002, 0.002);

  @Test
  void whatHelpsBothIsAdded() {
    Case both = of(OF_MOST, new int[][] {{0, 50}, {20, 20}, {50, 0}});
    assertThat(both.together().accuracy()).isGreaterThan(both.alone().accuracy() + 0.1);
    assertThat(both.together().macroF1()).isGreaterThan(both.alone().macroF1() + 0.1);
    assertThat(both.adds(LabelMeasure.ACCURACY, true)).isTrue();
    assertThat(both.adds(LabelMeasure.MACRO_F1, true)).isTrue();
  }

  /** All texts of the token 3 become B, of which most are A; but B is found at all. */
  @Test
  void whatLowersAccuracyIsAddedForMacroF1Only() {
    Case rare = of(OF_MOST, new int[][] {{0, 10}, {130, 70}, {60, 0}});
    assertThat(rare.alone().accuracy()).isEqualTo(190 / 270.0);
    assertThat(rare.together().accuracy()).isEqualTo(140 / 270.0);
    assertThat(rare.together().macroF1()).isGreaterThan(rare.alone().macroF1());
    assertThat(rare.adds(LabelMeasure.ACCURACY, false)).isFalse();
    assertThat(rare.adds(LabelMeasure.MACRO_F1, false)).isTrue();
  }

  /** All texts become A, as most are, and B is found no more. */
  @Test
  void whatLowersMacroF1IsAddedForAccuracyOnly() {
    var training = texts(new int[][] {{5, 65}, {60, 40}, {50, 10}});
    var validation = texts(new int[][] {{0, 0}, {120, 30}, {300, 0}});
    var common = new Case(training, scoring(0, -0.002, 1), validation);
    assertThat(common.alone().accuracy()).isEqualTo(330 / 450.0);
    assertThat(common.together().accuracy()).isEqualTo(420 / 450.0);
    assertThat(common.together().macroF1()).isLessThan(common.alone().macroF1() - 0.05);
    assertThat(common.adds(LabelMeasure.ACCURACY, false)).isTrue();
    assertThat(common.adds(LabelMeasure.MACRO_F1, false)).isFalse();
  }

  /** Four of 262 texts are less than the standard error of accuracy, 3 percent. */
  @Test
  void aFallWithinItsErrorCountsWhereTheMeasureIsStrict() {
    Case close = of(OF_MOST, new int[][] {{0, 2}, {103, 97}, {60, 0}});
    assertThat(close.alone().accuracy()).isEqualTo(163 / 262.0);
    assertThat(close.together().accuracy()).isEqualTo(159 / 262.0);
    assertThat(close.adds(LabelMeasure.ACCURACY, false)).isTrue();
    assertThat(close.adds(LabelMeasure.ACCURACY, true)).isFalse();
  }
}
