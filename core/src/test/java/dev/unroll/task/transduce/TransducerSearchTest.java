package dev.unroll.task.transduce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.unroll.base.AttentionKind;
import dev.unroll.base.Precision;
import dev.unroll.base.Workers;
import dev.unroll.kernel.CounterRandom;
import dev.unroll.layer.Embedding;
import dev.unroll.layer.Steps;
import dev.unroll.network.Network;
import dev.unroll.result.Decoding;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** The search against all targets there are, each scored by the networks as a whole. */
class TransducerSearchTest {

  private static final int UNKNOWN = 0;
  private static final int END = 1;
  private static final int TOKENS = 5;
  private static final int LONGEST = 3;

  /** More than there are targets. */
  private static final int WIDE = 100;

  private static final List<int[]> SOURCES =
      List.of(new int[] {2, 3, 1}, new int[] {4, 1}, new int[] {3, 3, 5, 2, 1}, new int[] {2, 1});

  private static List<TransducerSearch.Member> members(int count, long seed) {
    var layers = Network.lstm(5).withLayerNormalization(true);
    var description = new TransducerSpec(layers, layers, AttentionKind.ADDITIVE, true);
    var members = new ArrayList<TransducerSearch.Member>();
    for (int m = 0; m < count; m++) {
      var network = new TransducerNetwork(description, 6, TOKENS);
      float[] values = new float[network.size()];
      var random = CounterRandom.of(seed, CounterRandom.Purpose.INITIALIZATION, m);
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) (1.2 * random.gaussian(i));
      }
      var weights = network.newWeights(Precision.FLOAT32);
      network.packForward(values, weights, Workers.single());
      members.add(new TransducerSearch.Member(network, weights));
    }
    return members;
  }

  /** log P of tokens after each other, by the mean of the networks' probabilities of each. */
  private static double[] logProbabilities(
      List<TransducerSearch.Member> members, int[] source, int... target) {
    int[] inputs = new int[target.length];
    inputs[0] = Embedding.START;
    System.arraycopy(target, 0, inputs, 1, target.length - 1);
    var batch =
        new TransducerBatch(
            Steps.of(source.length), source, Steps.of(target.length), inputs, target);
    double[] means = new double[target.length];
    for (var member : members) {
      var space = member.network().newBuffers(false);
      double[] losses = member.network().losses(member.weights(), batch, space, Workers.single());
      Arrays.setAll(means, t -> means[t] + Math.exp(-losses[t]) / members.size());
    }
    return Arrays.stream(means).map(Math::log).toArray();
  }

  private static double sum(double[] logProbabilities) {
    return Arrays.stream(logProbabilities).sum();
  }

  private static int[] followed(int[] ids, int by) {
    int[] longer = Arrays.copyOf(ids, ids.length + 1);
    longer[ids.length] = by;
    return longer;
  }

  private static List<Integer> list(int[] ids) {
    return Arrays.stream(ids).boxed().toList();
  }

  /** All targets up to the longest, which alone is cut before its end; with log P of each. */
  private static Map<List<Integer>, Double> all(
      List<TransducerSearch.Member> members, int[] source, int longest) {
    Map<List<Integer>, Double> all = new HashMap<>();
    List<int[]> beginnings = List.of(new int[0]);
    for (int length = 0; length <= longest; length++) {
      var longer = new ArrayList<int[]>();
      for (int[] ids : beginnings) {
        int[] whole = length == longest ? ids : followed(ids, END);
        all.put(list(ids), sum(logProbabilities(members, source, whole)));
        IntStream.range(2, TOKENS).forEach(token -> longer.add(followed(ids, token)));
      }
      beginnings = longer;
    }
    return all;
  }

  private static List<List<TransducerSearch.Found>> search(
      List<TransducerSearch.Member> members, int beam, double lengthPower, int longest) {
    var how = new Decoding(beam, lengthPower, longest, true, false);
    return new TransducerSearch(members, END, UNKNOWN, how).search(SOURCES, Workers.single());
  }

  private static double score(int length, double logProbability, double lengthPower) {
    return logProbability / Math.pow((5 + length + 1) / 6.0, lengthPower);
  }

  @Example
  void howTargetsAreFoundKeepsAllElseWhereItIsChanged() {
    Decoding copying = Decoding.beam(3).withCopy(true);
    assertThat(List.of(copying.withLengthPower(1), copying.withLongest(9), copying.withAttention()))
        .allMatch(each -> each.copy() && each.beam() == 3);
  }

  @Property(tries = 15)
  void aWideBeamFindsAllTargetsTheBestFirst(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 2) int networks,
      @ForAll @IntRange(min = 0, max = 2) int lengthPower,
      @ForAll @IntRange(min = 1, max = LONGEST) int longest) {
    var members = members(networks, seed);
    var found = search(members, WIDE, lengthPower, longest);
    for (int s = 0; s < SOURCES.size(); s++) {
      var expected = all(members, SOURCES.get(s), longest);
      var best = new ArrayList<>(expected.entrySet());
      best.sort(
          Comparator.comparingDouble(
              each -> -score(each.getKey().size(), each.getValue(), lengthPower)));
      assertThat(found.get(s)).hasSize(expected.size());
      for (int i = 0; i < best.size(); i++) {
        int length = best.get(i).getKey().size();
        assertThat(found.get(s).get(i).score())
            .isCloseTo(score(length, best.get(i).getValue(), lengthPower), within(1e-4));
      }
      for (var each : found.get(s)) {
        assertThat(each.logProbability()).isCloseTo(expected.get(list(each.ids())), within(1e-4));
      }
      assertThat(found.get(s).stream().map(each -> list(each.ids()))).doesNotHaveDuplicates();
    }
  }

  @Property(tries = 15)
  void targetsThatAreForcedAreAsTheSearchFindsThem(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 2) int networks) {
    var members = members(networks, seed);
    var how = new Decoding(4, 0.6, 0, true, false);
    var search = new TransducerSearch(members, END, UNKNOWN, how);
    var found =
        search.search(SOURCES, Workers.single()).stream()
            .map(own -> own.stream().filter(each -> each.ids().length < 50).toList()) // that end
            .toList();
    var ids =
        found.stream()
            .map(own -> own.stream().map(TransducerSearch.Found::ids).toList().reversed())
            .toList();
    var forced = search.force(SOURCES, ids, Workers.single());
    for (int s = 0; s < SOURCES.size(); s++) {
      for (int i = 0; i < found.get(s).size(); i++) {
        var one = found.get(s).reversed().get(i);
        var other = forced.get(s).get(i);
        assertThat(other.ids()).isEqualTo(one.ids());
        assertThat(other.logProbability()).isEqualTo(one.logProbability());
        assertThat(other.score()).isEqualTo(one.score());
        assertThat(other.attention()).hasSize(one.attention().size());
        for (int t = 0; t < one.attention().size(); t++) {
          assertThat(other.attention().get(t)).startsWith(shares(one.attention().get(t), s));
        }
      }
    }
    assertThat(
            search.force(
                SOURCES, List.of(List.of(), List.of(), List.of(), List.of()), Workers.single()))
        .allMatch(List::isEmpty);
  }

  private static float[] shares(float[] row, int source) {
    return Arrays.copyOf(row, SOURCES.get(source).length);
  }

  @Property(tries = 15)
  void aNarrowBeamFindsSomeOfThemInOrder(
      @ForAll long seed, @ForAll @IntRange(min = 2, max = 6) int beam) {
    var members = members(1, seed);
    var found = search(members, beam, 0.6, LONGEST);
    for (int s = 0; s < SOURCES.size(); s++) {
      var expected = all(members, SOURCES.get(s), LONGEST);
      assertThat(found.get(s)).hasSizeBetween(1, beam);
      double before = Double.POSITIVE_INFINITY;
      for (var each : found.get(s)) {
        int length = each.ids().length;
        assertThat(each.logProbability()).isCloseTo(expected.get(list(each.ids())), within(1e-4));
        assertThat(each.score())
            .isCloseTo(score(length, each.logProbability(), 0.6), within(1e-9))
            .isLessThanOrEqualTo(before);
        before = each.score();
      }
    }
  }

  @Property(tries = 15)
  void aBeamOfOneIsGreedy(@ForAll long seed, @ForAll @IntRange(min = 1, max = 6) int longest) {
    var members = members(1, seed);
    var found = search(members, 1, 0, longest);
    for (int s = 0; s < SOURCES.size(); s++) {
      int[] greedy = new int[0];
      for (int next = UNKNOWN; next != END && greedy.length < longest; ) {
        next = likeliest(members, SOURCES.get(s), greedy);
        greedy = next == END ? greedy : followed(greedy, next);
      }
      assertThat(found.get(s)).hasSize(1);
      assertThat(found.get(s).getFirst().ids()).isEqualTo(greedy);
    }
  }

  private static int likeliest(
      List<TransducerSearch.Member> members, int[] source, int[] beginning) {
    return IntStream.range(END, TOKENS)
        .boxed()
        .max(
            Comparator.comparingDouble(
                token -> sum(logProbabilities(members, source, followed(beginning, token)))))
        .orElseThrow();
  }

  @Property(tries = 10)
  void theSharesOfASourceOfEachTokenAddUpToOne(@ForAll long seed) {
    var found = search(members(2, seed), 3, 0, LONGEST);
    for (int s = 0; s < SOURCES.size(); s++) {
      for (var each : found.get(s)) {
        assertThat(each.attention()).hasSize(each.ids().length);
        for (float[] shares : each.attention()) {
          double sum = 0;
          for (int i = 0; i < shares.length; i++) {
            sum += shares[i];
            assertThat(i < SOURCES.get(s).length || shares[i] == 0).isTrue();
          }
          assertThat(sum).isCloseTo(1, within(1e-5));
        }
      }
    }
  }
}
