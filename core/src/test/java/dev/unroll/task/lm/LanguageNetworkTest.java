package dev.unroll.task.lm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.unroll.base.Direction;
import dev.unroll.base.InputException;
import dev.unroll.base.Precision;
import dev.unroll.base.Workers;
import dev.unroll.batch.Batch;
import dev.unroll.cell.Cell;
import dev.unroll.cells.BasicCell;
import dev.unroll.data.Condition;
import dev.unroll.kernel.CounterRandom;
import dev.unroll.layer.Embedding;
import dev.unroll.layer.Steps;
import dev.unroll.model.LanguageStream;
import dev.unroll.network.Cells;
import dev.unroll.network.Dropouts;
import dev.unroll.network.Network;
import dev.unroll.network.ReferenceNetwork;
import dev.unroll.train.Objective;
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
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;

/**
 * Whole networks: the float engine against {@link ReferenceNetwork}, itself gradient-checked here.
 */
class LanguageNetworkTest {

  private static final int VOCABULARY = 11;

  @Provide
  Arbitrary<Network> networks() {
    var layer =
        Combinators.combine(
                Arbitraries.of(Cells.ALL),
                Arbitraries.of(1, 5, 5, 5, 9),
                Arbitraries.of(0, 0, 4, 5),
                Arbitraries.of(true, false, false))
            .as(LanguageNetworkTest::layer);
    var flags = Arbitraries.of(true, false);
    Arbitrary<List<Integer>> cutoffs =
        Arbitraries.of(List.of(), List.of(), List.of(4), List.of(3, 4, 8));
    return Combinators.combine(
            layer.list().ofMinSize(1).ofMaxSize(3), flags, flags, flags, cutoffs, dropouts())
        .as(
            (layers, tied, residual, learned, clusters, dropouts) ->
                new Network(
                    layers,
                    0,
                    tied && clusters.isEmpty(),
                    residual && alike(layers),
                    learned,
                    clusters,
                    dropouts));
  }

  private static Network.Layer layer(Cell cell, int units, int projection, boolean normalized) {
    boolean projects = cell.hasMemory() && projection < units;
    return new Network.Layer(cell, units, projects ? projection : 0, normalized, Direction.FORWARD);
  }

  private static boolean alike(List<Network.Layer> layers) {
    return IntStream.range(1, layers.size())
        .anyMatch(i -> layers.get(i).outputs() == layers.get(i - 1).outputs());
  }

  private static Arbitrary<Dropouts> dropouts() {
    return Combinators.combine(
            Arbitraries.of(0.0, 0.4),
            Arbitraries.of(0.0, 0.3),
            Arbitraries.of(0.0, 0.5),
            Arbitraries.of(0.0, 0.2),
            Arbitraries.of(0.0, 0.5),
            Arbitraries.of(0.0, 0.3),
            Arbitraries.of(0.0, 0.4),
            Arbitraries.of(true, false))
        .as(Dropouts::new);
  }

  @Provide
  Arbitrary<Objective> objectives() {
    return Combinators.combine(
            Arbitraries.of(0.0, 0.1), Arbitraries.of(0.0, 2.0), Arbitraries.of(0.0, 1.0))
        .as(Objective::new);
  }

  private static float[] parameters(LanguageNetwork network, long seed) {
    float[] values = new float[network.size()];
    var random = CounterRandom.of(seed, CounterRandom.Purpose.INITIALIZATION, 5);
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (1.4 * random.uniform(i) - 0.7);
    }
    return values;
  }

  private static Batch batch(long seed, int... lengths) {
    var steps = Steps.of(lengths);
    int[] inputs = new int[steps.rows()];
    int[] targets = new int[steps.rows()];
    var random = CounterRandom.of(seed, CounterRandom.Purpose.SAMPLING, 1);
    for (int row = 0; row < steps.rows(); row++) {
      inputs[row] = steps.before(row) < 0 ? Embedding.START : (int) random.below(row, VOCABULARY);
      targets[row] = (int) random.below(1000 + row, VOCABULARY);
    }
    return new Batch(steps, inputs, targets, false);
  }

  private static Batch given(Batch batch, @Nullable Condition condition) {
    int width = condition == null ? 0 : condition.inputs();
    float[] given = new float[batch.steps().batch() * width];
    for (int i = 0; i < given.length; i++) {
      given[i] = i % 3 - 0.5f;
    }
    return new Batch(batch.steps(), batch.inputs(), batch.targets(), given);
  }

  @Provide
  Arbitrary<Condition> conditions() {
    return Arbitraries.of(
            new Condition(List.of(), 2, Condition.Place.START),
            new Condition(List.of(), 3, Condition.Place.STEPS))
        .injectNull(0.5);
  }

  @Property(tries = 250)
  void lossAndGradientsAgreeWithTheReference(
      @ForAll("networks") Network description,
      @ForAll("objectives") Objective objective,
      @ForAll("conditions") @Nullable Condition condition,
      @ForAll @IntRange(min = 0, max = 6) int checkpointSteps,
      @ForAll long seed) {
    var network = new LanguageNetwork(description, VOCABULARY, condition);
    float[] values = parameters(network, seed);
    Batch batch = given(batch(seed, 4, 1, 6, 3), condition);
    var noise = CounterRandom.of(seed, CounterRandom.Purpose.DROPOUT, 1);
    var reference = new ReferenceNetwork(network, values);
    reference.lossAndGradient(batch, noise, objective);
    Assume.that(reference.leastVariance > 0.02); // or normalization multiplies rounding
    float[] gradients = new float[values.length];
    var buffers = network.newTrainingBuffers(checkpointSteps);
    double loss = engine(network, values, batch, pass(noise, objective), buffers, gradients);
    assertAgrees(loss, gradients, reference);
  }

  private static void assertAgrees(double loss, float[] gradients, ReferenceNetwork reference) {
    assertThat(loss).isCloseTo(reference.crossEntropy, within(1e-5));
    for (int i = 0; i < gradients.length; i++) {
      double expected = reference.gradients[i];
      assertThat((double) gradients[i])
          .as("gradient %d", i)
          .isCloseTo(expected, within(2e-5 * Math.max(1, Math.abs(expected))));
    }
  }

  /**
   * Truncated backpropagation: sequences that go on take their states over, and no gradient back;
   * those that begin start as learned.
   */
  @Property(tries = 150)
  void aBatchThatGoesOnAgreesWithTheReference(
      @ForAll("networks") Network description,
      @ForAll("objectives") Objective objective,
      @ForAll("conditions") @Nullable Condition condition,
      @ForAll @Size(4) boolean[] continues,
      @ForAll @IntRange(min = 0, max = 6) int checkpointSteps,
      @ForAll long seed) {
    var network = new LanguageNetwork(description, VOCABULARY, condition);
    float[] values = parameters(network, seed);
    Batch first = given(batch(seed, 4, 1, 6, 3), condition);
    Batch batch =
        new Batch(first.steps(), first.inputs(), first.targets(), continues, first.conditions());
    var workers = Workers.single();
    var weights = network.pack(values, workers);
    var before =
        network.forward(
            weights, first, network.startState(weights, first), network.newBuffers(), workers);
    var noise = CounterRandom.of(seed, CounterRandom.Purpose.DROPOUT, 1);
    var reference = new ReferenceNetwork(network, values);
    reference.before = before;
    reference.lossAndGradient(batch, noise, objective);
    Assume.that(reference.leastVariance > 0.02); // or normalization multiplies rounding
    float[] gradients = new float[values.length];
    network.packForTraining(values, weights, noise, workers);
    var buffers = network.newTrainingBuffers(checkpointSteps);
    double loss =
        network
            .lossAndGradient(
                weights,
                batch,
                network.startState(weights, batch, before),
                pass(noise, objective),
                buffers,
                gradients,
                workers)
            .loss();
    network.dropGradients(weights, gradients, noise, workers);
    assertAgrees(loss / batch.steps().rows(), gradients, reference);
  }

  /** Such a pass as the batches here take, all in a step of their own. */
  private static LanguagePass pass(CounterRandom noise, Objective objective) {
    return new LanguagePass(noise, objective, 4 + 1 + 6 + 3);
  }

  private static double engine(
      LanguageNetwork network,
      float[] values,
      Batch batch,
      LanguagePass pass,
      LanguageNetwork.Buffers buffers,
      float[] gradients) {
    var workers = Workers.single();
    var weights = network.pack(values, workers);
    network.packForTraining(values, weights, pass.noise(), workers);
    var start = network.startState(weights, batch);
    var result = network.lossAndGradient(weights, batch, start, pass, buffers, gradients, workers);
    network.dropGradients(weights, gradients, pass.noise(), workers);
    return result.loss() / batch.steps().rows();
  }

  @Property(tries = 40)
  void partsOfABatchEndInTheSameStateWithTheSameBits(
      @ForAll("networks") Network description, @ForAll long seed) {
    var network = new LanguageNetwork(description, VOCABULARY);
    float[] values = parameters(network, seed);
    Batch batch = batch(seed, 4, 1, 6, 3);
    var noise = CounterRandom.of(seed, CounterRandom.Purpose.DROPOUT, 1);
    var weights = network.pack(values, Workers.single());
    network.packForTraining(values, weights, noise, Workers.single());
    var pass = pass(noise, new Objective(0.1, 2, 1));
    var start = network.startState(weights, 4);
    LanguageNetwork.StepResult[] results = new LanguageNetwork.StepResult[2];
    float[][] gradients = new float[3][values.length];
    try (var three = new Workers(3)) {
      results[0] =
          network.lossAndGradient(
              weights, batch, start, pass, network.newTrainingBuffers(0), gradients[0], three);
      results[1] =
          network.lossAndGradient(
              weights, batch, start, pass, network.newTrainingBuffers(2), gradients[1], three);
    }
    network.lossAndGradient(
        weights, batch, start, pass, network.newTrainingBuffers(2), gradients[2], Workers.single());
    assertThat(gradients[2]).isEqualTo(gradients[1]);
    for (int i = 0; i < results[0].end().layers().size(); i++) {
      var whole = results[0].end().layers().get(i);
      var parts = results[1].end().layers().get(i);
      assertThat(parts.a()).containsExactly(whole.a());
      assertThat(parts.c()).containsExactly(whole.c());
    }
  }

  @Property(tries = 60)
  void streamHasTheBitsOfABatch(
      @ForAll("networks") Network description,
      @ForAll("conditions") @Nullable Condition condition,
      @ForAll Precision precision,
      @ForAll long seed) {
    var network = new LanguageNetwork(description, VOCABULARY, condition);
    float[] values = network.layout().round(parameters(network, seed), precision);
    var packed = network.pack(values, precision, Workers.single());
    var weights =
        condition == null
            ? packed
            : network.withCondition(
                packed, condition.inputs() == 2 ? new float[] {1, -2} : new float[3]);
    Batch batch = batch(seed, 6, 6, 6);
    var buffers = network.newBuffers();
    var start = network.startState(weights, 3);
    network.forward(weights, batch.steps(), batch.inputs(), start, buffers, Workers.single());
    float[][] expected = new float[batch.steps().rows()][];
    network.readLogits(
        weights,
        buffers,
        (logits, at, row) -> expected[row] = Arrays.copyOfRange(logits, at, at + VOCABULARY),
        Workers.single());
    for (int s = 0; s < 3; s++) {
      var stream = new LanguageStream(network, weights);
      for (int t = 0; t < 6; t++) {
        int row = batch.steps().row(t, s);
        stream.read(batch.inputs()[row]);
        var other = new LanguageStream(network, weights);
        other.restore(stream.state());
        stream = other;
        assertThat(stream.logits()).containsExactly(expected[row]);
      }
    }
  }

  /**
   * As it is used, and in dynamic evaluation: nothing is dropped, and zoneout takes the mean of two
   * steps, so also in the backward pass; of a basic RNN there is none then.
   */
  @Property(tries = 150)
  void withoutNoiseLossAndGradientsAgreeWithTheReference(
      @ForAll("networks") Network description,
      @ForAll("objectives") Objective objective,
      @ForAll long seed) {
    var network = new LanguageNetwork(description, VOCABULARY);
    float[] values = parameters(network, seed);
    Batch batch = batch(seed, 4, 1, 6, 3);
    var reference = new ReferenceNetwork(network, values);
    reference.lossAndGradient(batch, null, objective);
    Assume.that(reference.leastVariance > 0.02); // or normalization multiplies rounding
    var weights = network.pack(values, Workers.single());
    var buffers = network.newBuffers();
    var start = network.startState(weights, 4);
    network.forward(weights, batch, start, buffers, Workers.single());
    double[] logs = new double[batch.steps().rows()];
    network.score(
        weights,
        buffers,
        batch.targets(),
        false,
        (row, log, rank) -> logs[row] = log,
        Workers.single());
    double mean = -Arrays.stream(logs).average().orElseThrow();
    assertThat(mean).isCloseTo(reference.crossEntropy, within(1e-5));
    boolean basic = description.layers().stream().anyMatch(l -> l.cell() instanceof BasicCell);
    if (basic && description.dropouts().state() > 0) {
      return;
    }
    float[] gradients = new float[values.length];
    var space = network.newTrainingBuffers(0);
    double loss = engine(network, values, batch, pass(null, objective), space, gradients);
    assertAgrees(loss, gradients, reference);
  }

  @Property(tries = 20)
  void theReferenceIsTheDerivativeOfItsLoss(
      @ForAll("networks") Network description,
      @ForAll("conditions") @Nullable Condition condition,
      @ForAll("objectives") Objective objective,
      @ForAll boolean noisy) {
    var network = new LanguageNetwork(description, VOCABULARY, condition);
    var reference = new ReferenceNetwork(network, parameters(network, 3));
    Batch batch = given(batch(4, 3, 2), condition);
    var noise = noisy ? CounterRandom.of(1, CounterRandom.Purpose.DROPOUT, 1) : null;
    reference.lossAndGradient(batch, noise, objective);
    Assume.that(reference.leastVariance > 0.02); // or a step of 10⁻⁵ is a long one
    double[] gradients = reference.gradients.clone();
    for (int i = 0; i < gradients.length; i++) {
      double kept = reference.parameters[i];
      reference.parameters[i] = kept + 1e-5;
      double above = reference.lossAndGradient(batch, noise, objective);
      reference.parameters[i] = kept - 1e-5;
      double below = reference.lossAndGradient(batch, noise, objective);
      reference.parameters[i] = kept;
      assertThat((above - below) / 2e-5).isCloseTo(gradients[i], within(1e-7));
    }
  }

  @Example
  void tiedWeightsThatDoNotFitAreRefused() {
    assertThatThrownBy(() -> Network.lstm(20).withEmbedding(10).withTied(true))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(
            "tied weights with an embedding of 10 and a last layer of 20 outputs");
  }

  @Example
  void aLanguageModelThatReadsBothWaysIsRefused() {
    assertThatThrownBy(
            () -> new LanguageNetwork(Network.lstm(5).withDirection(Direction.BOTH), VOCABULARY))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("bidirectional");
  }

  @Example
  void forgetBiasIsOneAndRecurrentWeightsAreOrthogonal() {
    var network = new LanguageNetwork(Network.lstm(7), VOCABULARY);
    float[] values = network.initialize(1);
    for (var slice : network.slices()) {
      if (slice.name().equals("layers.0.bias")) {
        for (int i = 0; i < 28; i++) {
          assertThat(values[slice.offset() + i]).isEqualTo(i / 7 == 1 ? 1f : 0f);
        }
      }
      if (slice.name().equals("layers.0.recurrent.weight")) {
        for (int gate = 0; gate < 4; gate++) {
          assertOrthogonal(values, slice.offset() + gate * 49, 7);
        }
      }
    }
  }

  private static void assertOrthogonal(float[] values, int offset, int n) {
    for (int i = 0; i < n; i++) {
      for (int k = 0; k < n; k++) {
        double product = 0;
        for (int j = 0; j < n; j++) {
          product += (double) values[offset + i * n + j] * values[offset + k * n + j];
        }
        assertThat(product).isCloseTo(i == k ? 1 : 0, within(1e-6));
      }
    }
  }

  @Example
  void everyCellHasALabelOfItsOwn() {
    for (Cell type : Cells.ALL) {
      assertThat(Cells.of(type.label())).isEqualTo(type);
    }
    assertThat(Cells.ALL).doesNotHaveDuplicates();
  }
}
