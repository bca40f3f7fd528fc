package dev.unroll.data;

import dev.unroll.file.InputException;
import dev.unroll.kernel.CounterRandom;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/** Sequences that belong together, such as all of an author, and stay in one part of the data. */
final class Groups {

  private Groups() {}

  /** Returns whether any sequence belongs to a group. */
  static boolean areIn(List<LabeledSequence> sequences) {
    return sequences.stream().anyMatch(each -> !each.group().isEmpty());
  }

  /** The numbers of the sequences of each group, in an order drawn at random, but always alike. */
  private static List<List<Integer>> mixed(List<LabeledSequence> sequences) {
    var all = new LinkedHashMap<String, List<Integer>>();
    for (int i = 0; i < sequences.size(); i++) {
      String group = sequences.get(i).group();
      String key = group.isEmpty() ? "\0" + i : group; // without a group it is by itself
      all.computeIfAbsent(key, unseen -> new ArrayList<>()).add(i);
    }
    var groups = List.copyOf(all.values());
    int[] order = IntStream.range(0, groups.size()).toArray();
    CounterRandom.of(1, CounterRandom.Purpose.PARTS, 0).shuffle(order);
    return IntStream.of(order).mapToObj(groups::get).toList();
  }

  /** Puts whole groups aside, up to a share of the sequences. */
  static List<List<LabeledSequence>> cut(List<LabeledSequence> sequences, double share) {
    List<List<Integer>> groups = mixed(sequences);
    Map<String, Integer> left = counts(sequences);
    boolean[] aside = new boolean[sequences.size()];
    long most = Math.max(1, Math.round(sequences.size() * share));
    long count = 0;
    for (List<Integer> group : groups) {
      Map<String, Integer> own = counts(group.stream().map(sequences::get).toList());
      boolean fits = count == 0 || count + group.size() <= most;
      boolean leavesAll =
          own.entrySet().stream()
              .allMatch(each -> left.getOrDefault(each.getKey(), 0) > each.getValue());
      if (count < most && fits && leavesAll && group.size() < sequences.size()) {
        own.forEach((label, number) -> left.merge(label, -number, Integer::sum));
        group.forEach(i -> aside[i] = true);
        count += group.size();
      }
    }
    if (count == 0) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "of %d group%s none can be put aside: each has all examples of a label",
              groups.size(),
              groups.size() == 1 ? "" : "s"),
          "Give more groups, or validation data of its own.");
    }
    var parts = List.<List<LabeledSequence>>of(new ArrayList<>(), new ArrayList<>());
    for (int i = 0; i < aside.length; i++) {
      parts.get(aside[i] ? 1 : 0).add(sequences.get(i));
    }
    return parts;
  }

  private static Map<String, Integer> counts(List<LabeledSequence> sequences) {
    var counts = new HashMap<String, Integer>();
    for (LabeledSequence each : sequences) {
      Set.copyOf(each.labels()).forEach(label -> counts.merge(label, 1, Integer::sum));
    }
    return counts;
  }

  /** Returns the fold of each sequence: those of a group have the same, and folds are alike. */
  static int[] folds(List<LabeledSequence> sequences, int folds) {
    var bySize =
        mixed(sequences).stream()
            .sorted(Comparator.comparingInt(group -> -group.size())) // stable
            .toList();
    int[] sizes = new int[folds];
    int[] fold = new int[sequences.size()];
    for (List<Integer> group : bySize) {
      int smallest = 0;
      for (int i = 1; i < folds; i++) {
        smallest = sizes[i] < sizes[smallest] ? i : smallest;
      }
      sizes[smallest] += group.size();
      for (int i : group) {
        fold[i] = smallest;
      }
    }
    return fold;
  }
}
