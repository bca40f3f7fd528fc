package dev.unroll.interop.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.unroll.base.InputException;
import dev.unroll.base.PoolingKind;
import dev.unroll.interop.tensor.Tensor;
import dev.unroll.interop.torch.Golden;
import dev.unroll.interop.weights.PlainForward;
import dev.unroll.interop.weights.PortableNetwork;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Graphs that PyTorch exports (files of {@code torch_golden.py}) are chains of layers. */
class ChainModelTest {

  @ParameterizedTest
  @CsvSource({
    "words-9,",
    "words-17,",
    "words-flat-14,",
    "words-relu-14,",
    "words-states-17,",
    "tags-14,",
    "last-step-14,LAST",
    "last-state-14,LAST",
    "last-states-9,LAST",
    "last-states-17,LAST",
    "mean-14,MEAN",
    "max-14,MAX"
  })
  void theChainGivesTheSameNumbers(String name, PoolingKind pooling) {
    PortableNetwork network = ChainModel.open(Golden.path("onnx-" + name + ".onnx")).network();
    assertThat(network.pooling()).isEqualTo(pooling);
    String values = "onnx-" + name.replaceFirst("-\\d+$", "") + ".safetensors";
    Tensor ids = Golden.tensor(values, "ids");
    double[] expected = Golden.tensor(values, "y").doubles();
    int steps = ids.shape().axis(1);
    int outputs = Objects.requireNonNull(network.head()).outputs();
    assertThat(expected.length).isEqualTo(ids.size() / (pooling == null ? 1 : steps) * outputs);
    for (int s = 0; s < ids.shape().axis(0); s++) {
      double[][] y = answers(network, ids, s);
      for (int t = 0; t < y.length; t++) {
        int at = (s * y.length + t) * outputs;
        double[] shares = Arrays.copyOfRange(expected, at, at + outputs);
        compare(y[t], shares, name, network.head().sigmoids());
      }
    }
  }

  /** Up to the function at the end, which a network of ours has by its task. */
  private static void compare(double[] logits, double[] answers, String name, boolean sigmoids) {
    double[] found = logits;
    if (sigmoids) {
      found = Arrays.stream(logits).map(v -> 1 / (1 + Math.exp(-v))).toArray();
    } else {
      double whole = Arrays.stream(logits).map(Math::exp).sum();
      if (name.startsWith("words") || name.startsWith("tags")) {
        found = Arrays.stream(logits).map(v -> v - Math.log(whole)).toArray();
      } else if (name.startsWith("last-step")) {
        found = Arrays.stream(logits).map(v -> Math.exp(v) / whole).toArray();
      }
    }
    for (int i = 0; i < found.length; i++) {
      assertThat(found[i]).isEqualTo(answers[i], within(2e-6));
    }
  }

  private static double[][] answers(PortableNetwork network, Tensor ids, int sequence) {
    int steps = ids.shape().axis(1);
    Tensor embedding = Objects.requireNonNull(network.embedding());
    int width = embedding.shape().axis(1);
    var x = new double[steps][];
    for (int t = 0; t < steps; t++) {
      int at = (int) ids.longs()[sequence * steps + t] * width;
      x[t] = Arrays.copyOfRange(embedding.doubles(), at, at + width);
    }
    double[][] y = PlainForward.run(network.layers(), x);
    double[][] rows = network.pooling() == null ? y : new double[][] {pooled(network, y)};
    var head = Objects.requireNonNull(network.head());
    return Arrays.stream(rows)
        .map(row -> PlainForward.affine(head.weight(), head.bias(), row))
        .toArray(double[][]::new);
  }

  private static double[] pooled(PortableNetwork network, double[][] y) {
    int width = y[0].length;
    return switch (Objects.requireNonNull(network.pooling())) {
      case LAST -> {
        double[] last = y[y.length - 1].clone();
        if (network.layers().getLast().readsBothWays()) {
          System.arraycopy(y[0], width / 2, last, width / 2, width / 2);
        }
        yield last;
      }
      case MEAN ->
          IntStream.range(0, width)
              .mapToDouble(i -> Arrays.stream(y).mapToDouble(row -> row[i]).average().orElse(0))
              .toArray();
      default ->
          IntStream.range(0, width)
              .mapToDouble(i -> Arrays.stream(y).mapToDouble(row -> row[i]).max().orElse(0))
              .toArray();
    };
  }

  @Test
  void findingsNameTheParts() {
    assertThat(ChainModel.open(Golden.path("onnx-words-9.onnx")).findings())
        .startsWith("embedding words.weight, 11×4", "LSTM of 5 units", "LSTM of 5 units")
        .last()
        .asString()
        .matches("linear layer .*, 11×5");
  }

  /** A layer of several gets a part of the input that has the states of all. */
  @Test
  void findingsSayWhatBecomesOfStatesThatAreInputs() {
    assertThat(ChainModel.open(Golden.path("onnx-words-states-17.onnx")).findings())
        .filteredOn("LSTM of 5 units, from zeros: the graph takes its states as inputs"::equals)
        .hasSize(2);
  }

  @Test
  void whatIsNoGraphIsRefused() {
    assertThatThrownBy(() -> ChainModel.open(Golden.path("words.pt")))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("words.pt");
  }
}
