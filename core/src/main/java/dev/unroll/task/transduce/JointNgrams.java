package dev.unroll.task.transduce;

import dev.unroll.base.Cancellation;
import dev.unroll.base.InputException;
import dev.unroll.file.Json;
import dev.unroll.ngram.NgramCounts;
import dev.unroll.ngram.NgramTable;
import dev.unroll.ngram.NgramWalk;
import dev.unroll.primitive.IntList;
import dev.unroll.task.transduce.PieceAlignment.Piece;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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

  private final Pieces pieces;
  private final NgramTable table;
  private final NgramWalk walk;

  private JointNgrams(Pieces pieces, NgramCounts counts) {
    this.pieces = pieces;
    table = new NgramTable(counts, pieces.vocabulary(), pieces.end());
    walk = new NgramWalk(table);
  }

  /**
   * The pieces with a symbol of the source.
   *
   * @param first the id of the first of them
   */
  private record Choices(int first, int count) {}

  /**
   * All pieces.
   *
   * @param list by the ids that they have in n-grams; those of a symbol stand together
   * @param ids of each piece
   * @param choices for each symbol of the source the pieces with it
   */
  private record Pieces(List<Piece> list, Map<Piece, Integer> ids, Map<Integer, Choices> choices) {

    static Pieces of(List<Piece> list) {
      var ids = new HashMap<Piece, Integer>();
      var choices = new HashMap<Integer, Choices>();
      for (int id = 0; id < list.size(); id++) {
        Piece piece = list.get(id);
        Choices own = choices.getOrDefault(piece.source(), new Choices(id, 0));
        if (ids.put(piece, id) != null || own.first + own.count != id) {
          throw new IllegalArgumentException("a piece is there twice, or apart from those like it");
        }
        choices.put(piece.source(), new Choices(own.first, own.count + 1));
      }
      return new Pieces(list, ids, choices);
    }

    int id(Piece piece) {
      return ids.getOrDefault(piece, unseen());
    }

    /** The id after those of all pieces ends a source. */
    int end() {
      return list.size();
    }

    /** The last id is that of a piece that was never seen. */
    int unseen() {
      return list.size() + 1;
    }

    int vocabulary() {
      return list.size() + 2;
    }
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
    return estimate(sources, targets, order, Integer.MAX_VALUE).orElseThrow();
  }

  /**
   * Learns from pairs, unless more than so many pieces could be theirs.
   *
   * @param most pieces that are kept in mind at most
   */
  static Optional<Estimate> estimate(
      List<int[]> sources, List<int[]> targets, int order, int most) {
    var alignment = new PieceAlignment(sources, targets, most);
    if (alignment.isTooLarge()) {
      return Optional.empty();
    }
    List<List<Piece>> cut = alignment.cut();
    if (cut.isEmpty()) {
      throw new InputException(
          "no target can be aligned with its source",
          String.format(
              Locale.ROOT,
              "Each symbol of a source stands for %d of the target at most: choose larger units for the target.",
              PieceAlignment.LONGEST));
    }
    var pieces = Pieces.of(together(cut));
    var sentences = new IntList();
    for (List<Piece> each : cut) {
      each.forEach(piece -> sentences.add(pieces.id(piece)));
      sentences.add(pieces.end());
    }
    var counts = NgramCounts.of(sentences.toArray(), pieces.end(), order);
    return Optional.of(new Estimate(new JointNgrams(pieces, counts), cut.size()));
  }

  /** Returns each piece once, those of a symbol together, else in the order of the pairs. */
  private static List<Piece> together(List<List<Piece>> cut) {
    var ofSymbols = new LinkedHashMap<Integer, Set<Piece>>();
    cut.forEach(
        each ->
            each.forEach(
                piece ->
                    ofSymbols
                        .computeIfAbsent(piece.source(), unseen -> new LinkedHashSet<>())
                        .add(piece)));
    return ofSymbols.values().stream().flatMap(Set::stream).toList();
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
    List<Way> ways = List.of(Way.begin(walk));
    for (int symbol : source) {
      Cancellation.check();
      Choices own = pieces.choices.get(symbol);
      if (own != null) {
        ways = extended(ways, own);
      }
    }
    var together = new LinkedHashMap<List<Integer>, Double>();
    for (Way way : ways) {
      double whole = way.score + log(way.position.probability(pieces.end()));
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

  private static double log(double probability) {
    return StrictMath.log(Math.max(Double.MIN_NORMAL, probability));
  }

  /** What was written, from its end. */
  private record Tail(@Nullable Tail before, int symbol) {}

  /**
   * A way to cut the beginning of a source, and of its target.
   *
   * @param tail what was written; null for nothing
   * @param length how much that is
   */
  private record Way(NgramWalk.Position position, @Nullable Tail tail, int length, double score) {

    static Way begin(NgramWalk walk) {
      return new Way(walk.start(), null, 0, 0);
    }

    Way and(Step step) {
      Tail longer = tail;
      for (int symbol : step.target) {
        longer = new Tail(longer, symbol);
      }
      int newLength = length + step.target.size();
      return new Way(position.next(step.piece), longer, newLength, step.score);
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

  /** The best steps, the best first; of equal ones those that came first. */
  private static final class Beam {

    /** A probability is below another for certain if it is by more than rounding makes of it. */
    private static final double SAFETY = 1 - 1e-9;

    private final List<Step> best = new ArrayList<>(BEAM + 1);

    private double least() {
      return best.size() < BEAM ? Double.NEGATIVE_INFINITY : best.getLast().score;
    }

    /** Returns a probability below which no piece after a way comes among the best. */
    double leastAfter(Way way) {
      return SAFETY * StrictMath.exp(least() - way.score);
    }

    void offer(Way from, int piece, List<Integer> target, double score) {
      if (score > least()) {
        int place = best.size();
        while (place > 0 && best.get(place - 1).score < score) {
          place--;
        }
        best.add(place, new Step(from, piece, target, score));
        if (best.size() > BEAM) {
          best.removeLast();
        }
      }
    }

    List<Way> ways() {
      return best.stream().map(step -> step.from.and(step)).toList();
    }
  }

  private List<Way> extended(List<Way> ways, Choices own) {
    var beam = new Beam();
    double[] probabilities = new double[own.count];
    for (Way way : ways) {
      way.position.probabilities(own.first, probabilities);
      double least = beam.leastAfter(way);
      for (int i = 0; i < own.count; i++) {
        double probability = Math.max(Double.MIN_NORMAL, probabilities[i]);
        if (probability >= least) { // most are not, and a logarithm takes long
          int piece = own.first + i;
          double score = way.score + log(probability);
          beam.offer(way, piece, pieces.list.get(piece).target(), score);
        }
      }
    }
    return beam.ways();
  }

  /**
   * Returns log P(source, target) of any target, in nats: a piece that was never seen has the
   * probability of one that occurs nowhere, as has each symbol that is left at the end.
   */
  public double logProbability(int[] source, int[] target) {
    List<Way> ways = List.of(Way.begin(walk));
    for (int symbol : source) {
      Cancellation.check();
      if (pieces.choices.containsKey(symbol)) {
        ways = matching(ways, symbol, target);
      }
    }
    double all = Double.NEGATIVE_INFINITY;
    for (Way way : ways) {
      int left = target.length - way.length;
      double own =
          way.score
              + log(way.position.probability(pieces.end()))
              + left * log(way.position.probability(pieces.unseen()));
      all = all == Double.NEGATIVE_INFINITY ? own : sumOfLogs(all, own);
    }
    return all;
  }

  /** Continues ways by pieces that go on as a target does. */
  private List<Way> matching(List<Way> ways, int symbol, int[] target) {
    var beam = new Beam();
    var fitting = new HashMap<Integer, List<Fitting>>();
    for (Way way : ways) {
      List<Fitting> own =
          fitting.computeIfAbsent(way.length, at -> fitting(symbol, target, at)); // of many ways
      for (Fitting each : own) {
        double score = way.score + each.times * log(way.position.probability(each.piece));
        beam.offer(way, each.piece, each.target, score);
      }
    }
    return beam.ways();
  }

  /**
   * A piece that goes on as a target does.
   *
   * @param times how often its probability counts
   */
  private record Fitting(int piece, List<Integer> target, int times) {}

  private List<Fitting> fitting(int symbol, int[] target, int at) {
    var fitting = new ArrayList<Fitting>();
    for (int c = 0; c <= Math.min(PieceAlignment.LONGEST, target.length - at); c++) {
      List<Integer> next = Arrays.stream(target, at, at + c).boxed().toList();
      int piece = pieces.id(new Piece(symbol, next));
      fitting.add(new Fitting(piece, next, piece == pieces.unseen() ? Math.max(1, c) : 1));
    }
    return fitting;
  }

  /** Returns how many pieces and n-grams there are, in words. */
  String describe() {
    NgramCounts counts = table.counts();
    return String.format(
        Locale.ROOT,
        "%,d n-grams of up to %d of %,d pieces",
        counts.ngrams().size(),
        counts.order(),
        pieces.list.size());
  }

  Map<String, Object> toJson() {
    Map<String, Object> json = table.counts().toJson();
    json.put(PIECES, pieces.list.stream().map(JointNgrams::numbers).toList());
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
    var pieces = Pieces.of(json.parts(PIECES, each -> piece(each, sources, targets)));
    var counts = NgramCounts.fromJson(json, pieces.vocabulary(), pieces.end());
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
