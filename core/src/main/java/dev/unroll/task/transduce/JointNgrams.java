package dev.unroll.task.transduce;

import dev.unroll.base.InputException;
import dev.unroll.file.Json;
import dev.unroll.ngram.NgramCounts;
import dev.unroll.ngram.NgramTable;
import dev.unroll.primitive.IntList;
import dev.unroll.task.transduce.PieceAlignment.Piece;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes a target for a source by n-grams of pieces of both, a symbol of the source with what it
 * becomes (Bisani and Ney 2008, with one symbol of the source a piece). It suits targets that
 * follow their sources in order, as sounds follow letters.
 *
 * <pre>{@code
 * P(source, target) = Σ over ways to cut of Π P(piece⟨i⟩ | piece⟨i-n+1⟩ … piece⟨i-1⟩)   by Kneser-Ney
 * P(target | source) ≈ P(source, target) / Σ over the targets found of P(source, target)
 * }</pre>
 *
 * Of the ways to cut those count that a beam holds. A symbol of the source that was never seen
 * becomes nothing.
 */
public final class JointNgrams {

  /** Ways to continue from one symbol of the source to the next. */
  private static final int BEAM = 48;

  private static final String PIECES = "pieces";

  private final List<Piece> pieces;
  private final NgramTable table;
  private final Map<Piece, Integer> ids = new HashMap<>();

  /** For each symbol of the source the pieces with it, as ids. */
  private final Map<Integer, IntList> choices = new HashMap<>();

  /**
   * Prepares to write.
   *
   * @param pieces the pieces, by the ids that they have in n-grams
   */
  private JointNgrams(List<Piece> pieces, NgramCounts counts) {
    this.pieces = pieces;
    table = new NgramTable(counts, vocabulary(pieces), end(pieces));
    for (Piece piece : pieces) {
      choices.computeIfAbsent(piece.source(), unseen -> new IntList()).add(ids.size());
      ids.put(piece, ids.size());
    }
  }

  /** The id after those of all pieces ends a source; the last one is that of an unseen piece. */
  private static int end(List<Piece> pieces) {
    return pieces.size();
  }

  private static int vocabulary(List<Piece> pieces) {
    return pieces.size() + 2;
  }

  private int unseen() {
    return pieces.size() + 1;
  }

  /**
   * What was learned from pairs.
   *
   * @param ngrams what writes
   * @param aligned the number of pairs that could be cut into pieces
   */
  public record Estimate(JointNgrams ngrams, int aligned) {}

  /**
   * Learns from pairs. Those whose target has more than {@value PieceAlignment#LONGEST} symbols for
   * each of the source are left out.
   *
   * @param sources symbols of each source
   * @param targets symbols of the target of each
   * @param order length of the longest n-grams of pieces, 2 to 10
   * @throws InputException if all are left out, or the order is another
   */
  public static Estimate estimate(List<int[]> sources, List<int[]> targets, int order) {
    if (order < 2 || order > NgramCounts.LONGEST) {
      throw new InputException(
          "n-grams of " + order + " pieces",
          String.format(Locale.ROOT, "Their length is 2 to %d.", NgramCounts.LONGEST));
    }
    List<List<Piece>> cut = new PieceAlignment(sources, targets).cut();
    if (cut.isEmpty()) {
      throw new InputException(
          "no target can be aligned with its source",
          String.format(
              Locale.ROOT,
              "Each symbol of a source stands for %d of the target at most: choose larger units for the target.",
              PieceAlignment.LONGEST));
    }
    var numbers = new LinkedHashMap<Piece, Integer>();
    cut.forEach(each -> each.forEach(piece -> numbers.putIfAbsent(piece, numbers.size())));
    var pieces = List.copyOf(numbers.keySet());
    var sentences = new IntList();
    for (List<Piece> each : cut) {
      each.forEach(piece -> sentences.add(numbers.getOrDefault(piece, 0)));
      sentences.add(end(pieces));
    }
    var counts = NgramCounts.of(sentences.toArray(), end(pieces), order);
    return new Estimate(new JointNgrams(pieces, counts), cut.size());
  }

  /**
   * A target that was written.
   *
   * @param symbols its symbols
   * @param logProbability log P(source, target), in nats
   */
  public record Written(int[] symbols, double logProbability) {}

  /** Returns the targets found of a source, the most probable first; at least one. */
  public List<Written> write(int... source) {
    List<Way> ways = List.of(Way.begin(table));
    for (int symbol : source) {
      IntList own = choices.get(symbol);
      if (own != null) {
        ways = extended(ways, own);
      }
    }
    var together = new LinkedHashMap<List<Integer>, Double>();
    for (Way way : ways) {
      double whole = way.score + logProbability(way.following(table), end(pieces));
      together.merge(way.target(), whole, JointNgrams::sumOfLogs);
    }
    return together.entrySet().stream()
        .map(each -> new Written(symbols(each.getKey()), each.getValue()))
        .sorted(Comparator.comparingDouble((Written each) -> -each.logProbability)) // stable
        .toList();
  }

  private static int[] symbols(List<Integer> list) {
    return list.stream().mapToInt(Integer::intValue).toArray();
  }

  /** Returns the logarithm of the sum of numbers, of which the logarithms are given. */
  static double sumOfLogs(double a, double b) {
    double most = Math.max(a, b);
    return most + StrictMath.log1p(StrictMath.exp(Math.min(a, b) - most));
  }

  /** What was written, from its end. */
  private record Tail(@Nullable Tail before, int symbol) {}

  /**
   * A way to cut the beginning of a source, and of its target.
   *
   * @param tail what was written; null for nothing
   * @param length how much that is
   */
  private record Way(int[] history, @Nullable Tail tail, int length, double score) {

    static Way begin(NgramTable table) {
      int[] history = table.begin(1);
      table.read(NgramTable.NONE, history, 0);
      return new Way(history, null, 0, 0);
    }

    NgramTable.Following following(NgramTable table) {
      return table.after(history, 0);
    }

    Way and(NgramTable table, int piece, List<Integer> more, double newScore) {
      int[] next = history.clone();
      table.read(piece, next, 0);
      Tail longer = tail;
      for (int symbol : more) {
        longer = new Tail(longer, symbol);
      }
      return new Way(next, longer, length + more.size(), newScore);
    }

    List<Integer> target() {
      var target = new Integer[length];
      Tail left = tail;
      for (int i = length - 1; left != null; i--) {
        target[i] = left.symbol;
        left = left.before;
      }
      return Arrays.asList(target);
    }
  }

  /** A way with the next piece, which is not yet added to it. */
  private record Step(Way from, int piece, List<Integer> target, double score) {}

  private List<Way> extended(List<Way> ways, IntList own) {
    var steps = new ArrayList<Step>();
    for (Way way : ways) {
      NgramTable.Following following = way.following(table);
      for (int i = 0; i < own.size(); i++) {
        int piece = own.get(i);
        double score = way.score + logProbability(following, piece);
        steps.add(new Step(way, piece, pieces.get(piece).target(), score));
      }
    }
    return best(steps);
  }

  private List<Way> best(List<Step> steps) {
    steps.sort(Comparator.comparingDouble((Step step) -> -step.score)); // stable
    return steps.stream()
        .limit(BEAM)
        .map(step -> step.from.and(table, step.piece, step.target, step.score))
        .toList();
  }

  private static double logProbability(NgramTable.Following following, int piece) {
    return StrictMath.log(Math.max(Double.MIN_NORMAL, following.probability(piece)));
  }

  /**
   * Returns log P(source, target) of any target, in nats: a piece that was never seen has the
   * probability of one that occurs nowhere, as has each symbol that is left at the end.
   */
  public double logProbability(int[] source, int[] target) {
    List<Way> ways = List.of(Way.begin(table));
    for (int symbol : source) {
      if (choices.containsKey(symbol)) {
        ways = matching(ways, symbol, target);
      }
    }
    double all = Double.NEGATIVE_INFINITY;
    for (Way way : ways) {
      NgramTable.Following following = way.following(table);
      int left = target.length - way.length;
      double own =
          way.score
              + logProbability(following, end(pieces))
              + left * logProbability(following, unseen());
      all = all == Double.NEGATIVE_INFINITY ? own : sumOfLogs(all, own);
    }
    return all;
  }

  /** Continues ways by pieces that go on as a target does. */
  private List<Way> matching(List<Way> ways, int symbol, int[] target) {
    var steps = new ArrayList<Step>();
    for (Way way : ways) {
      NgramTable.Following following = way.following(table);
      int at = way.length;
      for (int c = 0; c <= Math.min(PieceAlignment.LONGEST, target.length - at); c++) {
        List<Integer> next = Arrays.stream(target, at, at + c).boxed().toList();
        int piece = ids.getOrDefault(new Piece(symbol, next), unseen());
        int times = piece == unseen() ? Math.max(1, c) : 1;
        double score = way.score + times * logProbability(following, piece);
        steps.add(new Step(way, piece, next, score));
      }
    }
    return best(steps);
  }

  /** Returns how many pieces and n-grams there are, in words. */
  String describe() {
    NgramCounts counts = table.counts();
    return String.format(
        Locale.ROOT,
        "%,d n-grams of up to %d of %,d pieces",
        counts.ngrams().size(),
        counts.order(),
        pieces.size());
  }

  Map<String, Object> toJson() {
    Map<String, Object> json = table.counts().toJson();
    json.put(PIECES, pieces.stream().map(JointNgrams::numbers).toList());
    return json;
  }

  private static List<Object> numbers(Piece piece) {
    var numbers = new ArrayList<Object>(List.of((long) piece.source()));
    piece.target().forEach(each -> numbers.add((long) each));
    return numbers;
  }

  /**
   * Reads n-grams.
   *
   * @param sources number of symbols of sources
   * @param targets number of those of targets
   */
  static JointNgrams fromJson(Json.Reader json, int sources, int targets) {
    List<Piece> pieces = json.parts(PIECES, each -> piece(each, sources, targets));
    if (pieces.stream().distinct().count() < pieces.size()) {
      throw new IllegalArgumentException("a piece is there twice");
    }
    var counts = NgramCounts.fromJson(json, vocabulary(pieces), end(pieces));
    return new JointNgrams(pieces, counts);
  }

  private static Piece piece(Json.Reader json, int sources, int targets) {
    if (!(json.value() instanceof List<?> list)
        || list.isEmpty()
        || list.size() > 1 + PieceAlignment.LONGEST) {
      throw new IllegalArgumentException("a piece is no list of 1 to 3 symbols");
    }
    var numbers = new ArrayList<Integer>();
    for (int i = 0; i < list.size(); i++) {
      long number = list.get(i) instanceof Long own ? own : -1;
      if (number < 0 || number >= (i == 0 ? sources : targets)) {
        throw new IllegalArgumentException("a piece has the symbol " + list.get(i));
      }
      numbers.add((int) number);
    }
    return new Piece(numbers.getFirst(), List.copyOf(numbers.subList(1, numbers.size())));
  }
}
