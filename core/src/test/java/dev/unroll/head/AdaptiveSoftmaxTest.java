package dev.unroll.head;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.unroll.base.Matrix;
import dev.unroll.base.Precision;
import dev.unroll.base.Workers;
import dev.unroll.kernel.CounterRandom;
import dev.unroll.kernel.Layout;
import dev.unroll.kernel.Slice;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/**
 * An adaptive softmax: all its ways to a probability agree. Losses and gradients are compared with
 * the reference in {@code LanguageNetworkTest}.
 */
class AdaptiveSoftmaxTest {

  private static final int OUTPUTS = 60;
  private static final int UNITS = 18;

  private final Layout layout = new Layout();
  private final TokenHead head = new AdaptiveSoftmax(UNITS, OUTPUTS, List.of(10, 11, 40), layout);
  private final TokenHead.Weights weights = head.newWeights(Precision.FLOAT32);

  private static float[] numbers(int count, long seed) {
    var random = CounterRandom.of(seed, CounterRandom.Purpose.SAMPLING, 3);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.gaussian(i);
    }
    return values;
  }

  private Matrix logits(Matrix a, Workers workers) {
    Matrix logits = Matrix.of(new float[a.rows() * OUTPUTS], a.rows(), OUTPUTS);
    weights.logits(new TokenHead.Buffers(), a, logits, workers);
    return logits;
  }

  @Property(tries = 60)
  void probabilitiesSumToOneAndScoresAreTheirLogarithms(
      @ForAll @IntRange(min = 1, max = 90) int rows, @ForAll long seed) {
    weights.packForward(numbers(layout.size(), seed), Workers.single());
    Matrix a = Matrix.of(numbers(rows * UNITS, seed + 1), rows, UNITS);
    Matrix all = logits(a, Workers.single());
    int[] targets = new int[rows];
    for (int row = 0; row < rows; row++) {
      targets[row] = (int) Math.floorMod(row * 7 + seed, (long) OUTPUTS);
      double sum = 0;
      for (int v = 0; v < OUTPUTS; v++) {
        sum += Math.exp(all.data()[all.row(row) + v]);
      }
      assertThat(sum).isCloseTo(1, within(1e-5));
    }
    for (boolean withRanks : new boolean[] {false, true}) {
      boolean[] seen = new boolean[rows];
      weights.score(
          new TokenHead.Buffers(),
          a,
          new TokenHead.Targets(targets, withRanks),
          (row, logProbability, rank) -> {
            seen[row] = true;
            float own = all.data()[all.row(row) + targets[row]];
            assertThat(logProbability).isCloseTo(own, within(2e-6 * Math.max(1, Math.abs(own))));
            int better = 0;
            for (int v = 0; v < OUTPUTS; v++) {
              better += all.data()[all.row(row) + v] > own ? 1 : 0;
            }
            assertThat(rank).isEqualTo(withRanks ? better + 1 : 0);
          },
          Workers.single());
      assertThat(seen).doesNotContain(false);
    }
  }

  @Property(tries = 20)
  void rowHasTheSameBitsAloneInAnyBatchAndOnAnyThreads(
      @ForAll @IntRange(min = 1, max = 40) int rows, @ForAll long seed) {
    weights.packForward(numbers(layout.size(), seed), Workers.single());
    Matrix a = Matrix.of(numbers(rows * UNITS, seed + 1), rows, UNITS);
    float[] all = logits(a, Workers.single()).data();
    try (var three = new Workers(3)) {
      assertThat(logits(a, three).data()).isEqualTo(all);
    }
    float[] alone = logits(a.rows(rows - 1, rows), Workers.single()).data();
    assertThat(alone)
        .isEqualTo(java.util.Arrays.copyOfRange(all, (rows - 1) * OUTPUTS, rows * OUTPUTS));
  }

  @Example
  void rarerClustersAreNarrower() {
    assertThat(layout.slices().stream().map(Slice::name))
        .contains("head.weight", "head.clusters.2.projection.weight", "head.clusters.2.bias");
    for (Slice slice : layout.slices()) {
      switch (slice.name()) {
        case "head.weight" -> assertThat(slice.rows()).isEqualTo(13);
        case "head.clusters.0.weight" -> assertShape(slice, 1, 4);
        case "head.clusters.1.weight" -> assertShape(slice, 29, 1);
        case "head.clusters.2.weight" -> assertShape(slice, 20, 1);
        default -> {}
      }
    }
  }

  private static void assertShape(Slice slice, int rows, int columns) {
    assertThat(List.of(slice.rows(), slice.columns())).isEqualTo(List.of(rows, columns));
  }

  @Example
  void cutoffsThatDoNotFitAreRefused() {
    for (List<Integer> cutoffs : List.of(List.of(0), List.of(5, 5), List.of(60))) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new AdaptiveSoftmax(4, 60, cutoffs, new Layout()));
    }
  }
}
