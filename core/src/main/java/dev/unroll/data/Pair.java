package dev.unroll.data;

import dev.unroll.base.InputException;
import dev.unroll.file.Fingerprint;
import dev.unroll.kernel.CounterRandom;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A source text and its target. A source may be in several pairs; then any of their targets is
 * correct.
 *
 * @param source what is read
 * @param target what is to be written
 */
public record Pair(String source, String target) {

  /** Returns the hash of some pairs, as model files have it of those they were trained on. */
  public static String fingerprint(List<Pair> pairs) {
    var fingerprint = new Fingerprint();
    pairs.forEach(pair -> fingerprint.add(List.of(pair.source, pair.target)));
    return fingerprint.text();
  }

  /**
   * Holds out a share of the sources, with all of their pairs, at random but deterministically, so
   * that models with different seeds are comparable and can form an ensemble. A source with most of
   * the pairs is not held out.
   *
   * @return the remaining pairs, and those held out
   */
  public static List<List<Pair>> cut(List<Pair> pairs, double share) {
    return cut(pairs, Pair::source, share);
  }

  /** Holds out a share of any examples in the same way, by their sources. */
  public static <T> List<List<T>> cut(List<T> all, Function<T, String> source, double share) {
    List<String> sources = all.stream().map(source).distinct().toList();
    if (sources.size() < 2) {
      throw new InputException(
          "there is only one source, so that none can be put aside to choose the model",
          "Give more, or some for {valid}.");
    }
    int[] order = IntStream.range(0, sources.size()).toArray();
    CounterRandom.of(1, CounterRandom.Purpose.PARTS, 0).shuffle(order);
    int count = Math.clamp(Math.round(sources.size() * share), 1, sources.size() - 1);
    Map<String, Long> sizes =
        all.stream().collect(Collectors.groupingBy(source, Collectors.counting()));
    long most = Math.max(all.size() / 2, (long) count * all.size() / sources.size());
    var aside = new HashSet<String>();
    long held = 0;
    for (int i = 0; i < order.length && aside.size() < count; i++) {
      String next = sources.get(order[i]);
      long size = sizes.getOrDefault(next, 0L);
      if (held + size <= most) {
        aside.add(next);
        held += size;
      }
    }
    Map<Boolean, List<T>> parts =
        all.stream().collect(Collectors.partitioningBy(each -> aside.contains(source.apply(each))));
    return List.of(parts.getOrDefault(false, List.of()), parts.getOrDefault(true, List.of()));
  }

  /** Refuses parts if one of them has no pair. */
  public static void checkParts(List<Pair> training, List<Pair> validation) {
    if (training.isEmpty() || validation.isEmpty()) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "%,d pairs to train on and %,d to validate on",
              training.size(),
              validation.size()),
          "Give more pairs, or some for {valid}.");
    }
  }

  /** Returns what a model says of pairs that it was made from. */
  public static Provenance.Part describe(List<Pair> pairs) {
    return new Provenance.Part(fingerprint(pairs), Map.of("Pairs", (long) pairs.size()));
  }

  /** Returns the targets of each source, in their order. */
  public static Map<String, Set<String>> references(List<Pair> pairs) {
    var references = new LinkedHashMap<String, Set<String>>();
    for (Pair pair : pairs) {
      references.computeIfAbsent(pair.source, unseen -> new LinkedHashSet<>()).add(pair.target);
    }
    return references;
  }
}
