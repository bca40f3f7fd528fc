package dev.unroll.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.unroll.base.Direction;
import dev.unroll.base.Precision;
import dev.unroll.base.Workers;
import dev.unroll.batch.SignalBatch;
import dev.unroll.head.Ctc;
import dev.unroll.kernel.CounterRandom;
import dev.unroll.layer.Steps;
import dev.unroll.network.Cells;
import dev.unroll.network.Differences;
import dev.unroll.network.Network;
import dev.unroll.network.ReferenceSignal;
import java.util.Arrays;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * Whole networks that read numbers or tokens and are trained by CTC, as recognizers are, against a
 * reference in double precision whose gradient agrees with differences of its loss.
 */
class SignalNetworkTest {

  private static final int LABELS = 4;
  private static final int BLANK = 1;
  private static final int[][] TARGETS = {{0, 0}, {}, {2, 0, 2}, {3}};
  private static final Ctc CTC = new Ctc(LABELS, BLANK);

  /** Where layer normalization divides by less, it multiplies rounding. */
  private static final double LEAST_VARIANCE = 0.02;

  @Provide
  Arbitrary<SignalNetwork> networks() {
    var layers =
        Combinators.combine(
                Arbitraries.of("lstm", "gru", "rnn", "gru-simplified"),
                Arbitraries.of(Direction.BOTH, Direction.BOTH, Direction.FORWARD, Direction.SUM),
                Arbitraries.of(1, 2),
                Arbitraries.of(true, false),
                Arbitraries.of(true, false))
            .as(SignalNetworkTest::layers);
    return Combinators.combine(layers, Arbitraries.of(0, 5), Arbitraries.of(2, 3))
        .as(
            (network, tokens, inputs) ->
                new SignalNetwork(new SignalSpec(network, inputs, LABELS, true), tokens));
  }

  private static Network layers(
      String cell, Direction way, int count, boolean residual, boolean normalized) {
    int[] units = new int[count];
    Arrays.fill(units, 4);
    return Network.of(Cells.of(cell), units)
        .withEmbedding(3)
        .withDirection(way)
        .withResidual(residual && count > 1)
        .withLayerNormalization(normalized);
  }

  private static SignalBatch batch(SignalNetwork network, long seed) {
    var random = CounterRandom.of(seed, CounterRandom.Purpose.SAMPLING, 4);
    var steps = Steps.of(4, 1, 6, 3);
    int[] tokens = new int[network.vocabulary() == 0 ? 0 : steps.rows()];
    Arrays.setAll(tokens, row -> (int) random.below(500 + row, network.vocabulary()));
    float[] values = new float[steps.rows() * network.description().inputs()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.gaussian(i);
    }
    return new SignalBatch(steps, tokens, values);
  }

  private static float[] parameters(SignalNetwork network, long seed) {
    float[] values = new float[network.size()];
    var random = CounterRandom.of(seed, CounterRandom.Purpose.INITIALIZATION, 5);
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (2.4 * random.uniform(i) - 1.2);
    }
    return values;
  }

  private static double[] widen(float[] values) {
    return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
  }

  @Property(tries = 12)
  void theReferencesGradientIsThatOfItsLoss(
      @ForAll("networks") SignalNetwork network, @ForAll long seed) {
    double[] values = widen(parameters(network, seed));
    SignalBatch batch = batch(network, seed);
    var reference = new ReferenceSignal(network, values, BLANK);
    double[] gradient = reference.gradient(batch, TARGETS);
    Assume.that(reference.leastVariance() > LEAST_VARIANCE);
    for (int i = 0; i < values.length; i++) {
      int place = i;
      double difference =
          Differences.of(
              change -> {
                double[] changed = values.clone();
                changed[place] += change;
                return new ReferenceSignal(network, changed, BLANK).loss(batch, TARGETS);
              });
      double error = Math.abs(difference - gradient[i]);
      assertThat(error / Math.max(1, Math.abs(difference)))
          .as("parameter %d of %s", i, network.description())
          .isLessThan(1e-7);
    }
  }

  @Property(tries = 100)
  void theEngineAgreesWithTheReference(
      @ForAll("networks") SignalNetwork network, @ForAll long seed) {
    float[] values = parameters(network, seed);
    SignalBatch batch = batch(network, seed);
    var reference = new ReferenceSignal(network, widen(values), BLANK);
    double[] expected = reference.gradient(batch, TARGETS);
    Assume.that(reference.leastVariance() > LEAST_VARIANCE);
    var weights = network.newWeights(Precision.FLOAT32);
    network.packForTraining(values, weights, null, Workers.single());
    var buffers = network.newBuffers(true);
    float[] gradients = new float[values.length];
    double loss =
        network.lossAndGradient(
            weights,
            batch,
            outputs -> CTC.lossAndGradient(batch.steps(), outputs, TARGETS, 1f, Workers.single()),
            null,
            buffers,
            gradients,
            Workers.single());
    assertThat(loss).isCloseTo(reference.loss(batch, TARGETS), within(5e-5));
    boolean normalized = network.description().network().layers().getFirst().normalized();
    double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
    for (int i = 0; i < expected.length; i++) {
      double size = normalized ? largest : Math.abs(expected[i]);
      assertThat((double) gradients[i])
          .as("parameter %d of %s", i, network.description())
          .isCloseTo(expected[i], within(2e-5 * Math.max(1, size)));
    }
    network.packForward(values, weights, Workers.single());
    var rows = network.outputs(weights, batch, buffers, Workers.single());
    assertThat(CTC.loss(batch.steps(), rows, TARGETS, Workers.single()))
        .isCloseTo(loss, within(1e-5));
  }
}
