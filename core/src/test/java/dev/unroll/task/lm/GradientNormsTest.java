package dev.unroll.task.lm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.unroll.base.Workers;
import dev.unroll.kernel.CounterRandom;
import dev.unroll.layer.Embedding;
import dev.unroll.network.Cells;
import dev.unroll.network.Network;
import dev.unroll.network.Trace.Value;
import dev.unroll.network.TracedLayers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** How far gradients reach back, against the chain rule in double precision. */
class GradientNormsTest {

  private static final int VOCABULARY = 7;

  @Provide
  Arbitrary<Network> networks() {
    return Combinators.combine(
            Arbitraries.of("rnn", "gru", "gru-simplified", "lstm"),
            Arbitraries.of(1, 2),
            Arbitraries.of(true, false),
            Arbitraries.of(0.0, 0.3))
        .as(
            (cell, layers, tied, dropout) -> {
              int[] units = new int[layers];
              Arrays.fill(units, 5);
              return Network.of(Cells.of(cell), units).withTied(tied).withDropout(dropout);
            });
  }

  @Property(tries = 80)
  void theNormsAreThoseOfTheChainRule(@ForAll("networks") Network description, @ForAll long seed) {
    var network = new LanguageNetwork(description, VOCABULARY);
    float[] values = new float[network.size()];
    var random = CounterRandom.of(seed, CounterRandom.Purpose.INITIALIZATION, 2);
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (0.8 * random.gaussian(i));
    }
    int[] ids = new int[6];
    Arrays.setAll(ids, t -> (int) random.below(100_000 + t, VOCABULARY));
    double[] expected = norms(network, values, ids);
    var weights = network.pack(values, Workers.single());
    network.packForTraining(values, weights, null, Workers.single());
    var buffers = network.newTrainingBuffers(0);
    for (int time = 0; time < 2; time++) { // buffers that hold something of a time before
      double[] norms = GradientReach.norms(network, weights, ids, buffers);
      assertThat(norms).hasSize(ids.length);
      for (int k = 0; k < norms.length; k++) {
        assertThat(norms[k])
            .as("%d steps back, %s", k, description)
            .isCloseTo(expected[k], within(2e-5 * Math.max(1, expected[k])));
      }
    }
  }

  /** |∂L⟨T⟩/∂a⟨T-k⟩| of the last layer, for each k. */
  private static double[] norms(LanguageNetwork network, float[] values, int[] ids) {
    double[] wide = IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
    var layers = new TracedLayers(network, wide);
    Network description = network.description();
    var inputs = new ArrayList<Value[]>();
    for (int t = 0; t < ids.length; t++) {
      inputs.add(layers.embedded(description, "", t == 0 ? Embedding.START : ids[t - 1]));
    }
    var outputs = layers.read(description, "", inputs, new ArrayList<>());
    String head = description.tied() ? "embedding.weight" : "head.weight";
    Value[] logits = layers.plus(layers.product(head, outputs.getLast()), layers.all("head.bias"));
    layers.trace.backward(layers.crossEntropy(logits, ids[ids.length - 1]));
    return outputs.reversed().stream()
        .mapToDouble(
            a -> Math.sqrt(Arrays.stream(a).mapToDouble(v -> v.gradient * v.gradient).sum()))
        .toArray();
  }
}
