package dev.unroll.interop.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unroll.base.InputException;
import dev.unroll.base.PoolingKind;
import dev.unroll.cells.Activation;
import dev.unroll.cells.Peepholes;
import dev.unroll.interop.tensor.ElementType;
import dev.unroll.interop.tensor.Shape;
import dev.unroll.interop.tensor.Tensor;
import dev.unroll.network.Cells;
import dev.unroll.network.Network;
import dev.unroll.task.lm.LanguageNetwork;
import java.util.EnumMap;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every form of a cell gives the same numbers in our engine as its equations in double. */
class ConversionTest {

  private static final int INPUTS = 3;
  private static final int UNITS = 4;

  private final Random random = new Random(30);

  static Stream<CellForm> forms() {
    return Stream.of(
        new CellForm.Basic(Activation.TANH),
        new CellForm.Basic(Activation.RELU),
        new CellForm.Gru(false, false),
        new CellForm.Gru(false, true),
        new CellForm.Gru(true, false),
        new CellForm.Gru(true, true),
        new CellForm.Lstm(Peepholes.NONE),
        new CellForm.Lstm(Peepholes.BEFORE),
        new CellForm.Lstm(Peepholes.AFTER));
  }

  @ParameterizedTest
  @MethodSource("forms")
  void oneBiasOrTwo(CellForm form) {
    for (int biases = 0; biases < 4; biases++) {
      check(List.of(new PortableLayer(cell(form, INPUTS, 0, biases))));
    }
  }

  @ParameterizedTest
  @MethodSource("forms")
  void bothWaysStackedAndAddedUp(CellForm form) {
    var below = new PortableLayer(cell(form, INPUTS, 0, 3), cell(form, INPUTS, 0, 3), false);
    var above = new PortableLayer(cell(form, 2 * UNITS, 0, 1), cell(form, 2 * UNITS, 0, 1), true);
    check(List.of(below, above));
  }

  @ParameterizedTest
  @MethodSource("forms")
  void projection(CellForm form) {
    if (form instanceof CellForm.Lstm) {
      var below = new PortableLayer(cell(form, INPUTS, 2, 3), cell(form, INPUTS, 2, 3), false);
      check(List.of(below, new PortableLayer(cell(form, 4, 1, 3))));
    } else {
      assertThatThrownBy(() -> cell(form, INPUTS, 2, 0)).hasMessageContaining("projection");
    }
  }

  @Test
  void bothMeaningsOfTheUpdateGateAreOneFunction() {
    PortableCell keeps = cell(new CellForm.Gru(true, true), INPUTS, 0, 3);
    PortableCell takes = keeps.withUpdateKeeps(false);
    double[][] x = sequences()[0];
    double[][] one = PlainForward.run(List.of(new PortableLayer(keeps)), x);
    double[][] other = PlainForward.run(List.of(new PortableLayer(takes)), x);
    assertThat(Agreement.difference(new double[][][] {one}, new double[][][] {other}))
        .isLessThan(1e-15);
  }

  @Test
  void ourNetworksComeBackWithTheSameBits() {
    for (var cell :
        List.of(
            Cells.LSTM,
            Cells.LSTM_PEEPHOLES_AFTER,
            Cells.GRU,
            Cells.GRU_RESET_AFTER,
            Cells.RNN_RELU)) {
      for (boolean tied : List.of(false, true)) {
        Network network = Network.of(cell, 5, 5).withTied(tied).withEmbedding(5);
        var built = new LanguageNetwork(network, 7);
        float[] parameters = built.initialize(3);
        PortableNetwork portable =
            Conversion.portable(network, built.layout(), parameters, null, false);
        assertThat(Conversion.network(portable)).isEqualTo(network);
        assertThat(Conversion.parameters(portable, built.layout())).isEqualTo(parameters);
      }
    }
  }

  @Test
  void whatOthersDoNotHaveIsRefusedByName() {
    refused(Network.of(Cells.MGU, 4), "mgu");
    refused(Network.lstm(4).withLayerNormalization(true), "layer normalization");
    refused(Network.lstm(4, 4).withResidual(true), "residual connections");
    refused(Network.lstm(4).withLearnedStart(true), "a learned start state");
    refused(Network.lstm(4).withAdaptiveSoftmax(3), "an adaptive softmax");
  }

  private static void refused(Network network, String part) {
    var built = new LanguageNetwork(network, 7);
    float[] parameters = built.initialize(3);
    assertThatThrownBy(() -> Conversion.portable(network, built.layout(), parameters, null, false))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(part);
  }

  @Test
  void whatWeDoNotHaveIsRefusedByName() {
    PortableCell cell = cell(new CellForm.Gru(true, true), INPUTS, 0, 0);
    var network =
        new PortableNetwork(
            null, List.of(new PortableLayer(null, cell, false)), PoolingKind.LAST, null);
    assertThatThrownBy(() -> Conversion.network(network))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("reads only from the last step to the first");
  }

  @Test
  void shapesThatDoNotFitAreRefused() {
    PortableCell cell = cell(new CellForm.Basic(Activation.TANH), INPUTS, 0, 0);
    var layer = new PortableLayer(cell);
    assertThatThrownBy(() -> new PortableNetwork(null, List.of(layer, layer), null, null))
        .hasMessageContaining("recurrent layer 1 reads 3 numbers, but the layer below gives 4");
    assertThatThrownBy(
            () ->
                new StackedGates(
                        List.of(Gate.RESET, Gate.UPDATE), tensor(5, 3), tensor(5, 2), null, null)
                    .split())
        .hasMessageContaining("not those of 2 gates");
  }

  private void check(List<PortableLayer> layers) {
    double[][][] x = sequences();
    var expected = new double[x.length][][];
    for (int s = 0; s < x.length; s++) {
      expected[s] = PlainForward.run(layers, x[s]);
    }
    assertThat(Agreement.difference(EngineForward.run(layers, x), expected))
        .isLessThan(Agreement.FLOAT);
  }

  private double[][][] sequences() {
    var sequences = new double[3][][];
    int[] lengths = {5, 1, 3};
    for (int s = 0; s < 3; s++) {
      sequences[s] = new double[lengths[s]][INPUTS];
      for (double[] step : sequences[s]) {
        java.util.Arrays.setAll(step, i -> random.nextGaussian());
      }
    }
    return sequences;
  }

  /** A cell of random weights; {@code biases} has a bit for each of the two. */
  private PortableCell cell(CellForm form, int inputs, int projection, int biases) {
    var gates = new EnumMap<Gate, GateWeights>(Gate.class);
    int outputs = projection == 0 ? UNITS : projection;
    for (Gate gate : form.gates()) {
      var weights =
          new GateWeights(
              tensor(UNITS, inputs),
              tensor(UNITS, outputs),
              (biases & 1) == 0 ? null : tensor(UNITS),
              (biases & 2) == 0 ? null : tensor(UNITS),
              null);
      boolean peeps =
          form instanceof CellForm.Lstm lstm
              && lstm.peepholes() != Peepholes.NONE
              && gate != Gate.CELL;
      gates.put(gate, peeps ? weights.withPeephole(tensor(UNITS)) : weights);
    }
    return new PortableCell(form, gates, projection == 0 ? null : tensor(projection, UNITS));
  }

  private Tensor tensor(int... axes) {
    var shape = Shape.of(axes);
    var values = new double[shape.size()];
    java.util.Arrays.setAll(values, i -> 1.6 * random.nextDouble() - 0.8);
    return Tensor.adopt(ElementType.DOUBLE, shape, values);
  }
}
