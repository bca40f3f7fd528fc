package dev.unroll.task;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Set;

/**
 * A sequence of tokens with what it is labelled as: a text with its label or labels, or a sentence
 * with a label for each of its words. Labels that are to be found are left empty.
 *
 * @param tokens its tokens
 * @param features of each further column that is read, its value at each token
 * @param labels its labels, or one for each token
 */
public record Labelled(List<String> tokens, List<List<String>> features, List<String> labels) {

  /** Copies the lists and checks the columns. */
  public Labelled {
    tokens = List.copyOf(tokens);
    features = features.stream().map(List::copyOf).toList();
    labels = List.copyOf(labels);
    for (List<String> feature : features) {
      if (feature.size() != tokens.size()) {
        throw new IllegalArgumentException(
            "%d values of a column for %d tokens".formatted(feature.size(), tokens.size()));
      }
    }
  }

  /** A sequence whose tokens have no further columns. */
  public Labelled(List<String> tokens, List<String> labels) {
    this(tokens, List.of(), labels);
  }

  /** Returns the hash of some sequences, in their order: equal ones have equal hashes. */
  static String fingerprint(List<Labelled> sequences) {
    var fingerprint = new Fingerprint();
    for (Labelled each : sequences) {
      fingerprint.add(each.tokens);
      each.features.forEach(fingerprint::add);
      fingerprint.add(each.labels);
    }
    return fingerprint.text();
  }

  /**
   * Cuts sequences into those to learn from and those to choose by: of every 1 / {@code share} the
   * last, so that a file that is sorted by label is cut well, too. One with a label that no other
   * has is learnt from.
   */
  public static List<List<Labelled>> cut(List<Labelled> sequences, double share) {
    var counts = new HashMap<String, Integer>();
    for (Labelled each : sequences) {
      Set.copyOf(each.labels).forEach(label -> counts.merge(label, 1, Integer::sum));
    }
    var parts = List.<List<Labelled>>of(new ArrayList<>(), new ArrayList<>());
    for (int i = 0; i < sequences.size(); i++) {
      boolean chooses = Math.floor((i + 1) * share) > Math.floor(i * share);
      Labelled each = sequences.get(i);
      boolean alone = each.labels.stream().anyMatch(label -> counts.getOrDefault(label, 0) < 2);
      parts.get(chooses && !alone ? 1 : 0).add(each);
    }
    return parts;
  }

  /**
   * Returns the part of some sequences that fold {@code fold} of {@code folds} is tested on, or all
   * others: every {@code folds}-th, so that each fold has all labels of a sorted file.
   */
  public static List<Labelled> fold(List<Labelled> sequences, int fold, int folds, boolean tested) {
    var part = new ArrayList<Labelled>();
    for (int i = 0; i < sequences.size(); i++) {
      if ((i % folds == fold) == tested) {
        part.add(sequences.get(i));
      }
    }
    return part;
  }

  /** Returns the number of all tokens. */
  static long tokens(List<Labelled> sequences) {
    return sequences.stream().mapToLong(each -> each.tokens.size()).sum();
  }
}
