package dev.unroll.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.unroll.base.Matrix;
import dev.unroll.base.Workers;
import dev.unroll.cell.Cell;
import dev.unroll.cells.Activation;
import dev.unroll.cells.BasicCell;
import dev.unroll.cells.FullGruCell;
import dev.unroll.cells.LstmCell;
import dev.unroll.cells.Peepholes;
import dev.unroll.file.Json;
import dev.unroll.kernel.Layout;
import dev.unroll.kernel.Slice;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The engine against what PyTorch 2.7.1 computed; the numbers' source is in {@code
 * golden/README.md}.
 *
 * <p>PyTorch has two biases (their sum is ours; the GRU's second one of the candidate is inside the
 * reset), its LSTM's gates i, f, g, o are our u, f, c, o, and its GRU's gates r, z, n with z = 1 -
 * Γu are our u, r, c with the update gate negated.
 */
class PyTorchGoldenTest {

  private static final double TOLERANCE = 2e-6;
  private static Json.Reader golden;
  private static int steps;
  private static int batch;
  private static int inputs;
  private static int units;

  enum Golden {
    RNN_TANH("rnn-tanh", new BasicCell(Activation.TANH)),
    RNN_RELU("rnn-relu", new BasicCell(Activation.RELU)),
    GRU("gru", new FullGruCell(true)),
    LSTM("lstm", new LstmCell(Peepholes.NONE));

    final String name;
    final Cell cell;

    Golden(String name, Cell cell) {
      this.name = name;
      this.cell = cell;
    }

    /** Which of PyTorch's gates our gate number {@code gate} is, and with which sign. */
    int theirGate(int gate) {
      return this == GRU ? new int[] {1, 0, 2}[gate] : gate;
    }

    float sign(int gate) {
      return this == GRU && gate == 0 ? -1f : 1f;
    }
  }

  @BeforeAll
  static void read() throws IOException {
    try (var in = PyTorchGoldenTest.class.getResourceAsStream("/golden/pytorch.json")) {
      golden = Json.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }
    steps = golden.integer("steps");
    batch = golden.integer("batch");
    inputs = golden.integer("inputs");
    units = golden.integer("units");
  }

  private static float[] values(Json.Reader cell, String name) {
    var list = cell.list(name);
    float[] values = new float[list.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = ((Number) list.get(i).value()).floatValue();
    }
    return values;
  }

  /** Rows of a weight (or elements of a bias) of theirs, in our order and sign. */
  private static float[] reorder(Golden form, float[] theirs, int width) {
    float[] ours = new float[theirs.length];
    int size = units * width;
    for (int gate = 0; gate < form.cell.gates().size(); gate++) {
      for (int i = 0; i < size; i++) {
        ours[gate * size + i] = form.sign(gate) * theirs[form.theirGate(gate) * size + i];
      }
    }
    return ours;
  }

  @ParameterizedTest
  @EnumSource
  void outputsAndGradientsAreThoseOfPyTorch(Golden form) {
    var cell = golden.member(form.name);
    var layout = new Layout();
    var layer = new RecurrentLayer(form.cell, inputs, units, "", layout);
    float[] parameters = new float[layout.size()];
    var slices = layout.slices();
    put(parameters, slices.get(0), reorder(form, values(cell, "weight_ih"), inputs));
    put(parameters, slices.get(1), reorder(form, values(cell, "weight_hh"), units));
    float[] bias = reorder(form, values(cell, "bias_ih"), 1);
    float[] second = reorder(form, values(cell, "bias_hh"), 1);
    boolean inner = form == Golden.GRU;
    for (int i = 0; i < bias.length; i++) {
      bias[i] += inner && i >= 2 * units ? 0 : second[i];
    }
    put(parameters, slices.get(2), bias);
    if (inner) {
      put(parameters, slices.get(3), java.util.Arrays.copyOfRange(second, 2 * units, 3 * units));
    }
    check(form, cell, layer, layout, parameters);
  }

  private static void check(
      Golden form, Json.Reader cell, RecurrentLayer layer, Layout layout, float[] parameters) {
    var workers = Workers.single();
    var weights = layer.newWeights();
    weights.packForward(parameters, workers);
    weights.packBackward(parameters, workers);
    var tape = layer.newTape();
    tape.begin(Steps.equal(steps, batch));
    boolean memory = form == Golden.LSTM;
    var start = new LayerState(values(cell, "h0"), memory ? values(cell, "c0") : new float[0]);
    int rows = steps * batch;
    layer.forward(weights, Matrix.of(values(cell, "x"), rows, inputs), start, tape, workers);
    assertClose("output", tape.output().copyOfElements(), values(cell, "output"));
    tape.beginBackward();
    float[] v = values(cell, "v");
    System.arraycopy(v, 0, tape.dOutput().data(), tape.dOutput().offset(), v.length);
    float[] gradients = new float[layout.size()];
    float[] dx = new float[rows * inputs];
    layer.backward(weights, tape, Matrix.of(dx, rows, inputs), gradients, workers);
    assertClose("dx", dx, values(cell, "dx"));
    assertClose("dh0", tape.startGradient().a(), values(cell, "dh0"));
    if (memory) {
      assertClose("dc0", tape.startGradient().c(), values(cell, "dc0"));
    }
    var slices = layout.slices();
    assertClose(
        "dWx", get(gradients, slices.get(0)), reorder(form, values(cell, "dweight_ih"), inputs));
    assertClose(
        "dWa", get(gradients, slices.get(1)), reorder(form, values(cell, "dweight_hh"), units));
    assertClose("db", get(gradients, slices.get(2)), reorder(form, values(cell, "dbias_ih"), 1));
    if (form == Golden.GRU) {
      float[] second = reorder(form, values(cell, "dbias_hh"), 1);
      assertClose(
          "dbcc",
          get(gradients, slices.get(3)),
          java.util.Arrays.copyOfRange(second, 2 * units, 3 * units));
    }
  }

  private static void put(float[] parameters, Slice slice, float[] values) {
    System.arraycopy(values, 0, parameters, slice.offset(), slice.size());
  }

  private static float[] get(float[] gradients, Slice slice) {
    return java.util.Arrays.copyOfRange(gradients, slice.offset(), slice.offset() + slice.size());
  }

  private static void assertClose(String what, float[] ours, float[] theirs) {
    for (int i = 0; i < theirs.length; i++) {
      assertThat((double) ours[i])
          .as("%s[%d]", what, i)
          .isCloseTo(theirs[i], within(TOLERANCE * Math.max(1, Math.abs(theirs[i]))));
    }
  }
}
