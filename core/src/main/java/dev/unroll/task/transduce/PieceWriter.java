package dev.unroll.task.transduce;

import dev.unroll.data.Pair;
import dev.unroll.data.Tokenizer;
import dev.unroll.file.Json;
import dev.unroll.ngram.NgramCounts;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Joint n-grams of the tokens of a model's sources and targets. */
record PieceWriter(JointNgrams ngrams, Tokenizer source, Tokenizer target)
    implements CountedWriter {

  /** What files call it. */
  static final String KIND = "joint n-grams";

  /** Pieces of the longest n-grams. */
  private static final int ORDER = 8;

  /** Most places of pieces, of all pairs, where these can be cut: 4 bytes each. */
  private static final long MOST_PLACES = 40_000_000;

  /** Most different pieces at these places, about 100 bytes each. */
  private static final int MOST_PIECES = 1_000_000;

  /**
   * Counts the pieces of pairs.
   *
   * @return null where no target follows its source, or there are too many pairs or pieces
   */
  static @Nullable PieceWriter of(Tokenizer source, Tokenizer target, List<Pair> pairs) {
    var sources = new ArrayList<int[]>();
    var targets = new ArrayList<int[]>();
    long pieces = 0;
    long places = 0;
    for (Pair pair : pairs) {
      int[] from = source.encode(pair.source());
      int[] to = target.encode(pair.target());
      boolean fits = from.length > 0 && to.length <= PieceAlignment.LONGEST * from.length;
      if (fits && Arrays.stream(to).allMatch(id -> id != target.unknown())) {
        sources.add(from);
        targets.add(to);
        pieces += from.length + 1;
        places += PieceAlignment.places(from.length, to.length);
      }
      if (pieces > NgramCounts.MOST_TOKENS || places > MOST_PLACES) {
        return null;
      }
    }
    return sources.isEmpty()
        ? null
        : JointNgrams.estimate(sources, targets, ORDER, MOST_PIECES)
            .map(found -> new PieceWriter(found.ngrams(), source, target))
            .orElse(null);
  }

  @Override
  public Drafts read(String text, int most) {
    int[] ids = source.encode(text);
    List<JointNgrams.Written> written = ngrams.write(ids);
    double all =
        written.stream()
            .mapToDouble(JointNgrams.Written::logProbability)
            .reduce(JointNgrams::sumOfLogs)
            .orElse(0);
    var best = written.stream().limit(most).map(each -> new Draft(each.symbols(), null)).toList();
    return new Drafts(best, draft -> ngrams.logProbability(ids, draft.ids()) - all);
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public String describe() {
    return ngrams.describe();
  }

  @Override
  public Map<String, Object> toJson() {
    return ngrams.toJson();
  }

  static PieceWriter fromJson(Json.Reader json, Tokenizer source, Tokenizer target) {
    return new PieceWriter(
        JointNgrams.fromJson(json, source.size(), target.size()), source, target);
  }
}
