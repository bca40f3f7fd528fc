package dev.unroll.data;

import dev.unroll.base.InputException;
import dev.unroll.file.Fingerprint;
import dev.unroll.file.Numbers;
import dev.unroll.file.Plural;
import dev.unroll.kernel.CounterRandom;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * A sequence of tokens with its labels: a text with its label or labels, or a sentence with a label
 * for each of its words. Labels to be predicted are left empty.
 *
 * @param tokens its tokens
 * @param features of each further column that is read, its value at each token
 * @param labels its labels, or one for each token
 * @param weight how much its loss counts in training; 1 is the usual one
 * @param group what it belongs to, all of which is in one part of the data; empty for nothing
 */
public record LabeledSequence(
    List<String> tokens,
    List<List<String>> features,
    List<String> labels,
    double weight,
    String group) {

  /** Copies the lists and checks the columns and the weight. */
  public LabeledSequence {
    Numbers.check("the weight", weight, 0, 1e6);
    tokens = List.copyOf(tokens);
    features = features.stream().map(List::copyOf).toList();
    labels = List.copyOf(labels);
    for (List<String> feature : features) {
      if (feature.size() != tokens.size()) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT, "%d values of a column for %d tokens", feature.size(), tokens.size()));
      }
    }
  }

  /** A sequence of weight 1 in no group. */
  public LabeledSequence(List<String> tokens, List<List<String>> features, List<String> labels) {
    this(tokens, features, labels, 1, "");
  }

  /** A sequence whose tokens have no further columns. */
  public LabeledSequence(List<String> tokens, List<String> labels) {
    this(tokens, List.of(), labels);
  }

  /** Returns the same sequence with a weight and a group. */
  public LabeledSequence with(double ofLoss, String whole) {
    return new LabeledSequence(tokens, features, labels, ofLoss, whole);
  }

  /** Returns the same sequence with other labels. */
  public LabeledSequence withLabels(List<String> others) {
    return new LabeledSequence(tokens, features, others, weight, group);
  }

  /**
   * Refuses sequences of which not each token has a label.
   *
   * @throws InputException if there is one
   */
  public static void checkTokenLabels(List<LabeledSequence> sequences) {
    for (int i = 0; i < sequences.size(); i++) {
      LabeledSequence each = sequences.get(i);
      if (each.labels.size() != each.tokens.size()) {
        throw new InputException(
            String.format(
                Locale.ROOT,
                "sequence %,d has %s, but %s",
                i + 1,
                Plural.of(each.tokens.size(), "token"),
                Plural.of(each.labels.size(), "label")),
            "Give each token a label.");
      }
    }
  }

  /** Returns the hash of some sequences, in their order: equal ones have equal hashes. */
  public static String fingerprint(List<LabeledSequence> sequences) {
    var fingerprint = new Fingerprint();
    for (LabeledSequence each : sequences) {
      fingerprint.add(each.tokens);
      each.features.forEach(fingerprint::add);
      fingerprint.add(each.labels);
      if (each.weight != 1) { // as without weights where there are none
        fingerprint.add(List.of("weight", Double.toString(each.weight)));
      }
    }
    return fingerprint.text();
  }

  /**
   * Splits sequences into training and validation parts, at random but deterministically: a {@code
   * share} of each label is held out, and at least one sequence. A sequence with a unique label is
   * for training. If sequences have groups, whole groups are held out, none of which has all
   * sequences of a label.
   */
  public static List<List<LabeledSequence>> cut(List<LabeledSequence> sequences, double share) {
    Groups groups = groups(sequences);
    if (groups.exist()) {
      boolean[] aside = groups.aside(share);
      var parts = List.<List<LabeledSequence>>of(new ArrayList<>(), new ArrayList<>());
      for (int i = 0; i < aside.length; i++) {
        parts.get(aside[i] ? 1 : 0).add(sequences.get(i));
      }
      return parts;
    }
    var counts = new HashMap<String, Integer>();
    for (LabeledSequence each : sequences) {
      Set.copyOf(each.labels).forEach(label -> counts.merge(label, 1, Integer::sum));
    }
    int[] place = mixed(sequences);
    double least = Math.max(share, 1.0 / Math.max(1, sequences.size()));
    var parts = List.<List<LabeledSequence>>of(new ArrayList<>(), new ArrayList<>());
    int spare = -1;
    for (int i = 0; i < sequences.size(); i++) {
      boolean chooses = Math.floor((place[i] + 1) * least) > Math.floor(place[i] * least);
      LabeledSequence each = sequences.get(i);
      boolean unique = each.labels.stream().anyMatch(label -> counts.getOrDefault(label, 0) < 2);
      parts.get(chooses && !unique ? 1 : 0).add(each);
      if (!unique && (spare < 0 || place[i] < place[spare])) {
        spare = i;
      }
    }
    if (parts.get(1).isEmpty() && spare >= 0) { // those that were chosen are the only ones
      parts.get(1).add(parts.get(0).remove(spare));
    }
    return parts;
  }

  /**
   * Returns the part of some sequences that fold {@code fold} of {@code folds} is tested on, or all
   * others: with equally many of each label in each fold, at random but deterministically; or whole
   * groups, if there are any.
   */
  public static List<LabeledSequence> fold(
      List<LabeledSequence> sequences, int fold, int folds, boolean tested) {
    int[] place = groups(sequences).exist() ? groups(sequences).folds(folds) : mixed(sequences);
    var part = new ArrayList<LabeledSequence>();
    for (int i = 0; i < sequences.size(); i++) {
      if ((place[i] % folds == fold) == tested) {
        part.add(sequences.get(i));
      }
    }
    return part;
  }

  private static Groups groups(List<LabeledSequence> sequences) {
    return new Groups(
        sequences.stream().map(LabeledSequence::group).toList(),
        sequences.stream().map(LabeledSequence::labels).toList());
  }

  /**
   * The place of each sequence where those of one label lie together, in an order drawn at random.
   */
  private static int[] mixed(List<LabeledSequence> sequences) {
    int[] order = IntStream.range(0, sequences.size()).toArray();
    CounterRandom.of(1, CounterRandom.Purpose.PARTS, 0).shuffle(order);
    int[] sorted =
        IntStream.of(order)
            .boxed()
            .sorted(Comparator.comparing(i -> onlyLabel(sequences.get(i)))) // stable
            .mapToInt(Integer::intValue)
            .toArray();
    int[] place = new int[sorted.length];
    for (int i = 0; i < sorted.length; i++) {
      place[sorted[i]] = i;
    }
    return place;
  }

  private static String onlyLabel(LabeledSequence sequence) {
    return sequence.labels.size() == 1 ? sequence.labels.getFirst() : "";
  }

  /** Returns the first tokens, with all of the labels, or with theirs where each token has one. */
  public LabeledSequence first(int count, boolean ofSteps) {
    return tokens.size() <= count
        ? this
        : new LabeledSequence(
            tokens.subList(0, count),
            features.stream().map(feature -> feature.subList(0, count)).toList(),
            ofSteps ? labels.subList(0, count) : labels,
            weight,
            group);
  }

  /** Returns the number of all tokens. */
  public static long tokens(List<LabeledSequence> sequences) {
    return sequences.stream().mapToLong(each -> each.tokens.size()).sum();
  }
}
