package dev.unroll.interop.keras;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.unroll.base.Direction;
import dev.unroll.base.Matrix;
import dev.unroll.base.PoolingKind;
import dev.unroll.base.Precision;
import dev.unroll.base.Workers;
import dev.unroll.batch.SignalBatch;
import dev.unroll.file.Json;
import dev.unroll.interop.ModelImport;
import dev.unroll.interop.tensor.Tensor;
import dev.unroll.interop.weights.Conversion;
import dev.unroll.interop.weights.NetworkHint;
import dev.unroll.interop.weights.PortableHead;
import dev.unroll.interop.weights.PortableNetwork;
import dev.unroll.layer.Steps;
import dev.unroll.network.Cells;
import dev.unroll.network.Network;
import dev.unroll.stack.SignalNetwork;
import dev.unroll.stack.SignalSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every cell and every feature, from a file in the layout of Keras to the outputs of our engine,
 * beside those that {@code keras_golden.py} computed by Keras' formulas in double precision.
 */
class KerasGoldenTest {

  private static final double MOST = 1e-5;
  private static final Path FOLDER = Path.of("src/test/resources/keras");
  private static final TreeMap<String, Double> DIFFERENCES = new TreeMap<>();

  private record Sequence(Json.Reader x, double[][] y) {}

  private record Case(Path file, String label, int tokens, List<Sequence> sequences) {
    @Override
    public String toString() {
      return label;
    }
  }

  static List<Case> cases() throws IOException {
    var json = Json.parse("{\"cases\": " + Files.readString(FOLDER.resolve("golden.json")) + "}");
    return json.parts(
        "cases",
        each ->
            new Case(
                FOLDER.resolve(each.text("file")),
                each.text("cell") + ", " + each.text("feature"),
                each.integer("tokens"),
                each.parts(
                    "sequences", one -> new Sequence(one.member("x"), matrix(one.member("y"))))));
  }

  private static double[][] matrix(Json.Reader json) {
    return ((List<?>) json.value())
        .stream()
            .map(row -> ((List<?>) row).stream().mapToDouble(KerasGoldenTest::number).toArray())
            .toArray(double[][]::new);
  }

  private static double number(Object value) {
    return ((Number) value).doubleValue();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void ourEngineAnswersWhatKerasFormulasSay(Case golden) {
    KerasModel model = KerasModel.open(golden.file, hint(golden));
    PortableNetwork network = model.network();
    double largest = 0;
    for (int i = 0; i < golden.sequences.size(); i++) {
      double[][] expected = golden.sequences.get(i).y;
      double[][] found = outputs(network, golden)[i];
      assertThat(found).hasDimensions(expected.length, expected[0].length);
      for (int t = 0; t < expected.length; t++) {
        for (int j = 0; j < expected[t].length; j++) {
          double scale = Math.max(1, Math.abs(expected[t][j]));
          largest = Math.max(largest, Math.abs(found[t][j] - expected[t][j]) / scale);
        }
      }
    }
    DIFFERENCES.put(golden.label, largest);
    assertThat(largest).isLessThan(MOST);
  }

  private static NetworkHint hint(Case golden) {
    return golden.file.endsWith("told.weights.h5")
        ? new NetworkHint(
            List.of(
                new NetworkHint.Layer(Cells.RNN_RELU, 0, Direction.SUM),
                new NetworkHint.Layer(Cells.LSTM, 0, Direction.FORWARD)),
            List.of("bidirectional", "lstm"),
            null,
            null)
        : NetworkHint.NONE;
  }

  @AfterAll
  static void printDifferences() {
    DIFFERENCES.forEach(
        (label, value) -> System.out.printf(Locale.ROOT, "%-60s %.1e%n", label, value));
  }

  /** The outputs of all sequences, which are one batch: of each step, or of the whole. */
  private static double[][][] outputs(PortableNetwork portable, Case golden) {
    PoolingKind pooling = portable.pooling();
    PortableHead head = Objects.requireNonNull(portable.head());
    boolean last = pooling == PoolingKind.LAST;
    boolean perStep = !last;
    // Where steps are pooled, the network gives out what its layers do; the head follows here.
    boolean apart = pooling == PoolingKind.MAX || pooling == PoolingKind.MEAN;
    PortableNetwork run = apart ? portable.withHead(identity(portable.outputs())) : portable;
    double[][][] outputs = run(run, golden, perStep);
    if (apart) {
      for (int i = 0; i < outputs.length; i++) {
        outputs[i] = new double[][] {linear(head, pooled(outputs[i], pooling))};
      }
    }
    return outputs;
  }

  private static PortableHead identity(int width) {
    var one = new float[width * width];
    for (int i = 0; i < width; i++) {
      one[i * width + i] = 1;
    }
    return new PortableHead(Tensor.of(one, width, width), null, false);
  }

  private static double[] pooled(double[][] steps, PoolingKind pooling) {
    return IntStream.range(0, steps[0].length)
        .mapToDouble(
            j -> {
              var column = Arrays.stream(steps).mapToDouble(step -> step[j]);
              return pooling == PoolingKind.MAX
                  ? column.max().getAsDouble()
                  : column.average().getAsDouble();
            })
        .toArray();
  }

  private static double[] linear(PortableHead head, double[] x) {
    float[] weight = head.weight().floats();
    float[] bias = Objects.requireNonNull(head.bias()).floats();
    return IntStream.range(0, head.outputs())
        .mapToDouble(
            i -> {
              double sum = bias[i];
              for (int j = 0; j < x.length; j++) {
                sum += weight[i * x.length + j] * x[j];
              }
              return sum;
            })
        .toArray();
  }

  private static double[][][] run(PortableNetwork portable, Case golden, boolean perStep) {
    Network description = Conversion.network(portable);
    int inputs = golden.tokens > 0 ? 0 : portable.layers().getFirst().cell().inputs();
    int outputs = Objects.requireNonNull(portable.head()).outputs();
    var network =
        new SignalNetwork(new SignalSpec(description, inputs, outputs, perStep), golden.tokens);
    float[] parameters = Conversion.parameters(portable, network.layout());
    int[] lengths = golden.sequences.stream().mapToInt(each -> steps(each).size()).toArray();
    var steps = Steps.of(lengths);
    var batch = new SignalBatch(steps, tokens(golden, steps), values(golden, steps, inputs));
    try (var workers = Workers.single()) {
      var weights = network.pack(parameters, Precision.FLOAT32, workers);
      Matrix found = network.outputs(weights, batch, network.newBuffers(false), workers);
      var all = new double[lengths.length][][];
      for (int i = 0; i < lengths.length; i++) {
        int count = perStep ? lengths[i] : 1;
        all[i] = new double[count][outputs];
        for (int t = 0; t < count; t++) {
          int row = perStep ? steps.row(t, i) : i;
          for (int j = 0; j < outputs; j++) {
            all[i][t][j] = found.data()[found.row(row) + j];
          }
        }
      }
      return all;
    }
  }

  private static List<?> steps(Sequence sequence) {
    return (List<?>) sequence.x.value();
  }

  private static int[] tokens(Case golden, Steps steps) {
    var tokens = new int[golden.tokens > 0 ? steps.rows() : 0];
    for (int i = 0; golden.tokens > 0 && i < golden.sequences.size(); i++) {
      List<?> sequence = steps(golden.sequences.get(i));
      for (int t = 0; t < sequence.size(); t++) {
        tokens[steps.row(t, i)] = (int) number(sequence.get(t));
      }
    }
    return tokens;
  }

  private static float[] values(Case golden, Steps steps, int inputs) {
    var values = new float[steps.rows() * inputs];
    for (int i = 0; inputs > 0 && i < golden.sequences.size(); i++) {
      List<?> sequence = steps(golden.sequences.get(i));
      for (int t = 0; t < sequence.size(); t++) {
        for (int j = 0; j < inputs; j++) {
          values[steps.row(t, i) * inputs + j] = (float) number(((List<?>) sequence.get(t)).get(j));
        }
      }
    }
    return values;
  }

  /** The whole way of {@code unroll import}: the probabilities of a classifier. */
  @Test
  void becomesAClassifierOfOurs() throws IOException {
    Case golden =
        cases().stream()
            .filter(each -> each.file.endsWith("functional-max.keras"))
            .findFirst()
            .orElseThrow();
    var classifier =
        ModelImport.of(golden.file)
            .vocabulary(List.of("<pad>", "a", "b", "c", "d", "e", "f"))
            .labels(List.of("x", "y", "z"))
            .classifier();
    assertThat(classifier.provenance().text("framework")).isEqualTo("Keras");
    for (Sequence sequence : golden.sequences) {
      String text =
          steps(sequence).stream()
              .map(token -> "abcdef".substring((int) number(token) - 1, (int) number(token)))
              .collect(Collectors.joining());
      double[] logits = sequence.y[0];
      double sum = Arrays.stream(logits).map(Math::exp).sum();
      var found = classifier.classify(text);
      for (int i = 0; i < logits.length; i++) {
        assertThat(found.probabilities().get("xyz".substring(i, i + 1)))
            .isCloseTo(Math.exp(logits[i]) / sum, within(MOST));
      }
    }
  }

  @Test
  void saysWhatTheFileDoesNot() {
    var weights = KerasModel.open(FOLDER.resolve("stack.weights.h5"), NetworkHint.NONE);
    assertThat(weights.described()).isFalse();
    assertThat(weights.notes())
        .singleElement()
        .asString()
        .endsWith("embedding, lstm, lstm_1, bidirectional, dense");
    var masked = KerasModel.open(FOLDER.resolve("functional-max.keras"), NetworkHint.NONE);
    assertThat(masked.described()).isTrue();
    assertThat(masked.notes()).singleElement().asString().contains("mask_zero");
    assertThat(masked.network().pooling()).isEqualTo(PoolingKind.MAX);
    var sigmoid = KerasModel.open(FOLDER.resolve("lstm-last.keras"), NetworkHint.NONE).network();
    assertThat(Objects.requireNonNull(sigmoid.head()).sigmoids()).isTrue();
    assertThat(Objects.requireNonNull(masked.network().head()).sigmoids()).isFalse();
  }
}
