package dev.unroll.result;

import dev.unroll.file.Numbers;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The classification of a text.
 *
 * @param labels its label, or all labels that reach their threshold, the likeliest first
 * @param probabilities the probability of each label of the model, the likeliest first
 */
public record Classification(List<String> labels, Map<String, Double> probabilities) {

  /** Copies the list and the map, whose order stays. */
  public Classification {
    labels = List.copyOf(labels);
    probabilities = Collections.unmodifiableMap(new LinkedHashMap<>(probabilities));
  }

  /**
   * Creates the classification of a text.
   *
   * @param names the labels of the model
   * @param thresholds the threshold of each label; empty if a text has exactly one label
   * @param probabilities of each label
   */
  public static Classification of(
      List<String> names, List<Double> thresholds, float[] probabilities) {
    var order = new ArrayList<Integer>();
    for (int label = 0; label < names.size(); label++) {
      order.add(label);
    }
    order.sort((a, b) -> Float.compare(probabilities[b], probabilities[a])); // stable
    var labels = new ArrayList<String>();
    var ranked = new LinkedHashMap<String, Double>();
    for (int label : order) {
      ranked.put(names.get(label), (double) probabilities[label]);
      if (thresholds.isEmpty() ? labels.isEmpty() : probabilities[label] >= thresholds.get(label)) {
        labels.add(names.get(label));
      }
    }
    return new Classification(labels, ranked);
  }

  /** Returns its labels with their probabilities, such as {@code support 0.9312}. */
  @Override
  public String toString() {
    return labels.isEmpty()
        ? "no label"
        : labels.stream()
            .map(label -> label + " " + Numbers.rounded(probability(label)))
            .collect(Collectors.joining(", "));
  }

  /** Returns the likeliest label. */
  public String label() {
    return probabilities.keySet().iterator().next();
  }

  /** Returns the probability of the likeliest label. */
  public double probability() {
    return probability(label());
  }

  /**
   * Returns the probability of a label; 0 if the model does not know it.
   *
   * @param label one of the labels
   */
  public double probability(String label) {
    return probabilities.getOrDefault(label, 0.0);
  }
}
