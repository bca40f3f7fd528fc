package dev.unroll.text.baseline;

import dev.unroll.task.transduce.JointNgrams;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes a target for a source by {@link JointNgrams} of pieces of both. The baseline of
 * encoder-decoders where the target follows the source in order, as sounds follow letters.
 */
public final class AlignedNgrams {

  private final JointNgrams ngrams;
  private final Symbols sources;
  private final List<String> targets;
  private final int aligned;

  private AlignedNgrams(JointNgrams.Estimate estimate, Symbols sources, Symbols targets) {
    ngrams = estimate.ngrams();
    aligned = estimate.aligned();
    this.sources = sources;
    this.targets = List.copyOf(targets.numbers.keySet());
  }

  /** The numbers of symbols, in the order in which they were met. */
  private static final class Symbols {
    private final Map<String, Integer> numbers = new LinkedHashMap<>();

    int[] add(List<String> symbols) {
      return symbols.stream()
          .mapToInt(each -> numbers.computeIfAbsent(each, unseen -> numbers.size()))
          .toArray();
    }

    int[] of(List<String> symbols) {
      return symbols.stream().mapToInt(each -> numbers.getOrDefault(each, -1)).toArray();
    }
  }

  /**
   * Learns from pairs. Those whose target has too many symbols for its source are left out.
   *
   * @param sources symbols of each source
   * @param targets symbols of the target of each
   * @param order length of the longest n-grams of pieces, 2 to 10
   */
  public static AlignedNgrams estimate(
      List<List<String>> sources, List<List<String>> targets, int order) {
    var from = new Symbols();
    var to = new Symbols();
    var estimate =
        JointNgrams.estimate(
            sources.stream().map(from::add).toList(),
            targets.stream().map(to::add).toList(),
            order);
    return new AlignedNgrams(estimate, from, to);
  }

  /** Returns how many pairs could be aligned. */
  public int aligned() {
    return aligned;
  }

  /** Returns the target of a source; symbols that were never seen are left out. */
  public List<String> write(List<String> source) {
    int[] best = ngrams.write(sources.of(source)).getFirst().symbols();
    return Arrays.stream(best).mapToObj(targets::get).toList();
  }
}
