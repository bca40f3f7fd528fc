package dev.unroll.interop.onnx.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unroll.interop.tensor.ElementType;
import dev.unroll.interop.tensor.Shape;
import dev.unroll.interop.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Calls as a broken or hostile file makes them: refused, or answered, but nothing else. */
class HostileCallsTest {

  private static final long[] STRANGE = {
    0, 1, -1, 2, -3, 7, 64, 1L << 31, -(1L << 31), Long.MAX_VALUE, Long.MIN_VALUE, 100_000_000_000L
  };

  private final Random random = new Random(11);

  @Test
  void mutatedCallsAreRefusedOrAnswered() {
    var broken = new ArrayList<String>();
    for (OperatorCase each : OperatorsTest.CASES) {
      for (int i = 0; i < 20; i++) {
        OperatorCase mutant = mutated(each);
        try {
          assertThat(mutant.answer()).doesNotContainNull();
        } catch (IllegalArgumentException e) {
          assertThat(e.getMessage()).isNotBlank();
        } catch (RuntimeException | OutOfMemoryError e) {
          broken.add(mutant + ": " + e + " at " + e.getStackTrace()[0]);
        }
      }
    }
    assertThat(broken).isEmpty();
  }

  private OperatorCase mutated(OperatorCase each) {
    List<@Nullable Tensor> inputs = new ArrayList<>(each.inputs());
    var attributes = new TreeMap<>(each.attributes());
    int changes = 1 + random.nextInt(2);
    for (int i = 0; i < changes; i++) {
      if (!attributes.isEmpty() && random.nextInt(3) == 0) {
        String key = new ArrayList<>(attributes.keySet()).get(random.nextInt(attributes.size()));
        attributes.put(key, strange(attributes.get(key)));
      } else if (!inputs.isEmpty()) {
        int place = random.nextInt(inputs.size());
        Tensor input = inputs.get(place);
        inputs.set(place, input == null ? Tensor.of(new long[1]) : mutated(input));
        if (random.nextInt(8) == 0) {
          Collections.swap(inputs, place, random.nextInt(inputs.size()));
        }
      }
    }
    return new OperatorCase(
        each.domain(), each.name(), each.opset(), attributes, inputs, each.outputs(), 0, null);
  }

  private Object strange(Object value) {
    return switch (value) {
      case Long number -> STRANGE[random.nextInt(STRANGE.length)];
      case Float number -> random.nextBoolean() ? Float.NaN : 1e38f;
      case String text -> random.nextBoolean() ? "" : text + ",->..i";
      case List<?> list -> {
        if (list.isEmpty()) {
          yield list;
        }
        var numbers = new ArrayList<Object>(list);
        int place = random.nextInt(numbers.size());
        if (numbers.get(place) instanceof Long) {
          numbers.set(place, STRANGE[random.nextInt(STRANGE.length)]);
        }
        yield random.nextInt(4) == 0 ? numbers.subList(1, numbers.size()) : numbers;
      }
      default -> value;
    };
  }

  private @Nullable Tensor mutated(Tensor x) {
    return switch (random.nextInt(6)) {
      case 0 -> null;
      case 1 -> cast(x);
      case 2 -> x.reshaped(Shape.of(x.size()));
      case 3 -> x.reshaped(Shape.of(1, x.size(), 1));
      case 4 -> Tensor.adopt(x.type(), Shape.of(0, 2), Elements.create(x.type(), Shape.of(0, 2)));
      default -> {
        if (!x.type().isInteger() || x.size() == 0) {
          yield x;
        }
        long[] values = x.longs();
        long number = STRANGE[random.nextInt(STRANGE.length)];
        values[random.nextInt(values.length)] = Elements.wrap(x.type(), number);
        yield Tensor.adopt(x.type(), x.shape(), values);
      }
    };
  }

  private Tensor cast(Tensor x) {
    ElementType type = ElementType.OF_FILES.get(random.nextInt(ElementType.OF_FILES.size()));
    boolean numbers = x.type().isInteger() || x.type().isFloating();
    return numbers ? Casts.cast(x, type) : x;
  }

  @Test
  void resultsThatAreTooLargeAreRefusedBeforeTheyTakeMemory() {
    var large = Tensor.of(new long[] {1 << 15, 1 << 15}, 2);
    for (OperatorCase each :
        List.of(
            OperatorCase.of("Expand", Tensor.of(new float[1]), large),
            OperatorCase.of("ConstantOfShape", large),
            OperatorCase.of("Tile", Tensor.of(new float[1], 1, 1), large),
            OperatorCase.of(
                "Range",
                Tensor.of(new long[1]),
                Tensor.of(new long[] {1L << 30}),
                Tensor.of(new long[] {1})),
            OperatorCase.of(
                "Pad", Tensor.of(new float[1], 1), Tensor.of(new long[] {1 << 29, 1 << 29}, 2)),
            OperatorCase.of(
                "OneHot",
                Tensor.of(new long[1 << 10], 1 << 10),
                Tensor.of(new long[] {1 << 20}),
                Tensor.of(new float[2], 2)))) {
      assertThatThrownBy(each::answer)
          .as(each.name())
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("268435456");
    }
  }
}
