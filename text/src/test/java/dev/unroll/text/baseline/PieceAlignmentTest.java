package dev.unroll.text.baseline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.unroll.base.InputException;
import dev.unroll.text.Segmentation;
import dev.unroll.text.baseline.PieceAlignment.Piece;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PieceAlignmentTest {

  private static final Map<String, List<String>> SOUNDS =
      Map.of(
          "a", List.of("AH"),
          "b", List.of("B"),
          "h", List.of(),
          "n", List.of("N"),
          "o", List.of("OW"),
          "t", List.of("T"),
          "x", List.of("K", "S"));

  private static List<String> spelled(String word) {
    return Segmentation.of(Segmentation.Unit.CHARACTERS).cut(word);
  }

  private static List<String> sounded(String word) {
    return spelled(word).stream().flatMap(each -> SOUNDS.get(each).stream()).toList();
  }

  /** All ways to cut a pair, one by one. */
  private static List<List<Piece>> ways(List<String> source, List<String> target) {
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
    var sources = new ArrayList<List<String>>();
    var targets = new ArrayList<List<String>>();
    for (int pair = 0; pair < 12; pair++) {
      var source = new ArrayList<String>();
      for (int length = 1 + random.nextInt(4); length > 0; length--) {
        source.add("" + (char) ('a' + random.nextInt(3)));
      }
      var target = new ArrayList<String>();
      for (int length = random.nextInt(2 * source.size() + 1); length > 0; length--) {
        target.add("" + (char) ('A' + random.nextInt(3)));
      }
      sources.add(source);
      targets.add(target);
    }
    var ways = new ArrayList<List<List<Piece>>>();
    for (int pair = 0; pair < sources.size(); pair++) {
      ways.add(ways(sources.get(pair), targets.get(pair)));
    }
    Map<Piece, Double> probabilities = Map.of();
    for (int round = 0; round < PieceAlignment.ROUNDS; round++) {
      probabilities = improved(ways, probabilities);
    }
    List<List<Piece>> cut = new PieceAlignment(sources, targets).cut();
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
                words.stream().map(PieceAlignmentTest::sounded).toList())
            .cut();
    for (int w = 0; w < words.size(); w++) {
      assertThat(cut.get(w))
          .isEqualTo(
              spelled(words.get(w)).stream()
                  .map(each -> new Piece(each, SOUNDS.get(each)))
                  .toList());
    }
  }

  @Test
  void writesWordsThatItHasNotSeen() {
    var words = List.of("hat", "bat", "box", "tax", "on", "not", "ax", "ho", "hot", "ban", "nab");
    var ngrams =
        AlignedNgrams.estimate(
            words.stream().map(PieceAlignmentTest::spelled).toList(),
            words.stream().map(PieceAlignmentTest::sounded).toList(),
            3);
    assertThat(ngrams.aligned()).isEqualTo(words.size());
    for (String unseen : List.of("hoax", "tox", "than", "bhxtno")) {
      assertThat(ngrams.write(spelled(unseen))).isEqualTo(sounded(unseen));
    }
    assertThat(ngrams.write(spelled("b?x"))).isEqualTo(sounded("bx"));
    assertThat(ngrams.write(List.of())).isEmpty();
  }

  @Test
  void targetsThatAreTooLongAreLeftOut() {
    List<String> source = List.of("a");
    List<String> target = List.of("A", "B", "C");
    assertThatThrownBy(() -> AlignedNgrams.estimate(List.of(source), List.of(target), 3))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("no target can be aligned with its source");
    assertThat(
            AlignedNgrams.estimate(List.of(source, source), List.of(target, List.of("A")), 3)
                .aligned())
        .isEqualTo(1);
  }
}
