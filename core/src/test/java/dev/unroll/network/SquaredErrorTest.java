package dev.unroll.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.unroll.base.Direction;
import dev.unroll.base.Matrix;
import dev.unroll.base.Precision;
import dev.unroll.base.Workers;
import dev.unroll.batch.SignalBatch;
import dev.unroll.kernel.CounterRandom;
import dev.unroll.layer.Steps;
import dev.unroll.network.Trace.Value;
import dev.unroll.stack.SignalNetwork;
import dev.unroll.stack.SignalSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * Whole networks that read numbers, or tokens too, and give out numbers, with squared errors:
 * against a reference in double precision whose gradient agrees with differences of its loss.
 */
class SquaredErrorTest {

  private static final int INPUTS = 3;
  private static final int OUTPUTS = 2;

  /**
   * A network and how many tokens it knows.
   *
   * @param vocabulary 0 where the steps have only numbers
   */
  private record Form(SignalSpec description, int vocabulary) {
    SignalNetwork network() {
      return new SignalNetwork(description, vocabulary);
    }
  }

  @Provide
  Arbitrary<Form> forms() {
    return Combinators.combine(
            Arbitraries.of("lstm", "gru", "rnn", "min-gru", "min-lstm"),
            Arbitraries.of(Direction.values()),
            Arbitraries.of(1, 2),
            Arbitraries.of(0, 4),
            Arbitraries.of(true, false),
            Arbitraries.of(true, false))
        .as(
            (cell, direction, layers, vocabulary, ofSteps, learnedStart) -> {
              int[] units = new int[layers];
              Arrays.fill(units, 4);
              var network =
                  Network.of(Cells.of(cell), units)
                      .withLearnedStart(learnedStart)
                      .withDirection(direction);
              // no step holds the last output of two ways that are added up
              boolean each = ofSteps || direction == Direction.SUM;
              return new Form(new SignalSpec(network, INPUTS, OUTPUTS, each), vocabulary);
            });
  }

  private static float[] numbers(int count, long seed, int part) {
    var random = CounterRandom.of(seed, CounterRandom.Purpose.SAMPLING, part);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (1.4 * random.uniform(i) - 0.7);
    }
    return values;
  }

  private static double[] widen(float[] values) {
    return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
  }

  private static SignalBatch batch(Form form, long seed) {
    var steps = Steps.of(3, 1, 4);
    var random = CounterRandom.of(seed, CounterRandom.Purpose.SAMPLING, 1);
    int[] tokens =
        IntStream.range(0, form.vocabulary() > 0 ? steps.rows() : 0)
            .map(row -> (int) random.below(row, form.vocabulary()))
            .toArray();
    return new SignalBatch(steps, tokens, numbers(steps.rows() * INPUTS, seed, 2));
  }

  /** Numbers that should come out, of each step or of each sequence. */
  private static float[] wanted(Form form, SignalBatch batch, long seed) {
    int rows = form.description().perStep() ? batch.steps().rows() : batch.steps().batch();
    return numbers(rows * OUTPUTS, seed, 3);
  }

  /** The sum of the squared errors, straight from the equations. */
  private static Value traced(TracedLayers layers, Form form, SignalBatch batch, float[] wanted) {
    Network network = form.description().network();
    Value loss = layers.trace.constant(0);
    for (int s = 0; s < batch.steps().batch(); s++) {
      int sequence = s;
      int[] rows =
          IntStream.range(0, batch.steps().length(s))
              .map(t -> batch.steps().row(t, sequence))
              .toArray();
      var inputs = new ArrayList<Value[]>();
      for (int row : rows) {
        Value[] x = layers.constants(widen(part(batch.values(), row, INPUTS)));
        boolean ofTokens = form.vocabulary() > 0;
        inputs.add(
            ofTokens
                ? TracedLayers.joined(layers.embedded(network, "", batch.tokens()[row]), x)
                : x);
      }
      List<Value[]> a = layers.read(network, "", inputs, new ArrayList<>());
      if (form.description().perStep()) {
        for (int t = 0; t < rows.length; t++) {
          float[] y = part(wanted, rows[t], OUTPUTS);
          loss = layers.trace.plus(loss, squared(layers, a.get(t), y));
        }
      } else {
        float[] y = part(wanted, s, OUTPUTS);
        loss = layers.trace.plus(loss, squared(layers, TracedLayers.last(network, a), y));
      }
    }
    return loss;
  }

  private static float[] part(float[] rows, int row, int width) {
    return Arrays.copyOfRange(rows, row * width, (row + 1) * width);
  }

  /** |Wy a + by - y|². */
  private static Value squared(TracedLayers layers, Value[] a, float[] y) {
    Value[] z = layers.plus(layers.product("head.weight", a), layers.all("head.bias"));
    double[] minus = Arrays.stream(widen(y)).map(each -> -each).toArray();
    Value[] errors = layers.plus(z, layers.constants(minus));
    return layers.trace.sum(layers.times(errors, errors));
  }

  /** The same loss, for the engine. */
  private static double replaceByGradient(Matrix outputs, float[] wanted) {
    double loss = 0;
    double[] dz = new double[1];
    for (int row = 0; row < outputs.rows(); row++) {
      for (int j = 0; j < OUTPUTS; j++) {
        int at = outputs.row(row) + j;
        double[] z = {outputs.data()[at]};
        loss += Regression.SQUARED.loss(z, wanted[row * OUTPUTS + j], 1, dz);
        outputs.data()[at] = (float) dz[0];
      }
    }
    return loss;
  }

  @Property(tries = 25)
  void theReferencesGradientIsThatOfItsLoss(@ForAll("forms") Form form, @ForAll long seed) {
    SignalNetwork network = form.network();
    double[] values = widen(numbers(network.size(), seed, 4));
    SignalBatch batch = batch(form, seed);
    float[] wanted = wanted(form, batch, seed);
    var layers = new TracedLayers(network, values);
    double[] gradient = layers.gradient(traced(layers, form, batch, wanted));
    for (int i = 0; i < values.length; i += 3) { // a difference costs four runs
      int at = i;
      double kept = values[i];
      double difference =
          Differences.of(
              change -> {
                values[at] = kept + change;
                return traced(new TracedLayers(network, values), form, batch, wanted).value;
              });
      values[i] = kept;
      double error = Math.abs(difference - gradient[i]);
      assertThat(error / Math.max(1, Math.abs(difference)))
          .as("parameter %d of %s", i, form)
          .isLessThan(1e-7);
    }
  }

  @Property(tries = 150)
  void theEngineAgreesWithTheReference(@ForAll("forms") Form form, @ForAll long seed) {
    SignalNetwork network = form.network();
    float[] values = numbers(network.size(), seed, 4);
    SignalBatch batch = batch(form, seed);
    float[] wanted = wanted(form, batch, seed);
    var weights = network.newWeights(Precision.FLOAT32);
    network.packForTraining(values, weights, null, Workers.single());
    var space = network.newBuffers(true);
    float[] gradients = new float[values.length];
    double loss =
        network.lossAndGradient(
            weights,
            batch,
            outputs -> replaceByGradient(outputs, wanted),
            null,
            space,
            gradients,
            Workers.single());
    var layers = new TracedLayers(network, widen(values));
    Value expected = traced(layers, form, batch, wanted);
    double[] gradient = layers.gradient(expected);
    assertThat(loss).isCloseTo(expected.value, within(5e-5));
    for (int i = 0; i < gradient.length; i++) {
      assertThat((double) gradients[i])
          .as("parameter %d of %s", i, form)
          .isCloseTo(gradient[i], within(2e-5 * Math.max(1, Math.abs(gradient[i]))));
    }
  }
}
