package dev.unroll.task;

import dev.unroll.batch.SourceReader;
import dev.unroll.data.Pair;
import dev.unroll.data.Tokenizer;
import dev.unroll.file.Numbers;
import dev.unroll.result.Overview;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What is reported about pairs of a source and a target before training. */
public final class PairOverview {

  private PairOverview() {}

  /**
   * Describes pairs.
   *
   * @param parts pairs to learn from, and those that choose the best parameters
   * @param source how sources are read
   * @param target how targets become ids
   */
  public static Overview of(List<List<Pair>> parts, SourceReader source, Tokenizer target) {
    var overview = new OverviewBuilder();
    List<Pair> training = parts.get(0);
    List<Pair> validation = parts.get(1);
    Set<String> sources = new HashSet<>();
    training.forEach(pair -> sources.add(pair.source()));
    overview.value("sources", sources.size());
    overview.parts(
        "pair",
        training.size(),
        validation.size(),
        sources.size() == training.size()
            ? ""
            : String.format(Locale.ROOT, "; %,d different sources", sources.size()));
    overview.aside(training.size(), validation.size());
    Tokenizer tokens = source.tokens();
    overview.lengths(
        "sources",
        "SourceLength",
        tokens == null ? "step" : "token",
        training.stream().mapToInt(pair -> source.steps(pair.source())).toArray());
    overview.lengths(
        "targets",
        "TargetLength",
        "token",
        training.stream().mapToInt(pair -> target.encode(pair.target()).length).toArray());
    if (tokens != null) {
      vocabulary(overview, "source", tokens, validation.stream().map(Pair::source).toList());
    }
    vocabulary(overview, "target", target, validation.stream().map(Pair::target).toList());
    overview.twice(
        "sources",
        sources,
        validation.stream().map(Pair::source).distinct().toList(),
        "take them out of one part");
    same(overview, training);
    return overview.build();
  }

  private static void vocabulary(
      OverviewBuilder overview, String side, Tokenizer tokens, List<String> texts) {
    overview.vocabulary(
        side + " vocabulary",
        tokens,
        OverviewBuilder.unknown(tokens, texts),
        "try {" + side + "-unit byte-pairs} or {" + side + "-unit characters}");
  }

  /** Columns that are named wrongly give pairs of a text with itself. */
  private static void same(OverviewBuilder overview, List<Pair> pairs) {
    long same = pairs.stream().filter(pair -> pair.source().equals(pair.target())).count();
    double share = (double) same / pairs.size();
    overview.value("unchanged", share);
    if (share > 0.5) {
      overview.note(
          Numbers.percent(share) + " of the targets are the same as their sources",
          "name the columns with {source} and {target}");
    }
  }
}
