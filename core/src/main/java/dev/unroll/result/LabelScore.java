package dev.unroll.result;

import dev.unroll.file.Numbers;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * How well labels were predicted, one or several per item: accuracy, and precision, recall and F1
 * of each label.
 *
 * @param items number of texts, or of tokens
 * @param right how many of them have exactly their own labels
 * @param labels what was found of each label, by name
 * @param confusion how often each label (the first name) was taken for each (the second); empty
 *     where there are several
 */
public record LabelScore(
    long items, long right, Map<String, Found> labels, Map<String, Map<String, Long>> confusion) {

  /**
   * The counts of one label.
   *
   * @param found how often it was found
   * @param wanted how often it is there
   * @param right how often it was both
   */
  public record Found(long found, long wanted, long right) {

    /** Returns the share of those found that are right; 0 if none was found. */
    public double precision() {
      return found == 0 ? 0 : (double) right / found;
    }

    /** Returns the share of those there are that were found; 0 if there are none. */
    public double recall() {
      return wanted == 0 ? 0 : (double) right / wanted;
    }

    /** Returns the harmonic mean of {@link #precision} and {@link #recall}. */
    public double f1() {
      return right == 0 ? 0 : 2.0 * right / (found + wanted);
    }

    private Found plus(boolean isFound, boolean isWanted) {
      return new Found(
          found + (isFound ? 1 : 0),
          wanted + (isWanted ? 1 : 0),
          right + (isFound && isWanted ? 1 : 0));
    }
  }

  /** Copies the maps; names in the order of their letters. */
  public LabelScore {
    labels = new TreeMap<>(labels);
    confusion = new TreeMap<>(confusion);
  }

  /**
   * Compares labels.
   *
   * @param found the labels of each item, as found
   * @param wanted the labels of each item, as they are
   */
  public static LabelScore of(List<Set<String>> found, List<Set<String>> wanted) {
    var labels = new TreeMap<String, Found>();
    var confusion = new TreeMap<String, Map<String, Long>>();
    boolean single = true;
    long right = 0;
    for (int i = 0; i < wanted.size(); i++) {
      Set<String> own = found.get(i);
      Set<String> there = wanted.get(i);
      right += own.equals(there) ? 1 : 0;
      single &= own.size() == 1 && there.size() == 1;
      var all = new TreeSet<>(own);
      all.addAll(there);
      for (String label : all) {
        Found before = labels.getOrDefault(label, new Found(0, 0, 0));
        labels.put(label, before.plus(own.contains(label), there.contains(label)));
      }
      if (single) {
        confusion
            .computeIfAbsent(there.iterator().next(), label -> new TreeMap<>())
            .merge(own.iterator().next(), 1L, Long::sum);
      }
    }
    return new LabelScore(wanted.size(), right, labels, single ? confusion : Map.of());
  }

  /**
   * Returns how often {@code wanted} was taken for {@code found}, as a share of the items that have
   * the label {@code wanted}; 0 if none has.
   */
  public double confusionShare(String wanted, String found) {
    Map<String, Long> row = confusion.getOrDefault(wanted, Map.of());
    long all = row.values().stream().mapToLong(Long::longValue).sum();
    return all == 0 ? 0 : (double) row.getOrDefault(found, 0L) / all;
  }

  /** Returns a summary such as {@code accuracy 92.51%, macro F1 91.14%}. */
  @Override
  public String toString() {
    return "accuracy " + Numbers.percent(accuracy()) + ", macro F1 " + Numbers.percent(macroF1());
  }

  /** Returns the share of items that have exactly their own labels. */
  public double accuracy() {
    return items == 0 ? 0 : (double) right / items;
  }

  /** Returns the mean F1 of all labels that are there or were found. */
  public double macroF1() {
    return labels.values().stream().mapToDouble(Found::f1).average().orElse(0);
  }

  /** Returns F1 of all labels counted together; the accuracy, where each item has one label. */
  public double microF1() {
    long found = labels.values().stream().mapToLong(Found::found).sum();
    long wanted = labels.values().stream().mapToLong(Found::wanted).sum();
    long both = labels.values().stream().mapToLong(Found::right).sum();
    return new Found(found, wanted, both).f1();
  }
}
