package dev.unroll.text.baseline;

import dev.unroll.base.InputException;
import dev.unroll.text.Corpus;
import dev.unroll.text.Segmentation;
import dev.unroll.text.baseline.PieceAlignment.Piece;
import dev.unroll.text.ngram.KneserNey;
import dev.unroll.text.ngram.NgramModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Writes a target for a source by n-grams of pieces of both, a symbol of the source with what it
 * becomes (Bisani and Ney 2008, with one symbol of the source a piece). The baseline of
 * encoder-decoders where the target follows the source in order, as sounds follow letters.
 *
 * <pre>{@code
 * P(source, target) ≈ Π over i of P(piece⟨i⟩ | piece⟨i-n+1⟩ … piece⟨i-1⟩)    by Kneser-Ney
 * }</pre>
 *
 * The target whose ways to be cut have most probability together is written, of those that a beam
 * holds.
 */
public final class AlignedNgrams {

  /** Ways to continue from one symbol of the source to the next. */
  private static final int BEAM = 48;

  private final NgramModel model;

  /** For each symbol of the source the pieces with it, by the ids that the model has for them. */
  private final Map<String, List<Choice>> choices;

  private final int aligned;

  /** A piece and its id. */
  private record Choice(int id, Piece piece) {}

  private AlignedNgrams(NgramModel model, Map<String, List<Choice>> choices, int aligned) {
    this.model = model;
    this.choices = choices;
    this.aligned = aligned;
  }

  /**
   * Learns from pairs. Those whose target has more than {@value PieceAlignment#LONGEST} symbols for
   * each of the source are left out.
   *
   * @param sources symbols of each source
   * @param targets symbols of the target of each
   * @param order length of the longest n-grams of pieces
   */
  public static AlignedNgrams estimate(
      List<List<String>> sources, List<List<String>> targets, int order) {
    List<List<Piece>> cut = new PieceAlignment(sources, targets).cut();
    if (cut.isEmpty()) {
      throw new InputException(
          "no target can be aligned with its source",
          String.format(
              Locale.ROOT,
              "Each symbol of a source stands for %d of the target at most: choose larger units for the target.",
              PieceAlignment.LONGEST));
    }
    var names = new LinkedHashMap<Piece, String>(); // as the n-grams' words
    var lines =
        cut.stream()
            .map(
                pieces ->
                    pieces.stream()
                        .map(each -> names.computeIfAbsent(each, unseen -> "p" + names.size()))
                        .collect(Collectors.joining(" ")))
            .toList();
    var tokens = Segmentation.of(Segmentation.Unit.TOKENS);
    var corpus = Corpus.of(lines, new Corpus.Options(tokens, Integer.MAX_VALUE, 1, false));
    var choices = new HashMap<String, List<Choice>>();
    names.forEach(
        (piece, name) ->
            choices
                .computeIfAbsent(piece.source(), unseen -> new ArrayList<>())
                .add(new Choice(corpus.tokenizer().encode(name)[0], piece)));
    return new AlignedNgrams(KneserNey.estimate(corpus, order), choices, cut.size());
  }

  /** Returns how many pairs could be aligned. */
  public int aligned() {
    return aligned;
  }

  /** A way to write the beginning of a source. */
  private record Way(int[] ids, List<String> written, double score) {

    Way and(Choice choice, double logProbability) {
      int[] longer = Arrays.copyOf(ids, ids.length + 1);
      longer[ids.length] = choice.id;
      var more = new ArrayList<>(written);
      more.addAll(choice.piece.target());
      return new Way(longer, more, score + logProbability);
    }
  }

  /** Returns the target of a source; symbols that were never seen are left out. */
  public List<String> write(List<String> source) {
    List<Way> ways = List.of(new Way(new int[] {model.start()}, List.of(), 0));
    for (String symbol : source) {
      List<Choice> own = choices.getOrDefault(symbol, List.of());
      if (!own.isEmpty()) {
        ways = extended(ways, own);
      }
    }
    var together = new LinkedHashMap<List<String>, Double>();
    double most = ways.getFirst().score; // so that no exponent is too small
    for (Way way : ways) {
      double score = way.score + logProbability(way.ids, model.tokenizer().endOfSentence());
      together.merge(way.written, StrictMath.exp(score - most), Double::sum);
    }
    List<String> best = List.of();
    double probability = -1;
    for (var each : together.entrySet()) {
      if (each.getValue() > probability) {
        best = each.getKey();
        probability = each.getValue();
      }
    }
    return best;
  }

  private List<Way> extended(List<Way> ways, List<Choice> own) {
    var next = new ArrayList<Way>();
    for (Way way : ways) {
      for (Choice choice : own) {
        next.add(way.and(choice, logProbability(way.ids, choice.id)));
      }
    }
    next.sort(Comparator.comparingDouble((Way way) -> -way.score));
    return List.copyOf(next.subList(0, Math.min(BEAM, next.size())));
  }

  private double logProbability(int[] before, int id) {
    int[] words = Arrays.copyOf(before, before.length + 1);
    words[before.length] = id;
    return model.logProbability(words, before.length);
  }
}
