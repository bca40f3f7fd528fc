package dev.unroll.task.transduce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import dev.unroll.base.AttentionKind;
import dev.unroll.base.Direction;
import dev.unroll.base.InputException;
import dev.unroll.base.Matrix;
import dev.unroll.base.Precision;
import dev.unroll.base.Workers;
import dev.unroll.kernel.CounterRandom;
import dev.unroll.kernel.Slice;
import dev.unroll.layer.Embedding;
import dev.unroll.layer.Steps;
import dev.unroll.network.Cells;
import dev.unroll.network.Differences;
import dev.unroll.network.Dropouts;
import dev.unroll.network.Network;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;

/**
 * Whole encoder-decoders against a reference in double precision whose gradient agrees with
 * differences of its loss; with dropout, the engine's gradient against differences of its own loss;
 * and writing step by step against reading the whole target.
 */
class TransducerNetworkTest {

  /**
   * Always the same networks: of others, one whose normalization has little variance now and then
   * rounds by up to twice the bound.
   */
  private static final String SEED = "20";

  private static final int SOURCES = 6;
  private static final int TARGETS = 5;

  /** Where layer normalization divides by less, it multiplies rounding. */
  private static final double LEAST_VARIANCE = 0.02;

  @Provide
  Arbitrary<TransducerSpec> transductions() {
    var cells = Arbitraries.of("lstm", "gru", "rnn", "gru-simplified");
    var directions = Arbitraries.of(Direction.BOTH, Direction.FORWARD, Direction.SUM);
    var layers = Arbitraries.of(1, 2);
    var dropouts =
        Arbitraries.of(
            Dropouts.NONE,
            new Dropouts(0.2, 0.2, 0.3, 0.1, 0.2, 0.1, 0.1, false),
            new Dropouts(0.2, 0.2, 0.3, 0, 0, 0, 0, true));
    var flags = Arbitraries.of(true, false);
    var encoders =
        Combinators.combine(cells, directions, layers, dropouts, flags)
            .as(
                (cell, way, count, drops, normalized) ->
                    network(cell, count, drops)
                        .withDirection(way)
                        .withLayerNormalization(normalized));
    var decoders =
        Combinators.combine(cells, layers, dropouts, flags, flags)
            .as(
                (cell, count, drops, tied, normalized) ->
                    network(cell, count, drops)
                        .withTied(tied)
                        .withResidual(count > 1 && tied)
                        .withLayerNormalization(normalized));
    var attention =
        Arbitraries.of(AttentionKind.ADDITIVE, AttentionKind.MULTIPLICATIVE).injectNull(0.3);
    return Combinators.combine(encoders, decoders, attention, flags)
        .as((from, to, kind, feeds) -> new TransducerSpec(from, to, kind, kind != null && feeds));
  }

  private static Network network(String cell, int layers, Dropouts dropouts) {
    int[] units = new int[layers];
    Arrays.fill(units, 4);
    return Network.of(Cells.of(cell), units).withDropouts(dropouts);
  }

  private static TransducerBatch batch(long seed) {
    var random = CounterRandom.of(seed, CounterRandom.Purpose.SAMPLING, 8);
    var source = Steps.of(3, 1, 4);
    var target = Steps.of(2, 4, 1);
    int[] sourceTokens = new int[source.rows()];
    Arrays.setAll(sourceTokens, row -> (int) random.below(row, SOURCES));
    int[] targets = new int[target.rows()];
    Arrays.setAll(targets, row -> (int) random.below(100 + row, TARGETS));
    int[] inputs = new int[target.rows()];
    Arrays.setAll(
        inputs, row -> target.before(row) < 0 ? Embedding.START : targets[target.before(row)]);
    return new TransducerBatch(source, sourceTokens, target, inputs, targets);
  }

  private static float[] parameters(TransducerNetwork network, long seed) {
    float[] values = new float[network.size()];
    var random = CounterRandom.of(seed, CounterRandom.Purpose.INITIALIZATION, 5);
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (1.2 * random.uniform(i) - 0.6);
    }
    var names = network.slices().stream().map(Slice::name).toList();
    boolean normalized = names.stream().anyMatch(name -> name.endsWith(".gain"));
    for (Slice slice : network.slices()) {
      String name = slice.name();
      boolean vectors = normalized && name.endsWith("embedding.weight");
      for (int i = slice.offset(); i < slice.offset() + slice.size(); i++) {
        if (name.endsWith(".gain")) {
          values[i] += 1;
        } else if (vectors
            || (name.endsWith(".weight") && names.contains(name.replace(".weight", ".gain")))) {
          values[i] += Math.copySign(1, values[i]); // not too small to be divided by its size
        }
      }
    }
    return values;
  }

  private static TransducerNetwork.Pass pass(long seed, double ownTokens) {
    var noise = CounterRandom.of(seed, CounterRandom.Purpose.DROPOUT, 1);
    return new TransducerNetwork.Pass(noise, true, 0, ownTokens, 1);
  }

  private static double loss(
      TransducerNetwork network,
      float[] values,
      TransducerBatch batch,
      TransducerNetwork.Pass pass,
      float[] gradients,
      Workers workers) {
    var weights = network.newWeights(Precision.FLOAT32);
    network.packForTraining(values, weights, pass.noise(), workers);
    var space = network.newBuffers(true);
    double loss = network.lossAndGradient(weights, batch, pass, space, gradients, workers);
    network.dropGradients(weights, gradients, pass.noise(), workers);
    return loss;
  }

  private static double[] widen(float[] values) {
    return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
  }

  private static TransducerSpec withoutDropout(TransducerSpec of) {
    return new TransducerSpec(
        of.encoder().withDropouts(Dropouts.NONE),
        of.decoder().withDropouts(Dropouts.NONE),
        of.attention(),
        of.feeds());
  }

  private static TransducerSpec withoutNormalization(TransducerSpec of) {
    return new TransducerSpec(
        of.encoder().withLayerNormalization(false),
        of.decoder().withLayerNormalization(false),
        of.attention(),
        of.feeds());
  }

  @Property(tries = 8)
  void theReferencesGradientIsThatOfItsLoss(
      @ForAll("transductions") TransducerSpec description, @ForAll long seed) {
    var network = new TransducerNetwork(withoutDropout(description), SOURCES, TARGETS);
    double[] values = widen(parameters(network, seed));
    TransducerBatch batch = batch(seed);
    var reference = new ReferenceTransducer(network, values);
    double[] gradient = reference.gradient(batch);
    Assume.that(reference.leastVariance() > LEAST_VARIANCE);
    for (int i = 0; i < values.length; i++) {
      int place = i;
      double difference =
          Differences.of(
              change -> {
                double[] changed = values.clone();
                changed[place] += change;
                return new ReferenceTransducer(network, changed).loss(batch);
              });
      double error = Math.abs(difference - gradient[i]);
      assertThat(error / Math.max(1, Math.abs(difference)))
          .as("parameter %d of %s", i, description)
          .isLessThan(1e-7);
    }
  }

  @Property(tries = 100, seed = SEED)
  void theEngineAgreesWithTheReference(
      @ForAll("transductions") TransducerSpec description, @ForAll long seed) {
    var network = new TransducerNetwork(withoutDropout(description), SOURCES, TARGETS);
    float[] values = parameters(network, seed);
    TransducerBatch batch = batch(seed);
    float[] gradients = new float[values.length];
    double loss = loss(network, values, batch, pass(seed, 0), gradients, Workers.single());
    var reference = new ReferenceTransducer(network, widen(values));
    double[] expected = reference.gradient(batch);
    Assume.that(reference.leastVariance() > LEAST_VARIANCE);
    assertThat(loss).isCloseTo(reference.loss(batch), within(2e-5));
    assertClose(gradients, expected, description);
  }

  /** Normalization passes the rounding of the largest gradients on to the others. */
  private static void assertClose(float[] gradients, double[] expected, TransducerSpec of) {
    boolean plain = of.equals(withoutNormalization(of));
    double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
    for (int i = 0; i < expected.length; i++) {
      double size = plain ? Math.abs(expected[i]) : largest;
      assertThat((double) gradients[i])
          .as("parameter %d of %s", i, of)
          .isCloseTo(expected[i], within(2e-5 * Math.max(1, size)));
    }
  }

  /** The tokens that the network reads of its own are constants on the backward pass. */
  @Property(tries = 60, seed = SEED)
  void withItsOwnTokensTheEngineAgreesWithTheReferenceThatReadsThem(
      @ForAll("transductions") TransducerSpec description, @ForAll long seed) {
    var network = new TransducerNetwork(withoutDropout(description), SOURCES, TARGETS);
    float[] values = parameters(network, seed);
    TransducerBatch batch = batch(seed);
    int[] given = batch.inputs().clone();
    for (double share : new double[] {0.5, 1}) {
      float[] gradients = new float[values.length];
      var pass = pass(seed, share);
      double loss = loss(network, values, batch, pass, gradients, Workers.single());
      assertThat(batch.inputs()).isEqualTo(given);
      var chance = pass.noise().part(TransducerNetwork.OWN_TOKENS);
      var mixed =
          new ReferenceTransducer(network, widen(values)).withOwnTokens(batch, chance, share);
      var reference = new ReferenceTransducer(network, widen(values));
      double[] expected = reference.gradient(mixed);
      Assume.that(reference.leastVariance() > LEAST_VARIANCE);
      assertThat(loss).isCloseTo(reference.loss(mixed), within(2e-5));
      assertClose(gradients, expected, description);
    }
  }

  @Property(tries = 30)
  void theGradientIsThatOfTheLoss(
      @ForAll("transductions") TransducerSpec described, @ForAll long seed) {
    TransducerSpec description = withoutNormalization(described); // for whose curves steps are long
    var network = new TransducerNetwork(description, SOURCES, TARGETS);
    float[] values = parameters(network, seed);
    TransducerBatch batch = batch(seed);
    float[] gradients = new float[values.length];
    loss(network, values, batch, pass(seed, 0), gradients, Workers.single());
    for (int i = 0; i < values.length; i++) {
      float kept = values[i];
      double[] losses = new double[2];
      for (int side = 0; side < 2; side++) {
        values[i] = kept + (side == 0 ? 0.005f : -0.005f);
        float[] unused = new float[values.length];
        losses[side] = loss(network, values, batch, pass(seed, 0), unused, Workers.single());
      }
      values[i] = kept;
      assertThat((losses[0] - losses[1]) / 0.01)
          .as("parameter %d of %s", i, description)
          .isCloseTo(gradients[i], within(3e-3 * Math.max(1, Math.abs(gradients[i]))));
    }
  }

  @Property(tries = 40)
  void threadsChangeNoBit(@ForAll("transductions") TransducerSpec description, @ForAll long seed) {
    var network = new TransducerNetwork(description, SOURCES, TARGETS);
    float[] values = parameters(network, seed);
    float[][] gradients = new float[2][values.length];
    double[] losses = new double[2];
    for (int i = 0; i < 2; i++) {
      try (var workers = new Workers(1 + 2 * i)) {
        losses[i] = loss(network, values, batch(seed), pass(seed, 0.5), gradients[i], workers);
      }
    }
    assertThat(gradients[1]).isEqualTo(gradients[0]);
    assertThat(losses[1]).isEqualTo(losses[0]);
  }

  @Property(tries = 40)
  void writingStepByStepIsReadingTheTarget(
      @ForAll("transductions") TransducerSpec description, @ForAll long seed) {
    var network = new TransducerNetwork(description, SOURCES, TARGETS);
    TransducerBatch batch = batch(seed);
    var weights = network.newWeights(Precision.FLOAT32);
    network.packForward(parameters(network, seed), weights, Workers.single());
    var space = network.newBuffers(false);
    double[] whole = network.losses(weights, batch, space, Workers.single());
    Steps target = batch.target();
    var other = network.newBuffers(false);
    var front =
        network.begin(weights, batch.source(), batch.sourceTokens(), other, Workers.single());
    int[] order = {2, 0, 1}; // the rows of a front may come in any order
    front = network.choose(front, order);
    for (int t = 0; t < target.length(); t++) {
      int step = t;
      int[] tokens =
          Arrays.stream(order)
              .map(s -> step < target.length(s) ? batch.inputs()[target.row(step, s)] : 0)
              .toArray();
      Matrix logits = Matrix.of(new float[3 * TARGETS], 3, TARGETS);
      front = network.step(weights, front, tokens, other, logits, null, Workers.single());
      for (int i = 0; i < 3; i++) {
        if (t < target.length(order[i])) {
          int row = target.row(t, order[i]);
          double sum = 0;
          for (int v = 0; v < TARGETS; v++) {
            sum += Math.exp(logits.data()[i * TARGETS + v]);
          }
          double loss = Math.log(sum) - logits.data()[i * TARGETS + batch.targets()[row]];
          assertThat(loss).isCloseTo(whole[row], within(1e-5));
        }
      }
    }
  }

  @Example
  void whatCannotBeIsRefused() {
    Network plain = network("lstm", 1, Dropouts.NONE);
    for (Transducing wrong :
        List.<Transducing>of(
            new Transducing(plain.withTied(true), plain, null, false),
            new Transducing(plain, plain.withDirection(Direction.BOTH), null, false),
            new Transducing(plain, plain.withLearnedStart(true), null, false),
            new Transducing(plain, plain, null, true))) {
      assertThatExceptionOfType(InputException.class).isThrownBy(wrong::description);
    }
  }

  private record Transducing(
      Network from, Network to, @Nullable AttentionKind kind, boolean feeds) {
    TransducerSpec description() {
      return new TransducerSpec(from, to, kind, feeds);
    }
  }
}
