package dev.unroll.task.transduce;

import static org.assertj.core.api.Assertions.assertThat;

import dev.unroll.task.transduce.PieceAlignment.Piece;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PieceAlignmentTest {

  private static final Map<Character, List<Integer>> SOUNDS =
      Map.of(
          'a', List.of(0),
          'b', List.of(1),
          'h', List.of(),
          'n', List.of(2),
          'o', List.of(3),
          't', List.of(4),
          'x', List.of(5, 6));

  private static int[] spelled(String word) {
    return word.chars().toArray();
  }

  private static int[] sounded(String word) {
    return word.chars()
        .flatMap(each -> SOUNDS.get((char) each).stream().mapToInt(sound -> sound))
        .toArray();
  }

  private static List<Integer> list(int[] symbols) {
    return Arrays.stream(symbols).boxed().toList();
  }

  /** All ways to cut a pair, one by one. */
  private static List<List<Piece>> ways(List<Integer> source, List<Integer> target) {
    if (source.isEmpty()) {
      return target.isEmpty() ? List.of(List.of()) : List.of();
    }
    var ways = new ArrayList<List<Piece>>();
    for (int c = 0; c <= Math.min(PieceAlignment.LONGEST, target.size()); c++) {
      var piece = new Piece(source.getFirst(), List.copyOf(target.subList(0, c)));
      for (List<Piece> rest :
          ways(source.subList(1, source.size()), target.subList(c, target.size()))) {
        var way = new ArrayList<>(List.of(piece));
        way.addAll(rest);
        ways.add(way);
      }
    }
    return ways;
  }

  private static double product(List<Piece> way, Map<Piece, Double> probabilities) {
    return way.stream()
        .mapToDouble(each -> probabilities.getOrDefault(each, 1.0))
        .reduce(1, (a, b) -> a * b);
  }

  /** Expectation and maximization by the definition: each way weighs as much as its share. */
  private static Map<Piece, Double> improved(
      List<List<List<Piece>>> waysOfPairs, Map<Piece, Double> probabilities) {
    var shares = new HashMap<Piece, Double>();
    for (List<List<Piece>> ways : waysOfPairs) {
      double all = ways.stream().mapToDouble(way -> product(way, probabilities)).sum();
      for (List<Piece> way : ways) {
        way.forEach(each -> shares.merge(each, product(way, probabilities) / all, Double::sum));
      }
    }
    double sum = shares.values().stream().mapToDouble(each -> each).sum();
    shares.replaceAll((piece, share) -> share / sum);
    return shares;
  }

  @Test
  void cutsAsTheMostProbableOfAllWaysDoes() {
    var random = new Random(5);
    var sources = new ArrayList<int[]>();
    var targets = new ArrayList<int[]>();
    for (int pair = 0; pair < 12; pair++) {
      int[] source = random.ints(1 + random.nextInt(4), 0, 3).toArray();
      int[] target = random.ints(random.nextInt(2 * source.length + 1), 0, 3).toArray();
      sources.add(source);
      targets.add(target);
    }
    var ways = new ArrayList<List<List<Piece>>>();
    for (int pair = 0; pair < sources.size(); pair++) {
      ways.add(ways(list(sources.get(pair)), list(targets.get(pair))));
    }
    Map<Piece, Double> probabilities = Map.of();
    for (int round = 0; round < PieceAlignment.ROUNDS; round++) {
      probabilities = improved(ways, probabilities);
    }
    List<List<Piece>> cut = new PieceAlignment(sources, targets, Integer.MAX_VALUE).cut();
    for (int pair = 0; pair < sources.size(); pair++) {
      double best = 0;
      for (List<Piece> way : ways.get(pair)) {
        best = Math.max(best, product(way, probabilities));
      }
      assertThat(ways.get(pair)).contains(cut.get(pair));
      assertThat(product(cut.get(pair), probabilities)).isGreaterThan(best * (1 - 1e-9));
    }
  }

  @Test
  void findsWhatEachLetterStandsFor() {
    var words = List.of("hat", "bat", "box", "tax", "on", "not", "ax", "ho", "hot", "ban", "nab");
    var cut =
        new PieceAlignment(
                words.stream().map(PieceAlignmentTest::spelled).toList(),
                words.stream().map(PieceAlignmentTest::sounded).toList(),
                Integer.MAX_VALUE)
            .cut();
    for (int w = 0; w < words.size(); w++) {
      assertThat(cut.get(w))
          .isEqualTo(
              list(spelled(words.get(w))).stream()
                  .map(each -> new Piece(each, SOUNDS.get((char) (int) each)))
                  .toList());
    }
  }

  @Test
  void ofTooManyPiecesNothingIsCut() {
    var source = List.of(new int[] {1, 2});
    var target = List.of(new int[] {3});
    int pieces = 2 * 2; // each symbol becomes the target or nothing
    assertThat(new PieceAlignment(source, target, pieces).isTooLarge()).isFalse();
    assertThat(new PieceAlignment(source, target, pieces - 1).isTooLarge()).isTrue();
    assertThat(JointNgrams.estimate(source, target, 3, pieces - 1)).isEmpty();
  }

  /** Ways that no path takes must not make numbers that are none. */
  @Test
  void longPairsAreCutToo() {
    var random = new Random(6);
    var sources = new ArrayList<int[]>();
    var targets = new ArrayList<int[]>();
    for (int pair = 0; pair < 30; pair++) {
      sources.add(random.ints(60 + random.nextInt(100), 0, 40).toArray());
      targets.add(random.ints(60 + random.nextInt(60), 0, 40).toArray());
    }
    List<List<Piece>> cut = new PieceAlignment(sources, targets, Integer.MAX_VALUE).cut();
    for (int pair = 0; pair < cut.size(); pair++) {
      assertThat(cut.get(pair).stream().flatMap(each -> each.target().stream()).toList())
          .isEqualTo(list(targets.get(pair)));
    }
  }
}
