package dev.unroll.interop.onnx.recurrent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroll.interop.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Random nodes with any mix of attributes and inputs beside ONNX Runtime. {@code
 * -Dunroll.random.cases=1000} runs more of them.
 */
class RandomRecurrentTest {

  private static final int CASES = Integer.getInteger("unroll.random.cases", 60);

  private static final long SEED = Long.getLong("unroll.random.seed", 1);

  /** Some functions let states grow, and their rounding with them. */
  private static final double TOLERANCE = 1e-4;

  @ParameterizedTest
  @EnumSource(RecurrentKind.class)
  void computesWhatOnnxRuntimeDoes(RecurrentKind kind) {
    var random = new Random(SEED + kind.ordinal());
    var failures = new ArrayList<String>();
    for (int i = 0; i < CASES; i++) {
      NodeCase node = node(kind, random);
      List<Tensor> expected;
      try {
        expected = node.runtime(List.of(1, 2, 3, 7));
      } catch (IllegalStateException e) { // its RNN has few functions
        continue;
      }
      List<Tensor> found =
          new RecurrentOperator(kind).prepared(RecurrentCases.constants(node)).run(node.call());
      for (int output = 0; output < expected.size(); output++) {
        double most = RecurrentCases.difference(found.get(output), expected.get(output));
        if (most > TOLERANCE) {
          failures.add(node + ": output " + output + " differs by " + most);
        }
      }
    }
    assertThat(failures).isEmpty();
  }

  private static NodeCase node(RecurrentKind kind, Random random) {
    String direction = List.of("forward", "reverse", "bidirectional").get(random.nextInt(3));
    var sizes =
        new RecurrentCases.Sizes(
            1 + random.nextInt(6),
            1 + random.nextInt(4),
            1 + random.nextInt(5),
            1 + random.nextInt(9));
    NodeCase node = RecurrentCases.full(kind, direction, sizes, random.nextLong());
    for (int input = 3; input < node.inputs().size(); input++) {
      if (random.nextBoolean()) {
        node = node.withInput(input, null);
      }
    }
    if (random.nextInt(3) == 0) {
      node = node.with("clip", 0.5f);
    }
    if (kind == RecurrentKind.GRU && random.nextBoolean()) {
      node = node.with("linear_before_reset", 1L);
    }
    if (kind == RecurrentKind.LSTM && random.nextInt(3) == 0) {
      node = node.with("input_forget", 1L);
    }
    return random.nextBoolean() ? node : withFunctions(node, kind, random);
  }

  /** Any functions, their names in any case, and numbers for those that read some. */
  private static NodeCase withFunctions(NodeCase node, RecurrentKind kind, Random random) {
    int ways = node.attributes().get("direction").equals("bidirectional") ? 2 : 1;
    var names = new ArrayList<String>();
    var alphas = new ArrayList<Float>();
    var betas = new ArrayList<Float>();
    for (int i = 0; i < ways * kind.functions().size(); i++) {
      ActivationFunction[] all = ActivationFunction.values();
      ActivationFunction each = all[random.nextInt(all.length)];
      String name = each.label();
      names.add(
          switch (random.nextInt(3)) {
            case 0 -> name.toLowerCase(Locale.ROOT);
            case 1 -> name.toUpperCase(Locale.ROOT);
            default -> name;
          });
      boolean every = kind == RecurrentKind.RNN; // whose functions take numbers place by place
      if (every || each.hasAlpha()) {
        alphas.add(0.1f + random.nextFloat());
      }
      if (every || each.hasBeta()) {
        betas.add(0.1f + random.nextFloat());
      }
    }
    NodeCase other = node.with("activations", names);
    other = alphas.isEmpty() ? other : other.with("activation_alpha", alphas);
    return betas.isEmpty() ? other : other.with("activation_beta", betas);
  }
}
