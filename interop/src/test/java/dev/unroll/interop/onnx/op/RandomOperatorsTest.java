package dev.unroll.interop.onnx.op;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroll.interop.tensor.ElementType;
import dev.unroll.interop.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Many small random calls of each operator beside ONNX Runtime. What that refuses, such as a type
 * that it has no kernel for, is not compared. {@code -Dunroll.random.cases=1000} runs more of them.
 */
class RandomOperatorsTest {

  private static final int CASES = Integer.getInteger("unroll.random.cases", 30);

  private static final long SEED = Long.getLong("unroll.random.seed", 1);

  @TestFactory
  Stream<DynamicTest> agrees() {
    var all = new TreeMap<String, Function<RandomShapes, OperatorCase>>();
    for (var some :
        List.of(RandomElementCases.all(), RandomLayoutCases.all(), RandomNumberCases.all())) {
      all.putAll(some);
    }
    return all.entrySet().stream()
        .map(
            each ->
                DynamicTest.dynamicTest(
                    each.getKey(), () -> compare(each.getKey(), each.getValue())));
  }

  private static void compare(String name, Function<RandomShapes, OperatorCase> cases) {
    var random = new RandomShapes(SEED + 31L * name.hashCode());
    var failures = new ArrayList<String>();
    int compared = 0;
    for (int i = 0; i < CASES; i++) {
      OperatorCase each = cases.apply(random);
      List<Tensor> truth;
      try {
        truth = each.truth();
      } catch (IllegalStateException e) { // it has no such kernel
        continue;
      }
      compared++;
      try {
        List<Tensor> found = each.answer();
        for (int output = 0; output < truth.size(); output++) {
          OperatorsTest.assertSame(
              "output " + output, truth.get(output), found.get(output), each.tolerance());
        }
      } catch (RuntimeException | AssertionError e) {
        failures.add(described(each) + ": " + e.getMessage());
      }
    }
    assertThat(failures).isEmpty();
    assertThat(compared).as("cases that ONNX Runtime runs").isGreaterThan(CASES / 4);
  }

  /** The case with its few whole numbers: indices, axes, lengths. */
  private static String described(OperatorCase each) {
    var numbers = new ArrayList<String>();
    for (Tensor input : each.inputs()) {
      boolean few = input != null && input.type() == ElementType.INT64 && input.size() < 9;
      numbers.add(few ? Arrays.toString(input.longs()) : "…");
    }
    return each + " " + numbers;
  }
}
