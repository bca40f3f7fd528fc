package dev.unroll.bench.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withinPercentage;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.unroll.bench.contender.Case;
import dev.unroll.bench.contender.Cell;
import dev.unroll.bench.contender.Contender;
import dev.unroll.bench.contender.Form;
import dev.unroll.bench.contender.Task;
import dev.unroll.bench.contender.TaskCase;
import dev.unroll.bench.contender.Work;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

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

  /** What Unroll computes, whose networks are compared with references in double precision. */
  private static List<Arguments> tasks() {
    return List.of(
        arguments(
            Work.TRAIN,
            Task.CLASSIFY,
            new double[] {
              1.81457738,
              1.81271863,
              0.331168829,
              2.83743959,
              1.09429830,
              1.02194464,
              0.367845564,
              0.156220648,
              0.688475786,
              0.274039558,
              0.142346590
            }),
        arguments(
            Work.TRAIN,
            Task.TAG,
            new double[] {
              2.29194199, 2.28934838, 0.225860379, 0.235398187, 1.13447503, 0.0674700106,
              1.91835034, 0.481305388, 0.926765969, 0.0982933612, 0.118566077, 0.556172068,
              0.0526530292, 0.114781682
            }),
        arguments(
            Work.TRAIN,
            Task.TRANSDUCE,
            new double[] {
              7.65808050, 7.65786198, 0.0180037630, 0.0183408833, 6.90278800e-4, 0.452150139,
              0.0302237732, 0.240364209, 0.0841463730, 0.0606659679, 0.0331333041, 0.200746804,
              0.0212221188, 0.0593319705, 0.223910725, 0.0218944838, 0.0482208209, 1.07851358,
              0.355411295
            }),
        arguments(Work.FORWARD, Task.CLASSIFY, new double[] {9.82095676, 9.44597238}),
        arguments(Work.FORWARD, Task.TAG, new double[] {426.202333, 604.547765}),
        arguments(Work.FORWARD, Task.TRANSDUCE, new double[] {-32.6342938, 150.719984}));
  }

  @ParameterizedTest
  @MethodSource("tasks")
  void networksOfTasksAreUnrolls(Work work, Task task, double[] expected) {
    for (Form form : Form.values()) {
      agree(new TaskCase(work, task, 4, form), expected);
    }
  }

  private void agree(TaskCase work, double[] expected) {
    try (Contender.Prepared prepared = pytorch.prepare(work)) {
      double[] numbers = prepared.numbers();
      assertThat(numbers).hasSameSizeAs(expected);
      for (int i = 0; i < expected.length; i++) {
        assertThat(numbers[i])
            .as("number %d of %s", i, work)
            .isCloseTo(expected[i], withinPercentage(PERCENT));
      }
      prepared.run();
    }
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
