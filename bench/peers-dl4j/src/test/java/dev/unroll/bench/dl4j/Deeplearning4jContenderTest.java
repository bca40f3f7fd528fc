package dev.unroll.bench.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.unroll.bench.contender.Case;
import dev.unroll.bench.contender.Cell;
import dev.unroll.bench.contender.Contender;
import dev.unroll.bench.contender.Numbers;
import dev.unroll.bench.contender.Numbers.Kind;
import dev.unroll.bench.contender.Work;
import java.util.Arrays;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.Test;

/** Compares Deeplearning4j with plain double-precision loops and central differences. */
class Deeplearning4jContenderTest {

  private static final int UNITS = 8;
  private static final int VOCABULARY = 11;

  private final Contender contender = new Deeplearning4jContender();

  @Test
  void layerAndItsGradientsAreThoseOfTheReference() {
    Case work = bare(Work.TRAIN, 5, 3);
    double[] x = inputs(work);
    ReferenceLstm lstm = lstm(work);
    double[] y = lstm.forward(x, work.batch());
    DoubleSupplier sum = () -> Doubles.checkSum(lstm.forward(x, work.batch()));
    agrees(
        work,
        Doubles.checkSum(y),
        Doubles.norm(y),
        Doubles.norm(Doubles.gradient(x, sum)),
        Doubles.norm(Doubles.gradient(lstm.input(), sum)),
        Doubles.norm(Doubles.gradient(lstm.recurrent(), sum)),
        Doubles.norm(Doubles.gradient(lstm.bias(), sum)));
  }

  @Test
  void layerForwardIsThatOfTheReference() {
    Case work = bare(Work.FORWARD, 5, 3);
    double[] y = lstm(work).forward(inputs(work), work.batch());
    agrees(work, Doubles.checkSum(y), Doubles.norm(y));
  }

  @Test
  void streamedStepsAreThoseOfTheSequence() {
    Case work = bare(Work.STREAM, 1, 1);
    double[] y = lstm(work).forward(inputs(bare(Work.FORWARD, 3, 1)), 1);
    double[] last = Arrays.copyOfRange(y, 2 * UNITS, 3 * UNITS);
    agrees(work, Doubles.checkSum(last), Doubles.norm(last));
  }

  @Test
  void languageModelLearnsAsTheReference() {
    Case work = new Case(Work.TRAIN, Cell.LSTM, 2, 5, 3, UNITS, VOCABULARY);
    int[] targets = Numbers.tokens(Kind.TARGET_TOKEN, 15, VOCABULARY);
    var model = new ReferenceLanguageModel(work, Numbers.tokens(Kind.INPUT_TOKEN, 15, VOCABULARY));
    double[] losses = new double[3];
    for (int i = 0; i < losses.length; i++) {
      losses[i] = model.loss(targets);
      model.update(targets);
    }
    agrees(work, losses);
    agrees(new Case(Work.FORWARD, Cell.LSTM, 2, 5, 3, UNITS, VOCABULARY), losses[0]);
  }

  @Test
  void streamedLogitsAreThoseOfTheSequence() {
    Case work = new Case(Work.STREAM, Cell.LSTM, 2, 1, 1, UNITS, VOCABULARY);
    var model = new ReferenceLanguageModel(work, Numbers.tokens(Kind.INPUT_TOKEN, 3, VOCABULARY));
    double[] logits = model.logits();
    double[] last = Arrays.copyOfRange(logits, 2 * VOCABULARY, 3 * VOCABULARY);
    agrees(work, Doubles.checkSum(last), Doubles.norm(last));
  }

  @Test
  void hasNoGru() {
    assertThatThrownBy(() -> contender.prepare(Case.parse("TRAIN GRU 1 5 3 8 0")))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessage("Deeplearning4j has no GRU layer");
  }

  @Test
  void bearsTheVersionOfItsArtifact() {
    assertThat(contender.name()).matches("Deeplearning4j 1\\.0\\.0-M\\d.*");
  }

  private void agrees(Case work, double... expected) {
    try (Contender.Prepared prepared = contender.prepare(work)) {
      double[] found = prepared.numbers();
      prepared.run();
      assertThat(found).hasSameSizeAs(expected);
      for (int i = 0; i < expected.length; i++) {
        assertThat(found[i])
            .as("number %d of %s", i, work.toLine())
            .isEqualTo(expected[i], within(1e-5 * Math.max(1, Math.abs(expected[i]))));
      }
    }
  }

  private static Case bare(Work work, int steps, int batch) {
    return new Case(work, Cell.LSTM, 1, steps, batch, UNITS, 0);
  }

  private static double[] inputs(Case work) {
    int count = work.steps() * work.batch() * work.units();
    return Doubles.of(Numbers.uniform(Kind.INPUT, 0, count, 1));
  }

  private static ReferenceLstm lstm(Case work) {
    return new ReferenceLstm(
        work.units(),
        Doubles.of(Numbers.parameters(Kind.INPUT_WEIGHT, 0, work)),
        Doubles.of(Numbers.parameters(Kind.RECURRENT_WEIGHT, 0, work)),
        Doubles.of(Numbers.parameters(Kind.BIAS, 0, work)));
  }
}
