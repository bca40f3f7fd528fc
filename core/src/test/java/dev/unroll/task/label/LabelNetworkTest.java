package dev.unroll.task.label;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.unroll.base.Direction;
import dev.unroll.base.Matrix;
import dev.unroll.base.PoolingKind;
import dev.unroll.base.Precision;
import dev.unroll.base.Workers;
import dev.unroll.file.Json;
import dev.unroll.kernel.CounterRandom;
import dev.unroll.kernel.Slice;
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

/**
 * Whole networks that label against a reference in double precision whose gradient agrees with
 * differences of its loss; with dropout, the engine's gradient against differences of its own loss.
 */
class LabelNetworkTest {

  private static final int VOCABULARY = 9;
  private static final int CHARACTERS = 7;
  private static final int LABELS = 4;
  private static final Feature TAGS = new Feature(5, 3);

  @Provide
  Arbitrary<LabelSpec> labelings() {
    var networks =
        Combinators.combine(
                Arbitraries.of("lstm", "gru", "rnn", "min-gru", "min-lstm"),
                Arbitraries.of(Direction.BOTH, Direction.FORWARD, Direction.SUM),
                Arbitraries.of(1, 2),
                Arbitraries.of(Dropouts.NONE, new Dropouts(0.2, 0.2, 0.2, 0.1, 0, 0.1, 0.1, false)),
                Arbitraries.of(true, false),
                Arbitraries.of(true, false))
            .as(LabelNetworkTest::network);
    var outputs =
        Arbitraries.of(
            new LabelSpec.PerStep(LABELS, false),
            new LabelSpec.PerStep(LABELS, true),
            new LabelSpec.PerSequence(LABELS, PoolingKind.LAST, false),
            new LabelSpec.PerSequence(LABELS, PoolingKind.MEAN, true),
            new LabelSpec.PerSequence(LABELS, PoolingKind.MAX, false),
            new LabelSpec.PerSequence(LABELS, PoolingKind.ATTENTION, false));
    var spelled = Arbitraries.of(true, false);
    var features =
        Arbitraries.<List<Feature>>of(
            List.of(), List.of(new Feature(3, 2)), List.of(new Feature(3, 2), TAGS));
    return Combinators.combine(networks, spelled, features, outputs)
        .as(
            (network, spells, further, output) ->
                new LabelSpec(
                    fitting(network, output), spells ? new Spelling(3, 4) : null, further, output));
  }

  /** No step holds the last output of two ways that are added up. */
  private static Network fitting(Network network, LabelSpec.Output output) {
    boolean last =
        output instanceof LabelSpec.PerSequence whole && whole.pooling() == PoolingKind.LAST;
    boolean sum = network.layers().getLast().direction() == Direction.SUM;
    return last && sum ? network.withDirection(Direction.BOTH) : network;
  }

  private static Network network(
      String cell,
      Direction direction,
      int layers,
      Dropouts dropouts,
      boolean residual,
      boolean learnedStart) {
    int[] units = new int[layers];
    Arrays.fill(units, 5);
    return Network.of(Cells.of(cell), units)
        .withDirection(direction)
        .withDropouts(dropouts)
        .withResidual(layers > 1 && residual)
        .withLearnedStart(learnedStart);
  }

  private static int below(CounterRandom random, int index, int bound) {
    return (int) random.below(index, bound);
  }

  private static LabelBatch batch(LabelSpec description, long seed) {
    var steps = Steps.of(4, 1, 3);
    var random = CounterRandom.of(seed, CounterRandom.Purpose.SAMPLING, 8);
    int[] tokens = new int[steps.rows()];
    Arrays.setAll(tokens, row -> below(random, row, VOCABULARY));
    int[][] letters = {new int[2], new int[5], new int[1]};
    for (int word = 0; word < letters.length; word++) {
      int first = 100 + 10 * word;
      Arrays.setAll(letters[word], t -> below(random, first + t, CHARACTERS));
    }
    int[] ofRow = new int[steps.rows()];
    Arrays.setAll(ofRow, row -> below(random, 200 + row, 3));
    boolean whole = description.output() instanceof LabelSpec.PerSequence;
    int[] targets = new int[whole ? steps.batch() : steps.rows()];
    Arrays.setAll(targets, row -> below(random, 300 + row, LABELS));
    float[] several = new float[steps.batch() * LABELS];
    for (int i = 0; i < several.length; i++) {
      several[i] = below(random, 400 + i, 2);
    }
    int[][] features = new int[2][steps.rows()];
    Arrays.setAll(features[0], row -> below(random, 500 + row, 3));
    Arrays.setAll(features[1], row -> below(random, 600 + row, 6) - 1); // -1: without a vector
    var spellings = new Spellings(letters, ofRow);
    return new LabelBatch(
        steps, tokens, spellings, features, new int[0][], targets, several, new float[0]);
  }

  private static float[] parameters(LabelNetwork network, long seed) {
    float[] values = new float[network.size()];
    var random = CounterRandom.of(seed, CounterRandom.Purpose.INITIALIZATION, 5);
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (1.4 * random.uniform(i) - 0.7);
    }
    return values;
  }

  /** Half of the softmaxes have labels that count unequally; a CRF and sigmoids have none. */
  private static float[] labelWeights(LabelSpec description, long seed) {
    boolean chained = description.output() instanceof LabelSpec.PerStep steps && steps.crf();
    return seed % 2 == 0 && !chained && !isOfSeveral(description)
        ? new float[] {0.5f, 2, 1, 3}
        : new float[0];
  }

  private static boolean isOfSeveral(LabelSpec description) {
    return description.output() instanceof LabelSpec.PerSequence whole && whole.multiLabel();
  }

  private static double loss(
      LabelNetwork network,
      float[] values,
      LabelBatch batch,
      LabelNetwork.Pass pass,
      float[] gradients,
      Workers workers) {
    var weights = network.newWeights(Precision.FLOAT32);
    network.packForTraining(values, weights, pass.noise(), workers);
    var space = network.newBuffers(true);
    double loss = network.lossAndGradient(weights, batch, pass, space, gradients, workers);
    network.dropGradients(weights, gradients, pass.noise(), workers);
    return loss;
  }

  private static LabelSpec withoutDropout(LabelSpec of) {
    return new LabelSpec(
        of.network().withDropouts(Dropouts.NONE), of.spelling(), of.features(), of.output());
  }

  private static double[] widen(float[] values) {
    return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
  }

  @Property(tries = 25)
  void theReferencesGradientIsThatOfItsLoss(
      @ForAll("labelings") LabelSpec description, @ForAll long seed) {
    var network = new LabelNetwork(withoutDropout(description), VOCABULARY, CHARACTERS);
    double[] values = widen(parameters(network, seed));
    LabelBatch batch = batch(description, seed);
    float[] ofLabels = labelWeights(description, seed);
    var reference = new ReferenceLabelNetwork(network, values, ofLabels);
    double[] gradient = reference.gradient(batch);
    Assume.that(reference.leastGap() > 5e-3); // between a greatest element and the next, a kink
    var random = CounterRandom.of(seed, CounterRandom.Purpose.SAMPLING, 9);
    for (Slice slice : network.slices()) {
      for (int k = 0; k < 2; k++) { // a difference costs four runs
        int i = slice.offset() + below(random, k, slice.size());
        double kept = values[i];
        double difference =
            Differences.of(
                change -> {
                  values[i] = kept + change;
                  return new ReferenceLabelNetwork(network, values, ofLabels).loss(batch);
                });
        values[i] = kept;
        double error = Math.abs(difference - gradient[i]);
        assertThat(error / Math.max(1, Math.abs(difference)))
            .as("%s[%d] of %s", slice.name(), i - slice.offset(), description)
            .isLessThan(1e-7);
      }
    }
  }

  @Property(tries = 200)
  void theEngineAgreesWithTheReference(
      @ForAll("labelings") LabelSpec description, @ForAll long seed) {
    var network = new LabelNetwork(withoutDropout(description), VOCABULARY, CHARACTERS);
    float[] values = parameters(network, seed);
    LabelBatch batch = batch(description, seed);
    float[] ofLabels = labelWeights(description, seed);
    float[] gradients = new float[values.length];
    var pass = new LabelNetwork.Pass(null, 1f, 0, ofLabels);
    double loss = loss(network, values, batch, pass, gradients, Workers.single());
    var reference = new ReferenceLabelNetwork(network, widen(values), ofLabels);
    double[] expected = reference.gradient(batch);
    Assume.that(reference.leastGap() > 1e-5);
    assertThat(loss).isCloseTo(reference.loss(batch), within(5e-5));
    for (int i = 0; i < expected.length; i++) {
      assertThat((double) gradients[i])
          .as("parameter %d of %s", i, description)
          .isCloseTo(expected[i], within(2e-5 * Math.max(1, Math.abs(expected[i]))));
    }
  }

  @Property(tries = 40)
  void theGradientIsThatOfTheLoss(@ForAll("labelings") LabelSpec description, @ForAll long seed) {
    Assume.that(!description.output().toString().contains("MAX")); // which has kinks
    var network = new LabelNetwork(description, VOCABULARY, CHARACTERS);
    float[] values = parameters(network, seed);
    LabelBatch batch = batch(description, seed);
    var noise = CounterRandom.of(seed, CounterRandom.Purpose.DROPOUT, 1);
    var pass = new LabelNetwork.Pass(noise, 1f, 0, labelWeights(description, seed));
    float[] gradients = new float[values.length];
    loss(network, values, batch, pass, gradients, Workers.single());
    for (int i = 0; i < values.length; i++) {
      float kept = values[i];
      double[] losses = new double[2];
      for (int side = 0; side < 2; side++) {
        values[i] = kept + (side == 0 ? 0.005f : -0.005f);
        float[] unused = new float[values.length];
        losses[side] = loss(network, values, batch, pass, unused, Workers.single());
      }
      values[i] = kept;
      assertThat((losses[0] - losses[1]) / 0.01)
          .as("parameter %d of %s", i, description)
          .isCloseTo(gradients[i], within(2e-3));
    }
  }

  @Property(tries = 30)
  void threadsChangeNoBit(@ForAll("labelings") LabelSpec description, @ForAll long seed) {
    var network = new LabelNetwork(description, VOCABULARY, CHARACTERS);
    float[] values = parameters(network, seed);
    LabelBatch batch = batch(description, seed);
    var pass =
        new LabelNetwork.Pass(
            CounterRandom.of(seed, CounterRandom.Purpose.DROPOUT, 1), 0.1f, 0.1, new float[0]);
    float[][] gradients = new float[2][values.length];
    double[] losses = new double[2];
    for (int i = 0; i < 2; i++) {
      try (var workers = new Workers(1 + 2 * i)) {
        losses[i] = loss(network, values, batch, pass, gradients[i], workers);
      }
    }
    assertThat(gradients[1]).isEqualTo(gradients[0]);
    assertThat(losses[1]).isEqualTo(losses[0]);
  }

  @Property(tries = 30)
  void probabilitiesSumToOneAndTheBestIsDecoded(
      @ForAll("labelings") LabelSpec description, @ForAll long seed) {
    var network = new LabelNetwork(description, VOCABULARY, CHARACTERS);
    LabelBatch batch = batch(description, seed);
    var weights = network.newWeights(Precision.FLOAT32);
    network.packForward(parameters(network, seed), weights, Workers.single());
    var space = network.newBuffers(false);
    int[] best = network.decode(weights, batch, space, Workers.single());
    Matrix rows = network.probabilities(weights, batch, space, Workers.single());
    boolean several = isOfSeveral(description);
    boolean together = description.output() instanceof LabelSpec.PerStep steps && steps.crf();
    assertThat(best).hasSize(several ? rows.rows() * LABELS : rows.rows());
    for (int row = 0; row < rows.rows(); row++) {
      double sum = 0;
      for (int label = 0; label < LABELS; label++) {
        float probability = rows.data()[rows.row(row) + label];
        sum += probability;
        if (several) {
          assertThat(best[row * LABELS + label]).isEqualTo(probability > 0.5f ? 1 : 0);
        } else if (!together) { // the best path need not have the best label of each step
          assertThat(probability).isLessThanOrEqualTo(rows.data()[rows.row(row) + best[row]]);
        }
      }
      assertThat(several ? 1 : sum).isCloseTo(1, within(1e-5));
    }
  }

  /**
   * What a word contributes does not depend on the words beside it, in any bit: so it may be
   * remembered.
   */
  @Property(tries = 100)
  void whatIsRememberedOfWordsChangesNoBit(
      @ForAll("labelings") LabelSpec description, @ForAll Precision precision, @ForAll long seed) {
    var network = new LabelNetwork(description, VOCABULARY, CHARACTERS);
    float[] values = parameters(network, seed);
    for (Slice slice : network.slices()) {
      for (int row = 0; slice.isWeightMatrix() && row < slice.rows(); row++) {
        precision.round(values, slice.offset() + row * slice.columns(), slice.columns());
      }
    }
    var plain = network.pack(values, precision, Workers.single());
    var remembering = network.pack(values, precision, Workers.single());
    remembering.rememberWords();
    var space = network.newBuffers(false);
    for (long of : new long[] {seed, seed, seed + 1, seed, seed + 2, seed + 1}) {
      LabelBatch batch = batch(description, of);
      float[] expected = scores(network, plain, batch, space);
      assertThat(scores(network, remembering, batch, space)).isEqualTo(expected);
      assertThat(scores(network, remembering, first(batch), space))
          .isEqualTo(scores(network, plain, first(batch), space));
    }
  }

  private static float[] scores(
      LabelNetwork network,
      LabelNetwork.Weights weights,
      LabelBatch batch,
      LabelNetwork.Buffers space) {
    return network.scores(weights, batch, space, Workers.single()).copyOfElements();
  }

  /** The first sequence of a batch, alone. */
  private static LabelBatch first(LabelBatch batch) {
    var steps = Steps.of(batch.steps().length(0));
    int[] rows = IntStream.range(0, steps.rows()).map(t -> batch.steps().row(t, 0)).toArray();
    int[][] features = new int[batch.features().length][];
    Arrays.setAll(features, i -> of(batch.features()[i], rows));
    var spellings = new Spellings(batch.spellings().letters(), of(batch.spellings().words(), rows));
    return new LabelBatch(
        steps,
        of(batch.tokens(), rows),
        spellings,
        features,
        new int[0][],
        new int[0],
        new float[0],
        new float[0]);
  }

  private static int[] of(int[] values, int[] rows) {
    return IntStream.of(rows).map(row -> values[row]).toArray();
  }

  @Property(tries = 40)
  void descriptionsAreReadAsTheyWereWritten(@ForAll("labelings") LabelSpec description) {
    String json = Json.write(description.toJson());
    assertThat(LabelSpec.fromJson(Json.parse(json))).isEqualTo(description);
  }

  @Example
  void initializationIsDeterminedByTheSeed() {
    var description =
        new LabelSpec(
            Network.lstm(5).withDirection(Direction.BOTH),
            new Spelling(3, 4),
            new LabelSpec.PerStep(LABELS, true));
    var network = new LabelNetwork(description, VOCABULARY, CHARACTERS);
    assertThat(network.initialize(7)).isEqualTo(network.initialize(7));
    assertThat(network.initialize(7)).isNotEqualTo(network.initialize(8));
  }
}
