package dev.unroll.bench.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.unroll.bench.contender.Case;
import dev.unroll.bench.contender.Cell;
import dev.unroll.bench.contender.Contender;
import dev.unroll.bench.contender.Work;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Compares the results of both peers with {@link ReferenceCase} and with each other. */
class PeersTest {

  private static final double PERCENT = 0.01;

  private final Contender pytorch = PyTorchContender.withThreads(1);
  private final Contender onnx = new OnnxRuntimeContender(1);

  @ParameterizedTest
  @EnumSource
  void forwardFollowsTheEquations(Cell cell) {
    var work = new Case(Work.FORWARD, cell, 2, 5, 3, 16, 0);
    agree(work, new ReferenceCase(work).outputNumbers(), pytorch, onnx);
  }

  @ParameterizedTest
  @EnumSource
  void lossFollowsTheEquations(Cell cell) {
    var work = new Case(Work.FORWARD, cell, 2, 5, 3, 16, 50);
    agree(work, new ReferenceCase(work).losses(1), pytorch, onnx);
  }

  @ParameterizedTest
  @EnumSource
  void gradientsAreCentralDifferences(Cell cell) {
    var work = new Case(Work.TRAIN, cell, 2, 5, 3, 16, 0);
    var reference = new ReferenceCase(work);
    double[] expected = concat(reference.outputNumbers(), reference.gradientNorms());
    agree(work, expected, pytorch);
  }

  @ParameterizedTest
  @EnumSource
  void trainingRunsDoNotAddUp(Cell cell) {
    var work = new Case(Work.TRAIN, cell, 1, 5, 3, 16, 0);
    try (Contender.Prepared prepared = pytorch.prepare(work)) {
      double[] first = prepared.numbers();
      prepared.run();
      assertThat(prepared.numbers()).containsExactly(first);
    }
  }

  @ParameterizedTest
  @EnumSource
  void lossesFallAsUpdatesByCentralDifferencesSay(Cell cell) {
    var work = new Case(Work.TRAIN, cell, 2, 4, 3, 6, 9);
    agree(work, new ReferenceCase(work).losses(3), pytorch);
  }

  @ParameterizedTest
  @EnumSource
  void threeStepsOfAStreamAreASequence(Cell cell) {
    var sequence = new Case(Work.FORWARD, cell, 2, 3, 1, 16, 0);
    var stream = new Case(Work.STREAM, cell, 2, 1, 1, 16, 0);
    agree(stream, new ReferenceCase(sequence).lastOutputNumbers(), pytorch, onnx);
  }

  @ParameterizedTest
  @EnumSource
  void threeTokensOfAStreamAreASequence(Cell cell) {
    var sequence = new Case(Work.FORWARD, cell, 2, 3, 1, 16, 50);
    var stream = new Case(Work.STREAM, cell, 2, 1, 1, 16, 50);
    agree(stream, new ReferenceCase(sequence).lastLogitNumbers(), pytorch, onnx);
  }

  @Test
  void onnxRuntimeDoesNotTrain() {
    assertThatThrownBy(() -> onnx.prepare(new Case(Work.TRAIN, Cell.LSTM, 1, 2, 2, 4, 0)))
        .isInstanceOf(UnsupportedOperationException.class);
  }

  private static void agree(Case work, double[] expected, Contender... contenders) {
    for (Contender contender : contenders) {
      try (Contender.Prepared prepared = contender.prepare(work)) {
        double[] numbers = prepared.numbers();
        assertThat(numbers).as(contender.name()).hasSameSizeAs(expected);
        for (int i = 0; i < expected.length; i++) {
          assertThat(numbers[i])
              .as("number %d of %s, %s", i, contender.name(), work.toLine())
              .isCloseTo(expected[i], withinPercentage(PERCENT));
        }
        prepared.run();
      }
    }
  }

  private static double[] concat(double[] first, double[] second) {
    double[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }
}
