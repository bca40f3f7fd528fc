package dev.unroll.data;

import dev.unroll.base.InputException;
import dev.unroll.file.Plural;
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

/**
 * Groups of examples, such as all texts of an author, that stay in one part of the data.
 *
 * @param groups of each example the group that it belongs to; empty for none
 * @param labels the labels of each example
 */
record Groups(List<String> groups, List<List<String>> labels) {

  /** Returns whether any example belongs to a group. */
  boolean exist() {
    return groups.stream().anyMatch(each -> !each.isEmpty());
  }

  /** The numbers of the examples of each group, in an order drawn at random, but always alike. */
  private List<List<Integer>> mixed() {
    var all = new LinkedHashMap<String, List<Integer>>();
    for (int i = 0; i < groups.size(); i++) {
      String group = groups.get(i);
      String key = group.isEmpty() ? "\0" + i : group; // without a group it is by itself
      all.computeIfAbsent(key, unseen -> new ArrayList<>()).add(i);
    }
    var members = List.copyOf(all.values());
    int[] order = IntStream.range(0, members.size()).toArray();
    CounterRandom.of(1, CounterRandom.Purpose.PARTS, 0).shuffle(order);
    return IntStream.of(order).mapToObj(members::get).toList();
  }

  /**
   * Puts whole groups aside, up to a share of the examples; none has all examples of a label.
   *
   * @return whether each example is put aside
   */
  boolean[] aside(double share) {
    List<List<Integer>> members = mixed();
    Map<String, Integer> left = counts(IntStream.range(0, groups.size()).boxed().toList());
    boolean[] aside = new boolean[groups.size()];
    long most = Math.max(1, Math.round(groups.size() * share));
    long count = 0;
    for (List<Integer> group : members) {
      Map<String, Integer> own = counts(group);
      boolean fits = count == 0 || count + group.size() <= most;
      boolean leavesAll =
          own.entrySet().stream()
              .allMatch(each -> left.getOrDefault(each.getKey(), 0) > each.getValue());
      if (count < most && fits && leavesAll && group.size() < groups.size()) {
        own.forEach((label, number) -> left.merge(label, -number, Integer::sum));
        group.forEach(i -> aside[i] = true);
        count += group.size();
      }
    }
    if (count == 0) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "of %s none can be put aside: each has all examples of a label",
              Plural.of(members.size(), "group")),
          "Give more groups, or data of its own for {valid}.");
    }
    return aside;
  }

  private Map<String, Integer> counts(List<Integer> examples) {
    var counts = new HashMap<String, Integer>();
    for (int i : examples) {
      Set.copyOf(labels.get(i)).forEach(label -> counts.merge(label, 1, Integer::sum));
    }
    return counts;
  }

  /** Returns the fold of each example: those of a group have the same, and folds are alike. */
  int[] folds(int folds) {
    var bySize =
        mixed().stream()
            .sorted(Comparator.comparingInt(group -> -group.size())) // stable
            .toList();
    int[] sizes = new int[folds];
    int[] fold = new int[groups.size()];
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
