package dev.unroll.interop.onnx.op;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroll.base.Workers;
import dev.unroll.interop.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Every operator beside ONNX Runtime, or beside what is written by hand where that lacks a type.
 */
class OperatorsTest {

  static final List<OperatorCase> CASES = cases();

  private static List<OperatorCase> cases() {
    var all = new ArrayList<OperatorCase>();
    all.addAll(UnaryCases.all());
    all.addAll(BinaryCases.all());
    all.addAll(LayoutCases.all());
    all.addAll(PieceCases.all());
    all.addAll(SequenceCases.all());
    all.addAll(SelectionCases.all());
    all.addAll(ReductionCases.all());
    all.addAll(ProductCases.all());
    all.addAll(WindowCases.all());
    all.addAll(NormalizationCases.all());
    all.addAll(QuantizationCases.all());
    all.addAll(OddCases.all());
    return all;
  }

  @TestFactory
  Stream<DynamicTest> agrees() {
    var byName = new TreeMap<String, List<OperatorCase>>();
    CASES.forEach(each -> byName.computeIfAbsent(each.name(), x -> new ArrayList<>()).add(each));
    return byName.entrySet().stream()
        .map(
            named ->
                DynamicTest.dynamicTest(
                    named.getKey() + " in " + named.getValue().size() + " cases",
                    () ->
                        assertThat(named.getValue().stream().flatMap(OperatorsTest::failures))
                            .isEmpty()));
  }

  private static Stream<String> failures(OperatorCase each) {
    try {
      List<Tensor> truth = each.truth();
      List<Tensor> found = each.answer();
      List<Tensor> ahead = each.preparedAnswer(Workers.single());
      for (int i = 0; i < truth.size(); i++) {
        assertSame("output " + i, truth.get(i), found.get(i), each.tolerance());
        assertSame("prepared, output " + i, truth.get(i), ahead.get(i), each.tolerance());
      }
      return Stream.empty();
    } catch (IllegalStateException | IllegalArgumentException | AssertionError e) {
      return Stream.of(each + ": " + e.getMessage());
    }
  }

  @Test
  void threadsChangeNoBit() {
    try (var two = new Workers(2)) {
      for (OperatorCase each : CASES) {
        assertThat(each.preparedAnswer(two))
            .as(each.toString())
            .isEqualTo(each.preparedAnswer(Workers.single()));
      }
    }
  }

  static void assertSame(String what, Tensor truth, Tensor found, double tolerance) {
    assertThat(found.toString()).as(what).isEqualTo(truth.toString());
    if (!truth.type().isFloating()) {
      assertThat(found).as(what).isEqualTo(truth);
      return;
    }
    double bound = truth.elements() instanceof double[] ? tolerance * 1e-6 : tolerance;
    double[] wanted = truth.doubles();
    double[] got = found.doubles();
    for (int i = 0; i < wanted.length; i++) {
      boolean same =
          Double.compare(wanted[i], got[i]) == 0
              || Math.abs(wanted[i] - got[i]) <= bound * Math.max(1, Math.abs(wanted[i]));
      assertThat(same).as("%s, element %s is %s, not %s", what, i, got[i], wanted[i]).isTrue();
    }
  }

  /** An operator, and each of its meanings, is in some case. */
  @Test
  void everyMeaningIsCompared() {
    var compared = new TreeSet<String>();
    for (OperatorCase each : CASES) {
      Operators.STANDARD.all().stream()
          .filter(form -> form.domain().equals(each.domain()) && form.name().equals(each.name()))
          .filter(form -> form.since() <= each.opset())
          .reduce((first, second) -> second)
          .ifPresent(form -> compared.add(form.name() + " " + form.since()));
    }
    assertThat(Operators.STANDARD.all().stream().map(form -> form.name() + " " + form.since()))
        .filteredOn(form -> !compared.contains(form))
        .isEmpty();
  }
}
